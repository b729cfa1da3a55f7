"""One module per method: its request type, its response type and the function that serves it."""
