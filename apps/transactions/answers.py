"""What verbs answer about balances and movements, before it is put on the wire."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.campaigns.core.outcome import Cause
from apps.kernel.amounts import at_scale
from apps.ledger.core.balances import balances_at
from apps.ledger.core.lots import Lot
from apps.programs.core.configuration import Configuration
from apps.programs.core.value_type import ValueType


@dataclass(frozen=True, slots=True)
class BalanceSeen:
    """Free value of one type, or what a hold keeps of it. `amount` has the digits of the type's scale."""

    value_type: ValueType
    amount: Decimal
    hold_id: UUID | None


def balances_seen(lots: Iterable[Lot], *, at: datetime, configuration: Configuration) -> list[BalanceSeen]:
    """The balances of one card's lots at a moment, as clients see them."""
    seen = []
    for balance in balances_at(lots, at):
        value_type = configuration.value_types[balance.value_type_id]
        seen.append(BalanceSeen(value_type, at_scale(balance.amount, value_type.scale), balance.hold_id))
    return seen


@dataclass(frozen=True, slots=True)
class GoodsSeen:
    """The product that a discount is for. `units` and `unit_discount` make up the amount exactly; they are not known
    for parts of units that no unit discount fits."""

    sku: str
    unit_price: Decimal
    units: Decimal | None
    unit_discount: Decimal | None


@dataclass(frozen=True, slots=True)
class MutationSeen:
    """One movement of value as clients see it: above zero for issues, below for redemptions; or (without a value type)
    a discount, above zero, in the checkout's currency. `cause`: the campaign behind it; `goods`: what a discount is
    for, where it is not for the whole checkout."""

    value_type: ValueType | None
    amount: Decimal
    expires_at: datetime | None = None
    active_at: datetime | None = None
    cause: Cause | None = None
    goods: GoodsSeen | None = None
