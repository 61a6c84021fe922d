"""`fse`: French health billing messages, emitted, sealed, signed, read back and matched."""

__version__ = "0.1.0"
