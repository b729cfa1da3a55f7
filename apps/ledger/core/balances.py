"""What a card's lots amount to at a moment, as clients see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.ledger.core.lots import Lot


@dataclass(frozen=True, slots=True)
class Balance:
    """Free value of one type (`hold_id` None), or what one hold keeps of it."""

    value_type_id: int
    hold_id: UUID | None
    amount: Decimal


def balances_at(lots: Iterable[Lot], at: datetime) -> list[Balance]:
    """One entry per value type for what is free, then one per hold; zero entries are left out.

    Right also while the sweep is late: a lapsed hold counts as free, what expired or is not yet active does not count.
    """
    amounts: dict[tuple[int, UUID | None], Decimal] = {}
    for lot in lots:
        is_held = lot.hold_id is not None and (lot.hold_until is None or lot.hold_until > at)
        if lot.remaining and (is_held or _is_spendable(lot, at)):
            key = (lot.value_type_id, lot.hold_id if is_held else None)
            amounts[key] = amounts.get(key, Decimal(0)) + lot.remaining
    ordered = sorted(amounts.items(), key=lambda item: (item[0][1] is not None, item[0][0], str(item[0][1])))
    return [Balance(value_type_id, hold_id, amount) for (value_type_id, hold_id), amount in ordered]


def _is_spendable(lot: Lot, at: datetime) -> bool:
    return (lot.active_at is None or lot.active_at <= at) and (lot.expires_at is None or lot.expires_at > at)
