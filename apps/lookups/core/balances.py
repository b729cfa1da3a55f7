"""A card's balances as a search shows them: as everywhere, or broken down by expiry, or with delayed value. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.kernel.amounts import ZERO, at_scale
from apps.ledger.core.book import NEVER
from apps.ledger.core.lots import Lot
from apps.programs.core.configuration import Configuration
from apps.transactions.answers import BalanceSeen, balances_seen


@dataclass(frozen=True, slots=True)
class BalancePart:
    """A balance or a part of one. `is_by_expiry`: it holds only value with this expiry; `active_at`: not usable yet."""

    seen: BalanceSeen
    is_by_expiry: bool = False
    expires_at: datetime | None = None
    active_at: datetime | None = None


def balance_parts(
    lots: Sequence[Lot], *, at: datetime, configuration: Configuration, by_expiry: bool, with_delayed: bool
) -> list[BalancePart]:
    """Free value, then holds, then (`with_delayed`) what is not usable yet, always by activation and expiry."""
    if by_expiry:
        parts = _by_expiry(lots, at, configuration)
    else:
        parts = [BalancePart(seen) for seen in balances_seen(lots, at=at, configuration=configuration)]
    return [*parts, *_delayed(lots, at, configuration, by_expiry)] if with_delayed else parts


def _by_expiry(lots: Sequence[Lot], at: datetime, configuration: Configuration) -> list[BalancePart]:
    """Earliest expiry first, value that never expires last; within that the usual order."""
    parts = [
        BalancePart(seen, True, expires_at)
        for expires_at in sorted({lot.expires_at for lot in lots}, key=lambda moment: (moment is None, moment or NEVER))
        for seen in balances_seen(
            [lot for lot in lots if lot.expires_at == expires_at], at=at, configuration=configuration
        )
    ]
    return sorted(parts, key=lambda part: (part.seen.hold_id is not None, part.seen.value_type.id))


def _delayed(lots: Sequence[Lot], at: datetime, configuration: Configuration, by_expiry: bool) -> list[BalancePart]:
    groups: dict[tuple[int, datetime, datetime | None], Decimal] = {}
    for lot in lots:
        if lot.hold_id is None and lot.active_at is not None and lot.active_at > at:
            key = (lot.value_type_id, lot.active_at, lot.expires_at)
            groups[key] = groups.get(key, ZERO) + lot.remaining
    parts = []
    for key in sorted(groups, key=lambda key: (key[0], key[1], key[2] or NEVER)):
        value_type_id, active_at, expires_at = key
        value_type = configuration.value_types[value_type_id]
        seen = BalanceSeen(value_type, at_scale(groups[key], value_type.scale), None)
        parts.append(BalancePart(seen, by_expiry, expires_at, active_at))
    return parts
