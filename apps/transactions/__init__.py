"""Every verb that changes a card, value or a checkout: one use case per file. Owns no tables."""
