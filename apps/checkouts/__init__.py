"""What was bought: checkouts, lines, payments. Tables and a pure core."""
