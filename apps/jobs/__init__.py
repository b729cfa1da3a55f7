"""Jobs: long work, how far it is, and its receipt."""
