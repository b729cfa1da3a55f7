"""Facts: what is known about a card from its history."""
