"""One column face for each kind of field: many records at once, to Arrow arrays."""
