"""The ARL codec: our layout of the acknowledgement of a lot, in both directions."""
