"""Results and effects in words."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest

from apps.campaigns.core import outcome as o
from apps.campaigns.core import results as r
from apps.campaigns.core.facts import Facts, Place
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.wording_of_effects import _DID, did
from apps.campaigns.core.wording_of_results import _DOES, does

ID = UUID(int=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAUSE = o.Cause(ID, ID)
FACTS = Facts(
    request=ID,
    trigger=Trigger.CHECKOUT,
    now=NOON,
    today=date(2026, 3, 1),
    brand="acme",
    zone="UTC",
    currency="USD",
    currency_scale=2,
    place=Place(zone="UTC"),
)
POINTS = {"kind": "issue_balance", "value_type": "Points"}
OFF = {"kind": "discount", "value": "5"}


def test_every_kind_has_words() -> None:
    assert set(_DOES) == set(get_args(r.AnyResult))
    assert set(_DID) == set(get_args(o.AnyEffect))


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (POINTS | {"amount": {"kind": "fixed", "amount": 10}}, "Issue 10 Points"),
        (
            POINTS | {"amount": {"kind": "random_between", "minimum": 1, "maximum": 5}, "up_to_limit": True},
            "Issue 1 to 5 (drawn at random) Points, as much as fits under the maximum",
        ),
        (
            POINTS | {"amount": {"kind": "per_unit", "amount": 2, "per": 10, "whole_units": True}},
            "Issue Points: 2 for each full 10 USD of the total",
        ),
        (
            POINTS | {"amount": {"kind": "per_unit", "amount": 1, "items": {"skus": ["HAT"]}}},
            "Issue Points: 1 for each 1 USD of what SKU HAT costs",
        ),
        (POINTS | {"amount": {"kind": "per_item", "amount": 3}}, "Issue Points: 3 for each unit of any item"),
        (
            POINTS | {"amount": {"kind": "multiple_of", "result": ID, "factor": 2}},
            "Issue Points: 2 times what “First” gave",
        ),
        (
            POINTS
            | {
                "amount": {"kind": "fixed", "amount": 1},
                "starts": {"on": "2026-04-01"},
                "expires": {"months": 1, "days": 2},
            },
            "Issue 1 Points, active on 2026-04-01, expires 1 month and 2 days later",
        ),
        ({"kind": "redeem_balance", "value_type": "Points"}, "Take all Points"),
        (
            {"kind": "convert", "take": "Points", "threshold": 100, "give": "Custom:x", "reward": 5, "repeats": True},
            "Turn 100 Points into 5 Custom:x, as often as there is enough",
        ),
        (OFF | {"take": "percent", "cap": 9}, "Take 5 % off the total, at most 9 USD"),
        (OFF | {"take": "amount", "of": "items", "items": {"tags": ["x"]}}, "Take 5 USD off each unit of tag x"),
        (OFF | {"take": "price", "of": "nth", "n": 2}, "Make each unit of the 2. unit of any item cost 5 USD"),
        (
            OFF | {"take": "shared_amount", "of": "cheapest", "n": 3},
            "Take 5 USD off the 3 cheapest of any item, shared among the units",
        ),
        (OFF | {"take": "percent", "of": "every_nth", "n": 3}, "Take 5 % off every 3. unit of any item"),
        (
            OFF | {"take": "percent", "of": "most_expensive"},
            "Take 5 % off the 1 most expensive of any item",
        ),
        ({"kind": "allocate_coupon", "coupon_set": "summer"}, "Give a coupon of set summer"),
        ({"kind": "use_coupon", "tags": ["vip"]}, "Use a coupon of the card with tag vip"),
        ({"kind": "log_event", "category": "call"}, "Log the event call"),
        ({"kind": "set_field", "field": "pet", "value": "cat"}, "Set the field pet to “cat”"),
        ({"kind": "set_field", "field": "n", "action": "increment", "value": "1"}, "Add 1 to the field n"),
        ({"kind": "set_field", "field": "n", "action": "reset"}, "Empty the field n"),
        ({"kind": "notify", "channel": "email", "text": "Dear", "subject": "Hi"}, "Send an e-mail: “Hi”"),
        ({"kind": "enrol"}, "Enrol the card"),
    ],
)
def test_a_result_says_what_it_does(result: dict[str, Any], words: str) -> None:
    known: r.AnyResult = msgspec.convert({"uuid": ID, **result}, r.AnyResult, strict=False)  # type: ignore[arg-type]
    assert does(known, currency="USD", names={ID: "First"}) == words


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (
            o.Issued(cause=CAUSE, value_type="Points", amount=Decimal(10), expires_at=NOON),
            "Issued 10 Points, expires 2026-03-01 12:00",
        ),
        (o.Issued(cause=CAUSE, value_type="Points", amount=Decimal(1), converts=True), "Converted into 1 Points"),
        (o.Taken(cause=CAUSE, value_type="Points", amount=Decimal(4)), "Took 4 Points"),
        (o.Taken(cause=CAUSE, value_type="Points", amount=Decimal(4), converts=True), "Took 4 Points to convert"),
        (o.Taken(cause=CAUSE, value_type="Points", amount=Decimal(4), as_expiry=True), "Let 4 Points expire"),
        (o.Discounted(cause=CAUSE, amount=Decimal(5)), "Took 5.00 USD off the total"),
        (o.Discounted(cause=CAUSE, amount=Decimal(5), sku="HAT", units=Decimal(2)), "Took 5.00 USD off 2 units of HAT"),
        (o.CouponUsed(cause=CAUSE, code="SAVE"), "Used coupon SAVE"),
        (o.CouponGiven(cause=CAUSE, coupon_set="summer", promotion_id="p"), "Gave a coupon of set summer"),
        (o.FieldSet(cause=CAUSE, field="pet", action=r.FieldAction.RESET), "Emptied the field pet"),
        (o.Enrolled(cause=CAUSE), "Enrolled the card"),
    ],
)
def test_an_effect_says_what_was_done(effect: o.AnyEffect, words: str) -> None:
    assert did(effect, FACTS) == words
