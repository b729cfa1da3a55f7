"""What people read about a condition."""

from datetime import UTC, datetime, time
from typing import get_args

import pytest

from apps.campaigns.core import conditions as c
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import BalanceFact, Coupon, Payment, SpendFact
from apps.campaigns.core.kinds import Trigger, Unit, Verdict, Window
from apps.campaigns.core.wording import _SEEN, _WANTED
from tests.campaigns.cases import HATS, D, basket, call, card, compiled, line, new, off, rule

KNOWN = card(
    balances={"Points": BalanceFact(scale=0, free=D(150), in_all=D(150))},
    customer={"city": "Rome", "birthday": "1990-11-20", "gender": "F"},
    spent={"ever": SpendFact(spend=D(70), checkouts=2), "week-2": SpendFact(spend=D("12.5"))},
    events={"app": {"ever": 3}},
    last_visit=datetime(2026, 11, 18, 12, tzinfo=UTC),
)
BOUGHT = basket(
    line("hat", 2, 20, "hats"),
    line("kg", "0.5", "3.999"),
    coupons=(Coupon(code="77", coupon_set="spring"),),
    payments=(Payment(payment_type="Cash", pays=D(5)),),
)
CALL = call(BOUGHT, card=KNOWN, keys=(("promo", "X"),))
TWO_WEEKS = Window(unit=Unit.WEEK, count=2)


def told(condition, facts=CALL):
    outcome = evaluate(compiled(rule(off(1), when=(condition,), trigger=facts.trigger)), facts, explain=True)
    [seen] = outcome.verdicts[0].conditions
    return seen.wanted, seen.seen, seen.passed


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (new(c.CheckoutTotal, minimum=D(50)), ("at least 50.00 USD", "41.9995 USD", False)),
        (new(c.CheckoutTotal, maximum=D(50), negated=True), ("not: at most 50.00 USD", "41.9995 USD", False)),
        (new(c.ItemCount, minimum=D(2), maximum=D(3)), ("2 to 3 units", "2.5 units", True)),
        (
            new(c.BasketHas, items=HATS, minimum_quantity=D(3), minimum_amount=D(40)),
            ("at least 3 units and at least 40.00 USD of category hats", "2 units, 40.00 USD", False),
        ),
        (
            new(c.BasketHas, items=c.Items(except_skus=("hat",))),
            ("some of any item except hat", "0.5 units, 1.9995 USD", True),
        ),
        (
            new(c.ExtremeItem, which=c.Extreme.MOST_EXPENSIVE, items=HATS),
            ("the most expensive item is category hats", "hat", True),
        ),
        (new(c.CustomKey, key="promo", values=("Y", "Z")), ("promo is Y, Z", "X", False)),
        (new(c.CouponFrom, sets=("spring",)), ("a coupon of set spring", "77", True)),
        (
            new(c.PaidBy, payment_types=("Cash",), minimum=D(9)),
            ("at least 9.00 USD paid by Cash", "Cash 5.00 USD", False),
        ),
        (new(c.LocationIs, groups=("west",)), ("location west", "main, east, all", False)),
        (new(c.EmployeeGiven), ("employee any", "none", False)),
        (new(c.TimeOfWeek, days=(6,), since=time(9)), ("Saturday, 09:00:00 to 24:00", "Friday, 10:30", False)),
        (
            new(c.OccasionToday, occasion=c.Occasion(what=c.Happening.BIRTHDAY, shift=-7)),
            ("birthday -7 days", "today is 2026-11-20, birthday 1990-11-20", False),
        ),
        (
            new(c.OccasionToday, occasion=c.Occasion(what=c.Happening.ENROLMENT)),
            ("enrolment", "today is 2026-11-20, enrolled on no day", False),
        ),
        (
            new(c.OccasionToday, occasion=c.Occasion(what=c.Happening.WEEKLY, day=5)),
            ("every Friday", "today is 2026-11-20", True),
        ),
        (new(c.NthCheckout, n=5, every=True), ("every 5. checkout", "checkout number 3", False)),
        (new(c.Balance, value_type="Points", minimum=D(100)), ("at least 100 Points", "150 Points", True)),
        (
            new(c.Balance, value_type="Custom:x", minimum=D(100)),
            ("at least 100 Custom:x", "the card's program has no Custom:x", False),
        ),
        (new(c.Spent, window=TWO_WEEKS, minimum=D(10)), ("at least 10.00 USD spent in 2 weeks", "12.50 USD", True)),
        (new(c.Visited, minimum=1), ("at least 1 visits in all", "0 visits", False)),
        (new(c.LastVisit, maximum_days=1), ("last visit at most 1 days ago", "2 days ago", False)),
        (
            new(c.CustomerField, field="city", compare=c.Compare.STARTS_WITH, values=("N",)),
            ("city starts with N", "Rome", False),
        ),
        (new(c.BrandField, field="size"), ("size is known", "none", False)),
        (new(c.GenderIs, genders=("M",)), ("gender M", "F", False)),
        (new(c.EventCount, category="app"), ("at least 1 times app in all", "3 times", True)),
        (new(c.OptedIn, by="news"), ("opted in: news", "not opted in", False)),
        (new(c.CardIsChild), ("a child card", "a root card", False)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_was_wanted_and_seen(condition, expected) -> None:
    assert told(condition) == expected


def test_every_kind_has_words() -> None:
    assert set(get_args(c.Condition)) == set(_WANTED) == set(_SEEN)


def test_without_a_card_or_a_basket_that_is_what_was_seen() -> None:
    without = call(card=None, trigger=Trigger.DATE)
    assert told(new(c.Enrolled), without)[1] == "no card was used"
    assert told(new(c.ItemCount, minimum=D(1)), without)[1] == "nothing was bought"


def test_groups_show_their_parts_all_of_them() -> None:
    parts = (new(c.ItemCount, minimum=D(9)), new(c.ItemCount, minimum=D(1)))
    group = new(c.Every, name="Both", conditions=parts)
    [seen] = evaluate(compiled(rule(off(1), when=(group,))), CALL, explain=True).verdicts[0].conditions
    assert (seen.kind, seen.name, seen.wanted, seen.passed) == ("every", "Both", "all of these", False)
    assert [part.passed for part in seen.parts] == [False, True]


def test_conditions_of_the_campaign_come_first_and_rules_that_were_not_looked_at_tell_theirs_too() -> None:
    stopper = rule(off(1), stops_others=True)
    stopped = rule(off(1), when=(new(c.CheckoutTotal, minimum=D(41)),))
    shared = new(c.ItemCount, minimum=D(1))
    verdict = evaluate(compiled(stopper, stopped, conditions=(shared,)), CALL, explain=True).verdicts[1]
    assert verdict.verdict is Verdict.STOPPED
    assert [(each.of_campaign, each.passed) for each in verdict.conditions] == [(True, True), (False, False)]
    assert verdict.conditions[1].seen == "40.9995 USD"


def test_nothing_is_explained_unless_asked_for() -> None:
    outcome = evaluate(compiled(rule(off(1), when=(new(c.ItemCount, minimum=D(1)),))), CALL)
    assert outcome.verdicts[0].conditions == ()
