"""The JSON API: wire types, methods and the machine-readable documents. Owns no tables."""
