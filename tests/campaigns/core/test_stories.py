"""The promotions that the document tells of."""

from datetime import date, timedelta

import pytest

from apps.campaigns.core import conditions as c
from apps.campaigns.core import results as r
from apps.campaigns.core.definitions import Throttle
from apps.campaigns.core.facts import Coupon, Fired
from apps.campaigns.core.kinds import Channel, Trigger, Unit, Verdict, Window
from apps.campaigns.core.outcome import Notified
from tests.campaigns.cases import (
    HATS,
    D,
    basket,
    call,
    card,
    discounts,
    has,
    line,
    moved,
    percent,
    points,
    rule,
    run,
    uuid,
    verdicts,
)

TIES = c.Items(categories=("ties",))
A_DOLLAR = r.PerUnit(amount=D(1), whole_units=True)


def chosen(key, value) -> c.CustomKey:
    return c.CustomKey(uuid=uuid(), key=key, values=(value,))


def test_one_point_per_dollar() -> None:
    assert moved(run(call(basket(total="59.99")), rule(points(A_DOLLAR)))) == [("Points", "59")]


@pytest.mark.parametrize(
    ("holder", "expected"),
    [(card(enrolled_on=date(2025, 1, 1)), [(None, "8.00", None, None)]), (card(), []), (None, [])],
)
def test_ten_percent_for_loyalty_customers(holder, expected) -> None:
    ten = rule(percent(10), when=(c.Enrolled(uuid=uuid()),))
    assert discounts(run(call(basket(total=80), card=holder), ten)) == expected


def test_half_price_for_every_second_hat() -> None:
    five = basket(line("top hat", 2, 50, "hats"), line("cap", 3, 20, "hats"), line("tie", 9, 99, "ties"))
    half = percent(50, r.TargetKind.EVERY_NTH, HATS, n=2)
    assert discounts(run(call(five), rule(half))) == [
        ("top hat", "25.00", "1", "25.00"),
        ("cap", "10.00", "1", "10.00"),
    ]


def test_cashback_per_hundred_points() -> None:
    """60 points, a checkout of 70 with 5 off a hat: 65 more points, of which 100 become 5 of cashback."""
    hat = r.Discount(uuid=uuid(), take=r.DiscountKind.AMOUNT, value=D(5), of=r.TargetKind.CHEAPEST, items=HATS)
    cashback = r.Convert(
        uuid=uuid(), take="Points", threshold=D(100), give="Custom:cashback", reward=D(5), repeats=True
    )
    bought = basket(line("hat", 1, 30, "hats"), line("shirt", 1, 40))
    outcome = run(call(bought, card=has(points=60)), rule(hat), rule(points(A_DOLLAR)), rule(cashback))
    assert moved(outcome) == [("Points", "65"), ("Points", "-100"), ("Custom:cashback", "5.00")]
    assert outcome.discount == 5


@pytest.mark.parametrize(("answer", "expected"), [("yes", 8), ("no", 0)])
def test_the_cashier_decides(answer, expected) -> None:
    ten = rule(percent(10), when=(chosen("runSpecialDiscount", "yes"),))
    assert run(call(basket(total=80), keys=(("runSpecialDiscount", answer),)), ten).discount == expected


@pytest.mark.parametrize(("choice", "expected"), [("hat", "hat"), ("tie", "tie")])
def test_hat_or_tie(choice, expected) -> None:
    rules = [
        rule(percent(10, r.TargetKind.CHEAPEST, items), when=(chosen("customerChoice", name),))
        for name, items in (("hat", HATS), ("tie", TIES))
    ]
    bought = basket(line("hat", 1, 30, "hats"), line("tie", 1, 30, "ties"))
    assert discounts(run(call(bought, keys=(("customerChoice", choice),)), *rules)) == [(expected, "3.00", "1", "3.00")]


def test_a_promo_code_works_once_per_customer_and_never_without_one() -> None:
    hats, ties = (
        rule(
            percent(10, r.TargetKind.CHEAPEST, items), when=(chosen("promoCode", code),), throttles=(Throttle(times=1),)
        )
        for code, items in (("HATS123", HATS), ("7TIES", TIES))
    )
    bought = basket(line("hat", 2, 30, "hats"), line("tie", 1, 20, "ties"))
    keys = (("promoCode", "HATS123"), ("promoCode", "7TIES"))
    assert run(call(bought, keys=keys), hats, ties).discount == 5
    again = card(fired={hats.uuid: (Fired(on=date(2020, 1, 1), times=1),)})
    assert run(call(bought, keys=keys, card=again), hats, ties).discount == 2
    assert run(call(bought, keys=keys, card=None), hats, ties).discount == 0


def test_only_five_points_to_the_next_reward() -> None:
    text = 'Only 5 points to your next reward, {{firstName}}! You have {{balance balanceType="Points"}}.'
    message = r.Notify(uuid=uuid(), channel=Channel.DIRECT, text=text)
    near = c.Balance(uuid=uuid(), value_type="Points", minimum=D(95), maximum=D(95))
    outcome = run(call(basket(total=5), card=has(points=90)), rule(points(A_DOLLAR)), rule(message, when=(near,)))
    assert isinstance(outcome.effects[-1], Notified) and outcome.effects[-1].text == text


def test_a_tie_is_missing() -> None:
    no_tie = c.BasketHas(uuid=uuid(), items=TIES, negated=True)
    message = r.Notify(uuid=uuid(), channel=Channel.DIRECT, text="Add a tie!")
    said = [len(run(call(basket(line("x", 1, 5, kind)), card=None), rule(message, when=(no_tie,))).effects)
            for kind in ("hats", "ties")]  # fmt: skip
    assert said == [1, 0]


@pytest.mark.parametrize(
    ("last", "expected"), [(date(2026, 1, 1), Verdict.THROTTLED), (date(2025, 12, 31), Verdict.FIRED)]
)
def test_a_birthday_comes_once_in_eleven_months(last, expected) -> None:
    """Whoever moves the birthday has to wait until the eleven months of the calendar are over."""
    birthday = c.Occasion(what=c.Happening.BIRTHDAY)
    gift = rule(
        points(100),
        trigger=Trigger.DATE,
        occasion=birthday,
        when=(c.OccasionToday(uuid=uuid(), occasion=birthday),),
        throttles=(Throttle(times=1, window=Window(unit=Unit.MONTH, count=11)),),
    )
    holder = card(customer={"birthday": "1990-11-20"}, fired={gift.uuid: (Fired(on=last, times=1),)})
    assert verdicts(run(call(trigger=Trigger.DATE, card=holder), gift)) == [expected]
    tomorrow = call(trigger=Trigger.DATE, card=holder, today=date(2026, 11, 20) + timedelta(days=1))
    assert verdicts(run(tomorrow, gift)) == [Verdict.CONDITIONS]


def test_ten_dollars_off_with_a_coupon_and_a_coupon_for_a_hundred_dollars() -> None:
    from_x = c.CouponFrom(uuid=uuid(), sets=("x",))
    ten = r.Discount(uuid=uuid(), take=r.DiscountKind.AMOUNT, value=D(10))
    gift = r.AllocateCoupon(uuid=uuid(), coupon_set="y")
    big = c.CheckoutTotal(uuid=uuid(), minimum=D("100.01"))
    coupon = Coupon(code="7", coupon_set="x")
    outcome = run(call(basket(total=120, coupons=(coupon,))), rule(ten, when=(from_x,)), rule(gift, when=(big,)))
    assert [type(each).__name__ for each in outcome.effects] == ["CouponUsed", "Discounted", "CouponGiven"]


def test_a_call_list_for_customers_who_spend_a_thousand() -> None:
    action = r.Notify(uuid=uuid(), channel=Channel.DIRECT, text="automatedAction:call")
    over = c.CheckoutTotal(uuid=uuid(), minimum=D("1000.01"))
    assert [len(run(call(basket(total=total)), rule(action, when=(over,))).effects) for total in (1000, 1001)] == [0, 1]
