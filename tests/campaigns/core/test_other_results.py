"""Coupons, events, fields, messages, enrolment."""

from datetime import date

import pytest

from apps.campaigns.core import results as r
from apps.campaigns.core.conditions import Enrolled
from apps.campaigns.core.facts import Coupon
from apps.campaigns.core.kinds import Channel, Trigger
from tests.campaigns.cases import call, card, rule, run, uuid

OWN = (Coupon(code="a", coupon_set="spring"), Coupon(code="b", coupon_set="winter", tags=("vip",)))


def effects(facts, *results):
    outcome = run(facts, rule(*results, trigger=facts.trigger))
    return [(type(each).__name__, each) for each in outcome.effects], [
        each.reason for each in outcome.verdicts[0].skipped
    ]


@pytest.mark.parametrize(("promotion", "expected"), [("summer", "summer"), (None, None)])
def test_a_coupon_belongs_to_a_promotion_or_to_the_campaign(promotion, expected) -> None:
    [(_, given)], _ = effects(call(), r.AllocateCoupon(uuid=uuid(), coupon_set="x", promotion_id=promotion))
    assert given.promotion_id == (expected or str(given.cause.campaign))


@pytest.mark.parametrize(
    ("wanted", "code"),
    [({"sets": ("spring",)}, "a"), ({"tags": ("vip",)}, "b"), ({"sets": ("winter", "spring")}, "a")],
)
def test_use_coupon_uses_the_first_of_the_card_that_fits(wanted, code) -> None:
    facts = call(trigger=Trigger.CUSTOM, card=card(coupons=OWN))
    [(_, used)], _ = effects(facts, r.UseCoupon(uuid=uuid(), **wanted))
    assert used.code == code


def test_a_coupon_is_used_once() -> None:
    facts = call(trigger=Trigger.CUSTOM, card=card(coupons=OWN))
    twice = [r.UseCoupon(uuid=uuid(), sets=("spring",)) for _ in range(2)]
    done, skipped = effects(facts, *twice)
    assert len(done) == 1 and skipped == ["The card has no coupon that fits."]


def test_in_a_checkout_coupons_are_used_by_conditions() -> None:
    done, skipped = effects(call(card=card(coupons=OWN)), r.UseCoupon(uuid=uuid(), sets=("spring",)))
    assert done == [] and skipped == ["In a checkout, coupons are used by conditions."]


def test_events_fields_and_messages_are_told_as_they_are_written() -> None:
    event = r.LogEvent(uuid=uuid(), category="app", specific_id="7", payload="{{firstName}}")
    field = r.SetField(uuid=uuid(), field="size", action=r.FieldAction.INCREMENT, value="1")
    mail = r.Notify(uuid=uuid(), channel=Channel.EMAIL, text="Hi", subject="You", url="u", options={"a": [1]})
    done, _ = effects(call(), event, field, mail)
    (_, logged), (_, changed), (_, sent) = done
    assert (logged.category, logged.specific_id, logged.payload) == ("app", "7", "{{firstName}}")
    assert (changed.field, changed.action, changed.value) == ("size", r.FieldAction.INCREMENT, "1")
    assert (sent.channel, sent.text, sent.subject, sent.url, sent.options) == (
        Channel.EMAIL,
        "Hi",
        "You",
        "u",
        {"a": [1]},
    )


def test_a_card_is_enrolled_once_and_later_rules_see_it() -> None:
    enrols = [r.Enrol(uuid=uuid()), r.Enrol(uuid=uuid())]
    hello = r.Notify(uuid=uuid(), channel=Channel.DIRECT, text="Welcome")
    outcome = run(call(), rule(*enrols), rule(hello, when=(Enrolled(uuid=uuid()),)))
    assert [type(each).__name__ for each in outcome.effects] == ["Enrolled", "Notified"]
    assert effects(call(card=card(enrolled_on=date(2026, 1, 1))), enrols[0]) == ([], ["The card is enrolled already."])


@pytest.mark.parametrize(
    "result",
    [
        r.AllocateCoupon(uuid=uuid(), coupon_set="x"),
        r.UseCoupon(uuid=uuid(), sets=("x",)),
        r.LogEvent(uuid=uuid(), category="app"),
        r.SetField(uuid=uuid(), field="size", value="1"),
        r.Notify(uuid=uuid(), channel=Channel.EMAIL, text="Hi"),
        r.Enrol(uuid=uuid()),
    ],
    ids=lambda result: type(result).__name__,
)
def test_without_a_card_only_the_answer_says_something(result) -> None:
    direct = r.Notify(uuid=uuid(), channel=Channel.DIRECT, text="Hi")
    done, skipped = effects(call(card=None), result, direct)
    assert [name for name, _ in done] == ["Notified"] and skipped == ["The call has no card."]
