"""Floor 5: the operations (the Python API), the payer simulator, and the command line that calls them."""
