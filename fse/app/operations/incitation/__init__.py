"""The incentives: what securing records for them, what the journal tells of a year, where a professional stands."""
