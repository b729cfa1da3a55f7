"""A line of an operation's `balanceMutations` that a campaign caused. Pure."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """What a campaign moved, `amount` as on the wire: below zero where value was taken, a discount above zero.

    Value has its wallet, value type and the `mutation_no` of its entries in the ledger; a discount has none of them,
    and on items says which. Without a rule it is a campaign's own condition that took something.
    """

    campaign_uuid: UUID
    revision_uuid: UUID
    rule_uuid: UUID | None = None
    result_uuid: UUID | None = None
    condition_uuid: UUID | None = None
    name: str = ""
    amount: Decimal
    is_discount: bool
    is_conversion: bool = False
    wallet_id: int | None = None
    value_type_id: int | None = None
    mutation_no: int | None = None
    expires_at: datetime | None = None
    active_at: datetime | None = None
    sku: str | None = None
    unit_price: Decimal | None = None
    units: Decimal | None = None
    unit_discount: Decimal | None = None

    def columns(self) -> tuple[Any, ...]:
        """The values in the order of the fields."""
        return _columns(self)


_columns = attrgetter(*(each.name for each in fields(Mutation)))
