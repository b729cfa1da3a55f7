"""Ways out of the house. Each module sends one message; `table` says which there are and what they need."""
