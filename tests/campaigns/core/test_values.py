"""Issue, redeem, convert."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from apps.campaigns.core import results as r
from apps.campaigns.core.amounts import drawn
from apps.campaigns.core.conditions import Items
from apps.campaigns.core.facts import BalanceFact
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.outcome import Issued
from tests.campaigns.cases import HATS, D, basket, call, card, has, line, moved, off, percent, points, rule, run, uuid

BOUGHT = basket(line("hat", 2, "19.99", "hats"), line("silk", "2.5", 10))
"""64.98."""


def issued(outcome):
    return [each for each in outcome.effects if isinstance(each, Issued)]


def skips(outcome):
    return [each.reason for verdict in outcome.verdicts for each in verdict.skipped]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (r.Fixed(amount=D(5)), "5"),
        (r.Fixed(amount=D("4.5")), "5"),
        (r.PerUnit(amount=D(1)), "64"),
        (r.PerUnit(amount=D(3), per=D(10)), "19"),
        (r.PerUnit(amount=D(3), per=D(10), whole_units=True), "18"),
        (r.PerUnit(amount=D(1), items=HATS), "39"),
        (r.PerUnit(amount=D("0.1"), per=D("0.01"), items=Items(skus=("silk",))), "250"),
        (r.PerItem(amount=D(2)), "8"),
        (r.PerItem(amount=D("1.25"), items=HATS), "3"),
    ],
)
def test_how_much_is_issued(amount, expected) -> None:
    assert moved(run(call(BOUGHT), rule(points(amount)))) == [("Points", expected)]


@pytest.mark.parametrize(
    "amount",
    [r.Fixed(amount=D("0.4")), r.PerUnit(amount=D(1), items=Items(skus=("tie",))), r.PerUnit(amount=D("0.01"))],
)
def test_an_issue_of_nothing_is_left_out(amount) -> None:
    assert run(call(BOUGHT), rule(points(amount))).effects == ()


def test_points_for_a_dollar_count_what_is_left_after_discounts() -> None:
    outcome = run(call(basket(total=100)), rule(percent(10), points(r.PerUnit(amount=D(1)))))
    assert moved(outcome) == [("Points", "90")]


def test_points_for_items_count_the_discounts_of_these_items() -> None:
    per = r.PerUnit(amount=D(1), items=HATS)
    outcome = run(call(BOUGHT), rule(off("9.99", r.TargetKind.NTH, HATS), points(per)))
    assert moved(outcome) == [("Points", "29")]


def test_a_multiple_of_another_result_of_an_earlier_rule_or_further_up() -> None:
    first = points(10)
    half = r.MultipleOf(result=first.uuid, factor=D("0.55"))
    outcome = run(call(), rule(first, points(half)), rule(points(half)))
    assert moved(outcome) == [("Points", "10"), ("Points", "5"), ("Points", "5")]


def test_a_multiple_of_a_discount_and_of_what_was_not_given() -> None:
    discount = percent(10)
    outcome = run(
        call(basket(total=80)),
        rule(
            discount,
            points(r.MultipleOf(result=discount.uuid, factor=D(2))),
            points(r.MultipleOf(result=uuid(), factor=D(2))),
        ),
    )
    assert moved(outcome) == [("Points", "16")]


def test_a_random_amount_follows_from_request_and_result() -> None:
    lot = r.RandomBetween(minimum=D("0.5"), maximum=D("2.5"))
    draws = [drawn(lot, 0, UUID(int=request), UUID(int=1)) for request in range(300)]
    assert draws == [drawn(lot, 0, UUID(int=request), UUID(int=1)) for request in range(300)]
    assert set(draws) == {1, 2} and 120 < draws.count(Decimal(1)) < 180
    assert draws != [drawn(lot, 0, UUID(int=request), UUID(int=2)) for request in range(300)]


def test_every_amount_of_the_scale_can_be_drawn_bounds_included() -> None:
    lot = r.RandomBetween(minimum=D("0.01"), maximum=D("0.03"))
    assert {drawn(lot, 2, UUID(int=n), UUID(int=1)) for n in range(100)} == {D("0.01"), D("0.02"), D("0.03")}


def test_bounds_between_which_nothing_lies_give_the_lower_one_rounded_down() -> None:
    assert drawn(r.RandomBetween(minimum=D("1.2"), maximum=D("1.8")), 0, UUID(int=1), UUID(int=1)) == 1


# --- starts and ends -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (r.Moment(days=30), datetime(2026, 12, 21, 5, tzinfo=UTC)),
        (r.Moment(), datetime(2026, 11, 21, 5, tzinfo=UTC)),
        (r.Moment(months=3), datetime(2027, 2, 21, 5, tzinfo=UTC)),
        (r.Moment(months=8), datetime(2027, 7, 21, 4, tzinfo=UTC)),
        (r.Moment(on="2026-12-31"), datetime(2027, 1, 1, 5, tzinfo=UTC)),
    ],
)
def test_value_ends_with_a_day_of_the_brand(moment, expected) -> None:
    assert issued(run(call(), rule(points(5, expires=moment))))[0].expires_at == expected


def test_value_starts_with_a_day_of_the_brand_and_is_not_free_before() -> None:
    later = points(100, starts=r.Moment(days=1))
    outcome = run(call(), rule(later, r.RedeemBalance(uuid=uuid(), value_type="Points")))
    assert issued(outcome)[0].active_at == datetime(2026, 11, 21, 5, tzinfo=UTC)
    assert skips(outcome) == ["There is not enough free balance."]


def test_a_start_that_has_passed_is_no_start() -> None:
    assert issued(run(call(), rule(points(5, starts=r.Moment()))))[0].active_at is None


def test_what_has_expired_is_not_issued() -> None:
    outcome = run(call(), rule(points(5, expires=r.Moment(on="2026-11-19"))))
    assert outcome.effects == () and skips(outcome) == ["It would have expired already."]


def test_the_end_of_a_short_month() -> None:
    facts = call(today=date(2027, 1, 31))
    assert issued(run(facts, rule(points(5, expires=r.Moment(months=1)))))[0].expires_at.date() == date(2027, 3, 1)


# --- limits ----------------------------------------------------------------------------------------------------------


def nearly_full() -> dict:
    return {"card": card(balances={"Points": BalanceFact(scale=0, free=D(90), in_all=D(95), maximum=D(100))})}


def test_a_checkout_over_the_maximum_says_so() -> None:
    outcome = run(call(**nearly_full()), rule(points(6)))
    assert outcome.over_limit == "Points" and outcome.effects == ()


def test_another_call_goes_on_without_the_result() -> None:
    facts = call(trigger=Trigger.CUSTOM, **nearly_full())
    outcome = run(facts, rule(points(6), points(5), trigger=Trigger.CUSTOM))
    assert outcome.over_limit is None and moved(outcome) == [("Points", "5")]
    assert skips(outcome) == ["The balance would go over its maximum."]


def test_up_to_the_limit_as_much_is_given_as_fits() -> None:
    outcome = run(call(**nearly_full()), rule(points(6, up_to_limit=True), points(1, up_to_limit=True)))
    assert outcome.over_limit is None and moved(outcome) == [("Points", "5")]
    assert skips(outcome) == ["The balance is at its maximum."]


def test_no_balance_outgrows_its_column() -> None:
    rich = card(balances={"Points": BalanceFact(scale=0, in_all=D(999_999_999_998))})
    assert run(call(card=rich), rule(points(2))).over_limit == "Points"
    assert moved(run(call(card=rich), rule(points(2, up_to_limit=True)))) == [("Points", "1")]


def test_a_value_type_that_the_program_lacks_is_skipped() -> None:
    outcome = run(call(), rule(points(5, value_type="Custom:miles"), points(1)))
    assert moved(outcome) == [("Points", "1")] and skips(outcome) == ["The card's program has no Custom:miles."]


def test_without_a_card_value_does_not_move() -> None:
    redeem = r.RedeemBalance(uuid=uuid(), value_type="Points")
    outcome = run(call(card=None), rule(points(5), redeem))
    assert outcome.effects == () and skips(outcome) == ["The call has no card."] * 2


# --- redeem and convert ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "expected"), [(D(30), "-30"), (D(70), "-60"), (None, "-60")])
def test_redeem_takes_what_is_free(amount, expected) -> None:
    redeem = r.RedeemBalance(uuid=uuid(), value_type="Points", amount=amount)
    assert moved(run(call(card=has(points=60)), rule(redeem))) == [("Points", expected)]


def convert(**more) -> r.Convert:
    fields = {"take": "Points", "threshold": D(100), "give": "Custom:cashback", "reward": D(5)}
    return r.Convert(uuid=uuid(), **fields | more)


@pytest.mark.parametrize(
    ("have", "more", "expected"),
    [
        (99, {}, []),
        (125, {}, [("Points", "-100"), ("Custom:cashback", "5.00")]),
        (350, {}, [("Points", "-100"), ("Custom:cashback", "5.00")]),
        (350, {"repeats": True}, [("Points", "-300"), ("Custom:cashback", "15.00")]),
        (350, {"give": "Custom:none"}, []),
    ],
)
def test_convert(have, more, expected) -> None:
    assert moved(run(call(card=has(points=have)), rule(convert(**more)))) == expected


def test_a_conversion_sees_what_earlier_results_gave_and_says_that_it_is_one() -> None:
    outcome = run(call(card=has(points=60)), rule(points(65), convert()))
    assert moved(outcome) == [("Points", "65"), ("Points", "-100"), ("Custom:cashback", "5.00")]
    assert [each.converts for each in outcome.effects] == [False, True, True]


def test_no_threshold_is_taken_for_a_part_of_a_reward() -> None:
    balances = {
        "Points": BalanceFact(scale=0, free=D(500), in_all=D(500)),
        "Custom:cashback": BalanceFact(scale=2, maximum=D(12)),
    }
    facts = call(card=card(balances=balances))
    outcome = run(facts, rule(convert(repeats=True, up_to_limit=True)))
    assert moved(outcome) == [("Points", "-200"), ("Custom:cashback", "10.00")]
    assert run(facts, rule(convert(repeats=True))).over_limit == "Custom:cashback"
