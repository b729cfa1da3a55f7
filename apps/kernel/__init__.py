"""Shared vocabulary in plain Python; `kernel.db` adds the few database pieces that every app uses. Owns no tables."""
