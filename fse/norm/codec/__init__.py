"""Bytes to model and back, one folder a format. `reading.read` takes any file of a known family."""
