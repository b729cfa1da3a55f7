"""Coupons that campaigns give and use."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.campaigns.core.outcome import CouponGiven, CouponUsed, Outcome, Skipped
from apps.coupons.core.life import Action, Coupon, step
from apps.coupons.queries.coupons_sent import SetCoupon, coupons_read, lock_coupons, sent
from apps.coupons.queries.draw_for_card import draw_for_card
from apps.coupons.queries.lock_coupon import SHUFFLES
from apps.kernel.db.hot import Cursor
from apps.requestlog.unit import ReadAgain
from apps.transactions.firing.facts import usable
from apps.transactions.firing.stage import Stage


@dataclass(frozen=True, slots=True)
class Given:
    """A coupon as it is once it was given to the card, and the effect that gives it."""

    effect: CouponGiven
    coupon: Coupon


def give_coupons(cursor: Cursor, stage: Stage, outcome: Outcome) -> tuple[list[Given], list[Skipped]]:
    """Draw and lock the coupons that an outcome gives, one statement each. Where a set has none left, or the card has
    had as many as it may get, the result is skipped: nobody's checkout fails because of a gift. Busy: 26."""
    given: list[Given] = []
    skipped = []
    for effect in outcome.effects:
        if not isinstance(effect, CouponGiven):
            continue
        found = _draw(cursor, stage, effect, given)
        if isinstance(found, Given):
            given.append(found)
        else:
            assert effect.cause.result is not None
            skipped.append(Skipped(effect.cause.result, found))
    return given, skipped


def _draw(cursor: Cursor, stage: Stage, effect: CouponGiven, earlier: Sequence[Given]) -> Given | str:
    call = stage.call
    assert stage.whose is not None
    drawn = draw_for_card(
        cursor,
        brand_id=call.brand_id,
        set_code=effect.coupon_set,
        wallet_id=stage.whose,
        drawn=secrets.randbelow(SHUFFLES),
        at=call.moment,
        taken=[each.coupon.id for each in earlier],
    )
    if drawn is None:
        return f"The coupon set {effect.coupon_set} has no free coupon left."
    had = drawn.given_of_set + sum(each.coupon.set_id == drawn.coupon.set_id for each in earlier)
    if drawn.terms.limit_per_card is not None and had >= drawn.terms.limit_per_card:
        return f"The card has had as many coupons of the set {effect.coupon_set} as one card may get."
    expires_at = drawn.coupon.expires_at or drawn.terms.default_expiry(call.moment, stage.configuration.zone)
    if expires_at is not None and expires_at <= call.moment:
        return f"The coupons of the set {effect.coupon_set} have expired."
    allocated = step(drawn.coupon, Action.ALLOCATE, at=call.moment, by=call.id)
    return Given(
        effect,
        replace(allocated, wallet_id=stage.whose, promotion_id=effect.promotion_id, expires_at=expires_at),
    )


def used_coupons(outcome: Outcome) -> list[str]:
    """The codes of coupons that rules use, each once."""
    return list(dict.fromkeys(each.code for each in outcome.effects if isinstance(each, CouponUsed)))


def lock_own(cursor: Cursor, stage: Stage, outcome: Outcome) -> list[Coupon]:
    """Lock the card's own coupons that an outcome uses (no checkout: those are locked before they are read). If
    somebody else has used one since it was read, the call begins again."""
    wanted = used_coupons(outcome)
    if not wanted:
        return []
    known = {each.coupon.code: each.coupon for each in usable(stage)}
    ids = lock_coupons(cursor, brand_id=stage.call.brand_id, codes=wanted)
    now = {each.coupon.code: each.coupon for each in _read(cursor, stage, ids)}
    if any(now.get(code) != known[code] for code in wanted):
        raise ReadAgain
    return [known[code] for code in wanted]


def _read(cursor: Cursor, stage: Stage, ids: Sequence[int]) -> list[SetCoupon]:
    reading = sent(ids)
    row = cursor.execute(reading.sql, {"brand": stage.call.brand_id, **reading.params}, binary=True).fetchone()
    return coupons_read(row[0] if row else None)
