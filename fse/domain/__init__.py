"""Floor 3: what billing means. Rooms that do not know each other; no I/O, no clock."""
