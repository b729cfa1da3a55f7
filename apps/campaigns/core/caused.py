"""A line that a campaign caused, as look-ups read it. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from apps.campaigns.core.outcome import Cause


@dataclass(frozen=True, slots=True)
class CausedLine:
    """`core.mutation.Mutation` as it was kept; `no` is its place among those of its operation. Value has the
    `mutation_no` of the ledger, a discount has none. Names are those of the revision; empty where there are none."""

    no: int
    cause: Cause
    amount: Decimal
    is_discount: bool
    mutation_no: int | None
    sku: str | None
    unit_price: Decimal | None
    units: Decimal | None
    unit_discount: Decimal | None
    campaign_name: str
    rule_name: str
