"""The upkeep of the system of record: proof, backup, restoration, rotation of the key, destruction."""
