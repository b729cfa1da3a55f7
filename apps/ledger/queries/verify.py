"""What must hold in the ledger. `lookups.queries.verify_ledger` runs these together with the checks of other apps."""

from apps.ledger.queries.verify_conversions import CONVERSIONS
from apps.ledger.queries.verify_references import REFERENCES, VOIDS
from apps.ledger.queries.verify_sums import SUMS
from apps.ledger.queries.verify_times import TIMES

WALLET_CHECKS = (*SUMS, *TIMES, *REFERENCES)
"""Checks of a chunk of wallets."""
BRAND_CHECKS = (*VOIDS, *CONVERSIONS)
"""Checks of a whole brand at once, on small tables."""
