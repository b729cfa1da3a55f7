"""An entry as answers need it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Moved:
    """One entry: `amount` came into (+) or went out of (-) a lot with these dates; entries of one business mutation
    share `mutation_no`. `is_held`: the lot belongs to a hold."""

    mutation_no: int
    value_type_id: int
    is_held: bool
    wallet_id: int
    amount: Decimal
    expires_at: datetime | None
    active_at: datetime | None
