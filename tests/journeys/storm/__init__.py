"""Many tills at once against the running server: the tills, the storm they make, and the server itself."""
