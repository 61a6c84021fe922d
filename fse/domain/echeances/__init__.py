"""Deadlines of what passes between a practice and a caisse, and the life of a transmission. Pure functions of facts."""
