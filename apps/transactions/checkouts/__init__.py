"""Checkouts: decided once, carried out at once (standalone), or shown (setup), or kept and carried out later (lock)."""
