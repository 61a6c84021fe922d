"""Who pays which part of an act, and by what right."""
