"""What a card can hold: programs, value types, card sets."""
