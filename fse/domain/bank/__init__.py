"""Bank statements judged, pure: what does not follow, what is known already, what their labels cite."""
