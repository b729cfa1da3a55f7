"""What campaigns would do, without doing it."""
