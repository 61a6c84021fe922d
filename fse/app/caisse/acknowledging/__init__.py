"""What the simulated caisse acknowledges: the decision on each lot, then the ARL file that tells it."""
