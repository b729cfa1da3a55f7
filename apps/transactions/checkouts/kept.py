"""What a locking setup keeps of a checkout, as data: all that its complete needs to do exactly what was shown, whatever
is published, renamed or expired in between. Kept only as long as the setup can be completed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import msgspec

from apps.campaigns.core.mutation import Mutation
from apps.campaigns.core.outcome import Cause, Firing
from apps.cards.core.events import NewEvent
from apps.checkouts.core.payments import Payment, discount_by_payments
from apps.checkouts.core.totals import CheckoutLine, Totals
from apps.kernel.amounts import with_digits
from apps.kernel.currencies import currency_scale
from apps.kernel.typed import from_json
from apps.ledger.core.promises import Movement
from apps.messaging.fragments import NewMessage
from apps.programs.core.configuration import Configuration
from apps.transactions.answers import BalanceSeen, GoodsSeen, MutationSeen
from apps.transactions.checkouts.basket import CheckedOut, Shopper
from apps.transactions.checkouts.decision import Decision
from apps.transactions.firing.carry import Deeds
from apps.transactions.firing.coupons import Given
from apps.transactions.firing.effects import mutation_rows
from apps.transactions.firing.messages import Spoken


class KeptMutation(msgspec.Struct, frozen=True, kw_only=True):
    """A `MutationSeen` with the id of its value type."""

    value_type_id: int | None
    amount: Decimal
    expires_at: datetime | None
    active_at: datetime | None
    cause: Cause | None
    goods: GoodsSeen | None


class KeptCheckout(msgspec.Struct, frozen=True, kw_only=True):
    """The checkout of a setup. `child_id` is the child card's wallet, `wallet_id` the one whose value moves.

    `rows` are the lines of campaigns; the `mutation_no` of those that move value is the place of their movement in
    `movements`, until the ledger gives them a number. `used` and `given` are ids of coupons, `issued` the codes of the
    latter.
    """

    child_id: int | None
    wallet_id: int
    currency: str
    figures: Totals
    discount: Decimal
    lines: tuple[CheckoutLine, ...]
    payments: tuple[Payment, ...]
    keys: tuple[tuple[str, str], ...]
    referring_card: str | None
    movements: tuple[Movement, ...]
    rows: tuple[Mutation, ...]
    seen: tuple[KeptMutation, ...]
    firings: tuple[Firing, ...]
    spends: bool
    events: tuple[NewEvent, ...]
    values: dict[int, tuple[str, ...]]
    enrols: bool
    messages: tuple[NewMessage, ...]
    direct: tuple[str, ...]
    used: tuple[int, ...]
    given: tuple[int, ...]
    issued: tuple[str, ...]
    blocking: tuple[str, ...]
    unused: tuple[str, ...]

    def encode(self) -> bytes:
        """As it is stored."""
        return msgspec.json.encode(self)

    def numbered(self, numbers: Sequence[int]) -> list[Mutation]:
        """The lines of campaigns with the numbers that the ledger gave to the movements."""
        return [
            each if each.mutation_no is None else replace(each, mutation_no=numbers[each.mutation_no])
            for each in self.rows
        ]

    def deeds(self, at: datetime) -> Deeds:
        """What is done to the card besides moving value: it happens when the checkout is completed."""
        return Deeds(events=[replace(each, happened_at=at) for each in self.events], values=self.values)

    def spend(self, payments: Sequence[Payment]) -> Decimal:
        """What the checkout costs after all discounts, those of payments among them."""
        return self.figures.total - self.figures.pre_discount - self.discount - discount_by_payments(payments)

    def answer(self, configuration: Configuration, shopper: Shopper, balances: list[BalanceSeen] | None) -> CheckedOut:
        """What the complete is answered."""
        scale = currency_scale(self.currency)
        return CheckedOut(
            card_number=shopper.card_number,
            child_number=shopper.child_number,
            total=with_digits(self.figures.total, at_least=scale),
            discount=with_digits(self.discount, at_least=scale),
            mutations=[_seen(each, configuration) for each in self.seen],
            balances=balances,
            messages=self.direct,
            issued=self.issued,
            blocking=self.blocking,
            unused=self.unused,
        )


def keep(decision: Decision, *, given: Sequence[Given], deeds: Deeds, spoken: Spoken) -> KeptCheckout:
    """All of a decision on a card that its complete will need."""
    scene, outcome, basket = decision.stage.scene, decision.outcome, decision.basket
    assert scene is not None, "only a card can be locked"
    movements = decision.movements
    places = range(len(decision.paid.movements), len(movements))
    rows = mutation_rows(outcome.effects, wallet_id=scene.wallet_id, program=scene.program, numbers=places)
    return KeptCheckout(
        child_id=scene.child_id,
        wallet_id=scene.wallet_id,
        currency=decision.currency,
        figures=decision.figures,
        discount=outcome.discount,
        lines=tuple(basket.lines),
        payments=tuple(decision.paid.payments),
        keys=basket.keys,
        referring_card=basket.referring_card,
        movements=tuple(movements),
        rows=tuple(rows),
        seen=tuple(_kept(each) for each in decision.mutations),
        firings=outcome.firings,
        spends=bool(outcome.spendings),
        events=tuple(deeds.events),
        values=deeds.values,
        enrols=deeds.enrols,
        messages=spoken.messages,
        direct=spoken.direct,
        used=tuple(each.id for each in decision.used),
        given=tuple(each.coupon.id for each in given),
        issued=tuple(each.coupon.code for each in given),
        blocking=decision.blocking,
        unused=decision.unused,
    )


decode = from_json(KeptCheckout)
"""What was stored."""


def _kept(seen: MutationSeen) -> KeptMutation:
    return KeptMutation(
        value_type_id=seen.value_type.id if seen.value_type is not None else None,
        amount=seen.amount,
        expires_at=seen.expires_at,
        active_at=seen.active_at,
        cause=seen.cause,
        goods=seen.goods,
    )


def _seen(kept: KeptMutation, configuration: Configuration) -> MutationSeen:
    value_type = configuration.value_types[kept.value_type_id] if kept.value_type_id is not None else None
    return MutationSeen(value_type, kept.amount, kept.expires_at, kept.active_at, kept.cause, kept.goods)
