"""The system of record at work: proof, rebuilding, backup and restoration, rotation, destruction, log of readings."""
