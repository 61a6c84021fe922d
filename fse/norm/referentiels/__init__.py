"""Code lists and dated parameters: a code is always asked at a date, there is no default date."""
