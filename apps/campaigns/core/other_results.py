"""Results that move no value: coupons, events, fields, messages, enrolment. Pure.

A rule that fires several times at once gives as many coupons, and does everything else here once.
"""

from apps.campaigns.core import texts
from apps.campaigns.core.act import Act
from apps.campaigns.core.kinds import Channel
from apps.campaigns.core.meeting import fits
from apps.campaigns.core.outcome import CouponGiven, CouponUsed, Enrolled, EventLogged, FieldSet, Notified
from apps.campaigns.core.results import AllocateCoupon, AnyResult, Enrol, LogEvent, Notify, SetField, UseCoupon


def allocate_coupon(result: AllocateCoupon, act: Act) -> None:
    """Give coupons; whether the set still has some is seen when they are given."""
    if _has_card(result, act):
        promotion = result.promotion_id or str(act.candidate.cause.campaign)
        given = CouponGiven(cause=act.cause(result), coupon_set=result.coupon_set, promotion_id=promotion)
        act.effects += [given] * act.times


def use_coupon(result: UseCoupon, act: Act) -> None:
    """Use the first of the card's coupons that fits."""
    card = act.facts.card
    if card is None or act.in_checkout:
        act.skip(result, texts.NO_CARD if card is None else texts.IN_CHECKOUT)
        return
    for coupon in card.coupons:
        if coupon.code not in act.world.used and fits(coupon, result):
            act.world.used.add(coupon.code)
            act.effects.append(CouponUsed(cause=act.cause(result), code=coupon.code))
            return
    act.skip(result, texts.NO_COUPON)


def log_event(result: LogEvent, act: Act) -> None:
    """Log an event."""
    if _has_card(result, act):
        act.effects.append(
            EventLogged(
                cause=act.cause(result),
                category=result.category,
                specific_id=result.specific_id,
                payload=result.payload,
            )
        )


def set_field(result: SetField, act: Act) -> None:
    """Change a brand demographic."""
    if _has_card(result, act):
        act.effects.append(
            FieldSet(cause=act.cause(result), field=result.field, action=result.action, value=result.value)
        )


def notify(result: Notify, act: Act) -> None:
    """Send a message; without a card only into the answer."""
    if result.channel is Channel.DIRECT or _has_card(result, act):
        act.effects.append(
            Notified(
                cause=act.cause(result),
                channel=result.channel,
                text=result.text,
                subject=result.subject,
                url=result.url,
                options=result.options,
            )
        )


def enrol(result: Enrol, act: Act) -> None:
    """Enrol the card; rules that follow see it as enrolled. A child card has no enrolment of its own."""
    card = act.facts.card
    if card is None or card.is_child:
        act.skip(result, texts.NO_CARD if card is None else texts.A_CHILD)
        return
    if act.world.enrolled:
        act.skip(result, texts.ENROLLED)
        return
    act.world.enrolled = True
    act.effects.append(Enrolled(cause=act.cause(result)))


def _has_card(result: AnyResult, act: Act) -> bool:
    if act.facts.card is None:
        act.skip(result, texts.NO_CARD)
    return act.facts.card is not None
