"""Physical framing: chunks of bytes to the raw bytes of each record or entity, and back. No field is read here."""
