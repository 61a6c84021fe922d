"""Facts, one module a subject: typed rows, functions that write them with their event, functions that read them."""
