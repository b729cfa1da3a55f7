"""A card and a basket as a call would find them, read without any lock."""

from collections.abc import Sequence
from dataclasses import replace

from apps.campaigns.core.conditions import Movement as Moved
from apps.campaigns.core.kinds import Trigger
from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.readings import Reading
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.movements import move_all
from apps.ledger.core.promises import Movement
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.firing.about import About
from apps.transactions.firing.stage import CardWanted, Stage, open_with
from apps.transactions.simulation.question import Question
from apps.transactions.simulation.rules import Rules
from apps.transactions.under_lock import Scene, open_to_all

_FAMILY = "SELECT c.family_id FROM cards_card c WHERE c.brand_id = %(brand)s AND c.number = %(number)s"
_COUPONS = "SELECT c.id FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.code = ANY(%(codes)s::text[])"
_KINDS = {Moved.ISSUE: EntryKind.ISSUE, Moved.REDEEM: EntryKind.REDEEM, Moved.ADJUST: EntryKind.ADJUST}


class EnrolledAlready(InvalidInput):
    """The card is enrolled, and enrolment rules run only where a call enrols it (9)."""

    message = "The card is enrolled already: no enrolment rule would run."


def open_unlocked(
    cursor: Cursor,
    *,
    call: Call,
    configuration: Configuration,
    question: Question,
    rules: Rules,
    readings: Sequence[Reading] = (),
) -> Stage:
    """The stage of a call that will never be made; a card that a checkout has locked opens, too. Within one snapshot.

    Refuses what `open_card` refuses, but for PINs and locks.
    """
    card = None
    if question.shopper.card_number is not None:
        card = CardWanted(
            number=question.shopper.card_number,
            locked=_family(cursor, call, question.shopper.card_number),
            child_number=question.shopper.child_number,
            uses_parent_balances=question.shopper.uses_parent_balances,
            passes=open_to_all,
        )
    elif question.trigger is not Trigger.CHECKOUT:
        raise InvalidInput(f"Trigger {question.trigger} needs a card.")
    about = _about(question)
    return open_with(cursor, call, configuration, about, card, readings, rules.loaded)


def coupon_ids(cursor: Cursor, *, brand_id: int, codes: Sequence[str]) -> list[int]:
    """The coupons with these codes, as they stand; unknown ones are left out."""
    rows = cursor.execute(_COUPONS, {"brand": brand_id, "codes": list(codes)}).fetchall()
    return [row[0] for row in rows]


def before_rules(stage: Stage) -> None:
    """What the call itself does before its rules run, on the book and the readings in memory."""
    about = stage.about
    if about.enrols and stage.require_scene().card.enrolled_at is not None:
        raise EnrolledAlready
    if about.movement is not None:
        _move(stage, stage.require_scene(), Moved(about.movement))
    if about.logged and stage.readings.get("events"):
        counted = [
            [category, window, count + about.logged.count(category)]
            for category, window, count in stage.readings["events"]
        ]
        stage.readings = {**stage.readings, "events": counted}


def _about(question: Question) -> About:
    about = question.about
    if question.trigger is Trigger.CHECKOUT:
        about = replace(about, keys=question.basket.keys)
    if question.trigger in (Trigger.CHECKOUT, Trigger.RETURN):
        about = replace(about, skus=[line.sku for line in question.basket.lines])
    return replace(about, enrols=question.trigger is Trigger.ENROLMENT)


def _family(cursor: Cursor, call: Call, number: str) -> frozenset[int]:
    """The card's family: `open_card` wants to hear that it is locked."""
    row = cursor.execute(_FAMILY, {"brand": call.brand_id, "number": number}).fetchone()
    return frozenset(row if row is not None and row[0] is not None else ())


def _move(stage: Stage, scene: Scene, moved: Moved) -> None:
    about = stage.about
    value_type = next((each for each in scene.program.value_types if each.text_key == about.moved), None)
    if value_type is None:
        raise InvalidInput(f"The card's program has no {about.moved or 'balance without a name'}.")
    value_type.check_scale(about.moved_amount)
    if not about.moved_amount:
        raise InvalidInput("The amount must not be zero.")
    if about.moved_amount < ZERO and moved is not Moved.ADJUST:
        raise InvalidInput("Only adjustments can be negative.")
    if moved is Moved.HOLD:
        scene.book.hold(wallet_id=scene.wallet_id, value_type_id=value_type.id, amount=about.moved_amount)
        return
    amount = -about.moved_amount if moved is Moved.REDEEM else about.moved_amount
    if amount > ZERO:
        value_type.check_maximum(amount, present=scene.book.total(scene.wallet_id, value_type.id))
    one = Movement(wallet_id=scene.wallet_id, value_type_id=value_type.id, amount=amount, kind=_KINDS[moved])
    move_all(scene.book, [one])
    stage.about = replace(about, moved_amount=abs(about.moved_amount))
