"""A working day of the whole country on one machine: made, emitted, answered, read, matched, measured."""
