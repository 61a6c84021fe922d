"""Regular framing, many records at a time: bytes to where each record stands. No field is read here."""
