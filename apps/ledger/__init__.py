"""Value: wallets, lots, immutable entries, voids. The only writer of money."""
