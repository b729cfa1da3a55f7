"""Each kind of condition: what meets it and what does not."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import get_args

import pytest

from apps.campaigns.core import conditions as c
from apps.campaigns.core.facts import BalanceFact, Coupon, Payment, Place, SpendFact
from apps.campaigns.core.kinds import Trigger, Unit, Window
from apps.campaigns.core.meeting import about_card, is_met
from apps.campaigns.core.scene import Scene
from apps.campaigns.core.world import World
from tests.campaigns.cases import HATS, NOW, D, basket, call, card, has, line, uuid

BASKET = basket(line("hat", 2, 20, "hats", "clothes"), line("sock", "1.5", 4, tags=("sale",)))
TIES = c.Items(skus=("tie",))
LAST_WEEK = Window(unit=Unit.WEEK, count=2)
YEAR = Window(unit=Unit.MONTH, count=12)


def met(kind, facts, **fields):
    return is_met(kind(uuid=uuid(), **fields), Scene(facts, World(facts)))


def cases(*rows):
    """Rows of (kind, its fields, the facts, whether it is met), named by kind."""
    return pytest.mark.parametrize(
        ("kind", "fields", "facts", "expected"), [pytest.param(*row, id=row[0].__name__) for row in rows]
    )


@cases(
    (c.LocationIs, {"locations": ("main", "mall")}, call(), True),
    (c.LocationIs, {"locations": ("mall",)}, call(), False),
    (c.LocationIs, {"groups": ("all",)}, call(), True),
    (c.LocationIs, {"groups": ("west",)}, call(), False),
    (c.TerminalIs, {"terminals": ("t1",)}, call(place=Place(zone="UTC", terminal="t1")), True),
    (c.TerminalIs, {"terminals": ("t1",)}, call(), False),
    (c.EmployeeGiven, {}, call(), False),
    (c.EmployeeGiven, {}, call(place=Place(zone="UTC", employee="alice")), True),
    (c.EmployeeGiven, {"employees": ("bob",)}, call(place=Place(zone="UTC", employee="alice")), False),
    (c.DateRange, {"first": date(2026, 11, 20), "last": date(2026, 11, 20)}, call(), True),
    (c.DateRange, {"first": date(2026, 11, 21)}, call(), False),
    (c.DateRange, {"last": date(2026, 11, 19)}, call(), False),
)
def test_where_and_when(kind, fields, facts, expected) -> None:
    assert met(kind, facts, **fields) is expected


SATURDAY_ONE = datetime(2026, 11, 21, 6, tzinfo=UTC)
"""01:00 in New York."""


@pytest.mark.parametrize(
    ("fields", "moment", "expected"),
    [
        ({"days": (5,)}, NOW, True),
        ({"days": (6, 7)}, NOW, False),
        ({"since": time(10, 30)}, NOW, True),
        ({"since": time(10, 31)}, NOW, False),
        ({"until": time(10, 30)}, NOW, False),
        ({"since": time(9), "until": time(11)}, NOW, True),
        ({"since": time(22), "until": time(2)}, NOW, False),
        ({"since": time(22), "until": time(2)}, SATURDAY_ONE, True),
        ({"since": time(22), "until": time(2), "days": (5,)}, SATURDAY_ONE, True),
        ({"since": time(22), "until": time(2), "days": (6,)}, SATURDAY_ONE, False),
        ({"since": time(22), "until": time(2), "days": (6,)}, SATURDAY_ONE + timedelta(hours=22), True),
    ],
)
def test_the_time_is_that_of_the_location_and_a_night_belongs_to_its_evening(fields, moment, expected) -> None:
    assert met(c.TimeOfWeek, call(now=moment), **fields) is expected


@cases(
    (c.CheckoutTotal, {"minimum": D(46)}, call(BASKET), True),
    (c.CheckoutTotal, {"minimum": D("46.01")}, call(BASKET), False),
    (c.CheckoutTotal, {"maximum": D("45.99")}, call(BASKET), False),
    (c.CheckoutTotal, {"maximum": D(50)}, call(), False),
    (c.CheckoutTotal, {"maximum": D(50), "negated": True}, call(), True),
    (c.CheckoutTotal, {"minimum": D(41)}, call(basket(total=46, seen=D(40))), False),
    (c.ItemCount, {"minimum": D("3.5"), "maximum": D("3.5")}, call(BASKET), True),
    (c.ItemCount, {"minimum": D(4)}, call(BASKET), False),
    (c.BasketHas, {"items": HATS}, call(BASKET), True),
    (c.BasketHas, {"items": TIES}, call(BASKET), False),
    (c.BasketHas, {"items": TIES, "negated": True}, call(BASKET), True),
    (c.BasketHas, {"items": TIES, "maximum_quantity": D(0)}, call(BASKET), True),
    (c.BasketHas, {"items": TIES, "maximum_quantity": D(0)}, call(), False),
    (c.BasketHas, {"items": HATS, "minimum_quantity": D(3)}, call(BASKET), False),
    (c.BasketHas, {"items": HATS, "minimum_amount": D(40)}, call(BASKET), True),
    (c.BasketHas, {"items": HATS, "maximum_amount": D(39)}, call(BASKET), False),
    (c.BasketHas, {"items": c.Items(tags=("sale",))}, call(BASKET), True),
    (c.BasketHas, {"items": c.Items(), "minimum_quantity": D(3)}, call(BASKET), True),
    (c.BasketHas, {"items": c.Items(except_skus=("hat",)), "minimum_quantity": D(2)}, call(BASKET), False),
    (c.BasketHas, {"items": c.Items(categories=("clothes",), except_skus=("hat",))}, call(BASKET), False),
    (c.BasketHas, {"items": HATS}, call(basket(line("hat", 0, 20, "hats"))), False),
    (c.ExtremeItem, {"which": c.Extreme.MOST_EXPENSIVE, "items": HATS}, call(BASKET), True),
    (c.ExtremeItem, {"which": c.Extreme.CHEAPEST, "items": HATS}, call(BASKET), False),
    (c.ExtremeItem, {"which": c.Extreme.CHEAPEST, "items": c.Items(tags=("sale",))}, call(BASKET), True),
    (c.ExtremeItem, {"which": c.Extreme.CHEAPEST, "items": HATS}, call(), False),
)
def test_the_basket(kind, fields, facts, expected) -> None:
    assert met(kind, facts, **fields) is expected


KEYS = call(keys=(("promo", "TIES"), ("promo", "HATS")))
COUPON = call(basket(coupons=(Coupon(code="1", coupon_set="spring", tags=("vip",)),)))
PAID = call(basket(payments=(Payment(payment_type="Cash", pays=D(5)), Payment(payment_type="Card", pays=D(9)))))


@cases(
    (c.CustomKey, {"key": "promo", "values": ("HATS",)}, KEYS, True),
    (c.CustomKey, {"key": "promo", "values": ("hats",)}, KEYS, False),
    (c.CustomKey, {"key": "promo"}, KEYS, True),
    (c.CustomKey, {"key": "other"}, KEYS, False),
    (c.CouponFrom, {"sets": ("spring",)}, COUPON, True),
    (c.CouponFrom, {"sets": ("winter",)}, COUPON, False),
    (c.CouponFrom, {"sets": ("winter",), "tags": ("vip",)}, COUPON, True),
    (c.CouponFrom, {"tags": ("new",)}, COUPON, False),
    (c.PaidBy, {"payment_types": ("Cash",), "minimum": D(5)}, PAID, True),
    (c.PaidBy, {"payment_types": ("Cash",), "minimum": D(6)}, PAID, False),
    (c.PaidBy, {"minimum": D(14)}, PAID, True),
    (c.PaidBy, {"payment_types": ("Points",)}, PAID, False),
    (c.ReferralGiven, {}, call(basket(referring_card="9")), True),
    (c.ReferralGiven, {}, call(basket()), False),
    (c.EventLogged, {"categories": ("app",)}, call(logged=("app", "web")), True),
    (c.EventLogged, {"categories": ("shop",)}, call(logged=("app",)), False),
    (c.MessageSays, {"words": ("JOIN",)}, call(message=" join "), True),
    (c.MessageSays, {"words": ("join",)}, call(message="join us"), False),
    (c.MessageSays, {"words": ("join",), "anywhere": True}, call(message="Please, join!"), True),
    (c.MessageSays, {"words": ("stop",), "anywhere": True}, call(message="nonstop"), False),
    (c.MessageSays, {"words": ("join",)}, call(), False),
    (c.BalanceMoved, {"movement": c.Movement.ISSUE}, call(movement="issue", moved="Points"), True),
    (c.BalanceMoved, {"movement": c.Movement.HOLD}, call(movement="issue", moved="Points"), False),
    (c.ReferredSales, {"minimum_count": 2}, call(referred_count=2), True),
    (c.ReferredSales, {"minimum_total": D(9)}, call(referred_total=D(8)), False),
)
def test_what_the_call_says(kind, fields, facts, expected) -> None:
    assert met(kind, facts, **fields) is expected


@pytest.mark.parametrize(
    ("value_type", "minimum", "expected"), [("", 5, True), ("Points", 5, True), ("Punches", 5, False), ("", 6, False)]
)
def test_a_movement_has_a_value_type_and_an_amount(value_type, minimum, expected) -> None:
    facts = call(movement="redeem", moved="Points", moved_amount=D(5))
    fields = {"movement": c.Movement.REDEEM, "value_type": value_type, "minimum": D(minimum)}
    assert met(c.BalanceMoved, facts, **fields) is expected


@cases(
    (c.NthCheckout, {"n": 1}, call(), True),
    (c.NthCheckout, {"n": 3}, call(card=card(spent={"ever": SpendFact(checkouts=2)})), True),
    (c.NthCheckout, {"n": 3}, call(card=card(spent={"ever": SpendFact(checkouts=5)})), False),
    (c.NthCheckout, {"n": 3, "every": True}, call(card=card(spent={"ever": SpendFact(checkouts=5)})), True),
    (c.NthCheckout, {"n": 1, "every": True}, call(trigger=Trigger.CUSTOM), False),
    (c.ProgramIs, {"programs": ("loyalty",)}, call(), True),
    (c.ProgramIs, {"programs": ("gift",)}, call(), False),
    (c.CardSetIs, {"card_sets": ("web",)}, call(), True),
    (c.CardSetIs, {"card_sets": ("store",)}, call(), False),
    (c.CardIsChild, {}, call(card=card(is_child=True)), True),
    (c.CardIsChild, {}, call(), False),
    (c.Enrolled, {}, call(), False),
    (c.Enrolled, {}, call(card=card(enrolled_on=date(2026, 1, 1))), True),
    (c.Enrolled, {}, call(enrols=True), True),
    (c.Balance, {"value_type": "Points", "minimum": D(100)}, call(card=has(points=100)), True),
    (c.Balance, {"value_type": "Points", "minimum": D(100)}, call(card=has(points=99)), False),
    (c.Balance, {"value_type": "Points", "maximum": D(50)}, call(card=has(points=51)), False),
    (c.Balance, {"value_type": "Custom:none", "maximum": D(50)}, call(), False),
    (c.InSegment, {"segments": ("vip", "new")}, call(card=card(segments=("new",))), True),
    (c.InSegment, {"segments": ("vip",)}, call(), False),
    (c.InSegment, {"segments": ("vip",), "negated": True}, call(), True),
    (c.Spent, {"minimum": D(10)}, call(card=card(spent={"ever": SpendFact(spend=D(10))})), True),
    (c.Spent, {"minimum": D(1)}, call(), False),
    (c.Spent, {"window": YEAR, "maximum": D(9)}, call(card=card(spent={"month-12": SpendFact(spend=D(10))})), False),
    (c.Visited, {"window": LAST_WEEK, "minimum": 2}, call(card=card(visits={"week-2": 2})), True),
    (c.Visited, {"maximum": 0}, call(), True),
)
def test_the_card(kind, fields, facts, expected) -> None:
    assert met(kind, facts, **fields) is expected


def test_free_balance_counts_and_not_what_is_held() -> None:
    held = card(balances={"Points": BalanceFact(scale=0, free=D(5), in_all=D(100))})
    assert not met(c.Balance, call(card=held), value_type="Points", minimum=D(6))


@pytest.mark.parametrize(
    ("last", "fields", "expected"),
    [
        (datetime(2026, 11, 20, 3, tzinfo=UTC), {"minimum_days": 1}, True),
        (datetime(2026, 11, 20, 3, tzinfo=UTC), {"maximum_days": 0}, False),
        (datetime(2026, 11, 20, 6, tzinfo=UTC), {"maximum_days": 0}, True),
        (None, {"maximum_days": 9}, False),
        (None, {"maximum_days": 9, "negated": True}, True),
    ],
)
def test_days_since_the_last_visit_are_days_of_the_brand(last, fields, expected) -> None:
    assert met(c.LastVisit, call(card=card(last_visit=last)), **fields) is expected


CUSTOMER = call(
    card=card(customer={"city": "New York", "gender": "F", "postal": "10001"}, fields={"size": ("7", "XL")})
)


@cases(
    (c.CustomerField, {"field": "city"}, CUSTOMER, True),
    (c.CustomerField, {"field": "state"}, CUSTOMER, False),
    (c.CustomerField, {"field": "city", "compare": c.Compare.ONE_OF, "values": ("new york",)}, CUSTOMER, True),
    (c.CustomerField, {"field": "city", "compare": c.Compare.ONE_OF, "values": ("york",)}, CUSTOMER, False),
    (c.CustomerField, {"field": "city", "compare": c.Compare.CONTAINS, "values": ("YORK",)}, CUSTOMER, True),
    (c.CustomerField, {"field": "city", "compare": c.Compare.STARTS_WITH, "values": ("york", "new")}, CUSTOMER, True),
    (c.CustomerField, {"field": "city", "compare": c.Compare.STARTS_WITH, "values": ("york",)}, CUSTOMER, False),
    (c.CustomerField, {"field": "postal", "compare": c.Compare.BETWEEN, "minimum": D(10_000)}, CUSTOMER, True),
    (c.CustomerField, {"field": "city", "compare": c.Compare.BETWEEN, "minimum": D(0)}, CUSTOMER, False),
    (c.BrandField, {"field": "size"}, CUSTOMER, True),
    (c.BrandField, {"field": "shoe"}, CUSTOMER, False),
    (c.BrandField, {"field": "size", "compare": c.Compare.ONE_OF, "values": ("xl",)}, CUSTOMER, True),
    (c.BrandField, {"field": "size", "compare": c.Compare.BETWEEN, "maximum": D(7)}, CUSTOMER, True),
    (c.BrandField, {"field": "size", "compare": c.Compare.BETWEEN, "minimum": D(8)}, CUSTOMER, False),
    (c.GenderIs, {"genders": ("F",)}, CUSTOMER, True),
    (c.GenderIs, {"genders": ("M",)}, call(), False),
    (c.EventCount, {"category": "app"}, call(card=card(events={"app": {"ever": 1}})), True),
    (c.EventCount, {"category": "app", "window": YEAR}, call(card=card(events={"app": {"ever": 1}})), False),
    (c.OptedIn, {"by": "news"}, call(card=card(opted_in=("news",))), True),
    (c.OptedIn, {"by": "email"}, call(card=card(opted_in=("news",))), False),
)
def test_the_customer(kind, fields, facts, expected) -> None:
    assert met(kind, facts, **fields) is expected


# --- groups, negation, no card ---------------------------------------------------------------------------------------


def yes(**fields) -> c.Condition:
    return c.CheckoutTotal(uuid=uuid(), minimum=D(1), **fields)


def no(**fields) -> c.Condition:
    return c.CheckoutTotal(uuid=uuid(), minimum=D(1_000), **fields)


@pytest.mark.parametrize(
    ("group", "parts", "expected"),
    [
        (c.Every, (yes(), yes()), True),
        (c.Every, (yes(), no()), False),
        (c.AnyOf, (no(), yes()), True),
        (c.AnyOf, (no(), no()), False),
        (c.Every, (no(negated=True), yes()), True),
        (c.Every, (c.AnyOf(uuid=uuid(), conditions=(no(), yes())), yes()), True),
    ],
)
def test_groups_nest_and_are_negated_as_a_whole(group, parts, expected) -> None:
    assert met(group, call(BASKET), conditions=parts) is expected
    assert met(group, call(BASKET), conditions=parts, negated=True) is not expected


BIRTHDAY = c.Occasion(what=c.Happening.BIRTHDAY)
ABOUT_CARDS = [
    c.NthCheckout(uuid=uuid(), n=1),
    c.ProgramIs(uuid=uuid(), programs=("x",)),
    c.CardSetIs(uuid=uuid(), card_sets=("x",)),
    c.CardIsChild(uuid=uuid()),
    c.Enrolled(uuid=uuid()),
    c.Balance(uuid=uuid(), value_type="Points", maximum=D(5)),
    c.InSegment(uuid=uuid(), segments=("x",)),
    c.Spent(uuid=uuid(), maximum=D(5)),
    c.Visited(uuid=uuid(), maximum=5),
    c.LastVisit(uuid=uuid(), minimum_days=1),
    c.CustomerField(uuid=uuid(), field="city"),
    c.BrandField(uuid=uuid(), field="size"),
    c.GenderIs(uuid=uuid(), genders=("F",)),
    c.EventCount(uuid=uuid(), category="app", minimum=None, maximum=5),
    c.OptedIn(uuid=uuid(), by="email"),
    c.OccasionToday(uuid=uuid(), occasion=BIRTHDAY),
]


@pytest.mark.parametrize("condition", ABOUT_CARDS, ids=lambda condition: type(condition).__name__)
@pytest.mark.parametrize("negated", [False, True])
def test_nothing_about_a_card_is_met_without_one(condition, negated) -> None:
    facts = call(BASKET, card=None)
    fields = {name: getattr(condition, name) for name in condition.__struct_fields__} | {"negated": negated}
    assert about_card(condition)
    assert not is_met(type(condition)(**fields), Scene(facts, World(facts)))


def test_every_kind_about_the_card_is_in_that_table() -> None:
    assert {type(each) for each in ABOUT_CARDS} - {c.OccasionToday} == set(get_args(c.ABOUT_THE_CARD))


def test_an_occasion_of_the_calendar_needs_no_card() -> None:
    daily = c.Occasion(what=c.Happening.DAILY)
    assert met(c.OccasionToday, call(card=None), occasion=daily)
    assert not met(c.OccasionToday, call(card=None), occasion=daily, negated=True)


@pytest.mark.parametrize(
    ("group", "parts", "negated", "expected"),
    [
        (c.Every, (yes(), ABOUT_CARDS[4]), False, False),
        (c.AnyOf, (yes(), ABOUT_CARDS[4]), False, True),
        (c.Every, (no(), ABOUT_CARDS[4]), True, False),
        (c.AnyOf, (no(), ABOUT_CARDS[4]), True, False),
        (c.AnyOf, (c.Every(uuid=uuid(), conditions=(ABOUT_CARDS[4],)), no()), True, False),
        (c.Every, (no(),), True, True),
    ],
)
def test_without_a_card_a_negated_group_that_asks_for_one_is_not_met(group, parts, negated, expected) -> None:
    assert met(group, call(BASKET, card=None), conditions=parts, negated=negated) is expected


def test_amounts_are_exact() -> None:
    third = basket(line("a", Decimal("0.1"), 1), line("b", Decimal("0.2"), 1))
    assert met(c.CheckoutTotal, call(third), minimum=D("0.3"), maximum=D("0.3"))
