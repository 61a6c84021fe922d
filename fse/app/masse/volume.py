"""Bytes as people say them."""


def volume(size: int) -> str:
    """A number of bytes, in the unit that says it.

    >>> volume(12_345_678_901), volume(4_200_000), volume(999_999), volume(0)
    ('12,3 Go', '4,2 Mo', '999 ko', '0 ko')
    """
    for unit, one in (("Go", 10**9), ("Mo", 10**6)):
        if size >= one:
            return f"{size / one:.1f} {unit}".replace(".", ",")
    return f"{max(size, 0) // 1000} ko"
