"""Sendings and returns matched in slices of practices, by the SQL of the journals."""
