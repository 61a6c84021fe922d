"""Floor 4: the outside world. Rooms that do not know each other: journal, engines, keys."""
