"""The fragments of a checkout that counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.checkouts.fragments import checkout as checkout_fragments
from apps.coupons.core.life import Action, step
from apps.kernel.fragments import Fragment
from apps.messaging.fragments import NewMessage
from apps.transactions.checkouts.decision import Decision
from apps.transactions.firing.carry import Deeds, write_outcome
from apps.transactions.firing.coupons import Given
from apps.transactions.remembered import bought


@dataclass(frozen=True, slots=True)
class Purchased:
    """A decision that was carried out on the book. `numbers`: the ledger's mutations of its movements."""

    decision: Decision
    numbers: Sequence[int]
    given: Sequence[Given]
    deeds: Deeds
    messages: Sequence[NewMessage]


def write_checkout(purchased: Purchased) -> list[Fragment]:
    """Checkout, lines, payments, value, facts, and all that campaigns did."""
    decision = purchased.decision
    stage, call = decision.stage, decision.stage.call
    fragments = checkout_fragments(
        brand_id=call.brand_id,
        operation_id=call.id,
        wallet_id=stage.whose,
        location_id=call.location_id,
        currency=decision.currency,
        figures=decision.figures,
        discount=decision.outcome.discount,
        lines=decision.basket.lines,
        payments=decision.paid.payments,
        happened_at=call.moment,
        key_values=decision.basket.keys,
        referring_card=decision.basket.referring_card,
    )
    used = [step(each, Action.USE, at=call.moment, by=call.id) for each in decision.used]
    fragments += write_outcome(
        stage,
        decision.outcome,
        numbers=purchased.numbers[len(decision.paid.movements) :],
        deeds=purchased.deeds,
        given=purchased.given,
        used=used,
        messages=purchased.messages,
    )
    if stage.scene is not None:
        fragments += stage.scene.posting()
        fragments += bought(stage.scene, currency=decision.currency, spend=decision.spend, lines=decision.basket.lines)
    return fragments
