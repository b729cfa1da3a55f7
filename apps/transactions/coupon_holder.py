"""The card that a coupon call names, under its family's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from apps.cards.queries.locks import lock_families
from apps.cards.queries.read_cards import read_cards
from apps.kernel.db.hot import Cursor
from apps.kernel.fragments import Fragment
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Lock, ReadAgain
from apps.transactions.under_lock import current

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Holder:
    """An active card. `last_at` is when its value last moved: its family's operations do not run backwards."""

    number: str
    family_id: int
    wallet_id: int
    last_at: datetime


def lock_holder(number: str | None) -> Lock | None:
    """The lock of the card's family; None for a call without a card."""
    return lock_families([number]) if number is not None else None


def open_holder(
    cursor: Cursor, *, call: Call, configuration: Configuration, locked: frozenset[int], number: str | None
) -> Holder | None:
    """The card of the call, None if it names none. Unknown: 2, not active: 11, locked by a checkout: 14."""
    if number is None:
        return None
    found = read_cards(cursor, brand_id=call.brand_id, numbers=[number])
    current(configuration, found.config, call)
    card = found.card(number)
    family_id, wallet_id = card.require_active()
    if family_id not in locked:
        raise ReadAgain
    card.require_unlocked(call.now)
    return Holder(number, family_id, wallet_id, found.wallets[wallet_id].last_at)


def coupon_plan(
    call: Call, holder: Holder | None, answer: Answer, fragments: Sequence[Fragment], contested: tuple[str, ...] = ()
) -> Plan[Answer]:
    """The plan of a coupon call; it stands in the history of the card that it names."""
    return Plan(
        answer=answer,
        call_type=CallType.COUPON,
        occurred_at=max(call.moment, holder.last_at) if holder is not None else call.moment,
        fragments=fragments,
        family_id=holder.family_id if holder is not None else None,
        contested=contested,
    )
