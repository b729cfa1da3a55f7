"""What was asked and what was changed; the unit of work around every changing verb."""
