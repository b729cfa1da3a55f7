"""People: the demographics of a card's holder."""
