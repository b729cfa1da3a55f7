"""A card's balances as a search shows them: as everywhere, or broken down by expiry, or with delayed value. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from apps.kernel.amounts import ZERO, at_scale
from apps.kernel.currencies import currency_scale
from apps.ledger.core.book import NEVER
from apps.ledger.core.lots import Lot
from apps.programs.core.configuration import Configuration
from apps.programs.core.conversion import Pair, Rate, redeemable
from apps.programs.core.value_type import ValueType
from apps.transactions.answers import BalanceSeen, balances_seen


@dataclass(frozen=True, slots=True)
class BalancePart:
    """A balance or a part of one. `is_by_expiry`: it holds only value with this expiry; `active_at`: not usable yet.

    `converted` is what of it can be redeemed in the currency that was asked for; None where nothing can.
    """

    seen: BalanceSeen
    is_by_expiry: bool = False
    expires_at: datetime | None = None
    active_at: datetime | None = None
    converted: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Converter:
    """The currency that balances are asked for in, and the rates that lead from it to the currencies of the cards."""

    currency: str
    rates: Mapping[Pair, Rate]

    def __call__(self, amount: Decimal, value_type: ValueType) -> Decimal | None:
        """The largest amount that can be redeemed from so much of a currency; None without a rate."""
        if value_type.balance_code == self.currency:
            return amount
        rate = self.rates.get((self.currency, value_type.balance_code))
        if rate is None:
            return None
        scale = currency_scale(self.currency)
        return redeemable(amount, rate.rate, scale=scale, balance_scale=value_type.scale)


def balance_parts(
    lots: Sequence[Lot], *, at: datetime, configuration: Configuration, by_expiry: bool, with_delayed: bool
) -> list[BalancePart]:
    """Free value, then holds, then (`with_delayed`) what is not usable yet, always by activation and expiry."""
    if by_expiry:
        parts = _by_expiry(lots, at, configuration)
    else:
        parts = [BalancePart(seen) for seen in balances_seen(lots, at=at, configuration=configuration)]
    return [*parts, *_delayed(lots, at, configuration, by_expiry)] if with_delayed else parts


def with_converted(
    parts: Sequence[BalancePart], *, main_currency: ValueType | None, converter: Converter
) -> list[BalancePart]:
    """The parts, with what can be redeemed in another currency where they are free value of the card's main one."""
    if main_currency is None:
        return list(parts)
    return [
        replace(part, converted=converter(part.seen.amount, main_currency))
        if part.seen.value_type.id == main_currency.id and part.seen.hold_id is None and part.active_at is None
        else part
        for part in parts
    ]


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
