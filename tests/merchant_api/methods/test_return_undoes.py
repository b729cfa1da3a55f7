"""What a return undoes of its checkout: payments, what campaigns gave, coupons, events; what campaigns say to it."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.campaigns.models import Budget, Mutation, Spending
from apps.cards.models import Event
from apps.checkouts.models import Return
from apps.coupons.core.states import CouponState
from apps.coupons.models import CouponSet
from apps.facts.models import Firing
from apps.kernel.value_types import BalanceType
from apps.ledger.models import Entry, Void
from apps.programs.models import CardSet
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from tests.campaigns.live import condition, points, publish, result, rule, says
from tests.coupons.booklet import booklet, coupon, fill, steps
from tests.merchant_api.methods.test_return_merchandise import back, back_refused, buy, units, value
from tests.merchant_api.methods.test_void_transaction import pay, void, void_refused
from tests.merchant_api.steady import change_brand, history, movements, state
from tests.merchant_api.steady import points as points_of
from tests.shop import Reply, Shop


@pytest.fixture
def mixed(acme: Shop) -> CardSet:
    """Cards that hold dollars, points and punches."""
    program = create_program(brand=acme.brand, code="combo", name="Combo", type="combo", uses_pins=False)
    for kind, code, scale in (
        (BalanceType.CURRENCY, "USD", 2),
        (BalanceType.POINTS, "", 0),
        (BalanceType.PUNCHES, "", 0),
    ):
        create_value_type(brand=acme.brand, program=program, balance_type=kind, balance_code=code, scale=scale)
    return create_card_set(brand=acme.brand, program=program, code="combo", name="Combo")


@pytest.fixture
def card(acme: Shop, mixed: CardSet) -> str:
    """A card with 100 dollars."""
    card = acme.card(card_set=mixed)
    acme.issue(card, 100)
    return card


def holds(shop: Shop, card: str, kind: str = "Points") -> Decimal:
    """The free balance of one kind."""
    return sum((each["amount"] for each in shop.balances(card) if each["balanceType"] == kind), Decimal(0))


def per_dollar(amount: Any = 1) -> dict[str, Any]:
    return result("issue_balance", value_type="Points", amount={"kind": "per_unit", "amount": amount})


def moved(shop: Shop, reply: Reply, kind: int = 11) -> list[Decimal]:
    rows = Entry.objects.filter(brand=shop.brand, operation_id=reply["requestRef"], kind=kind).order_by("seq")
    return list(rows.values_list("amount", flat=True))


def spend_points(shop: Shop, card: str, amount: int) -> str:
    return str(shop.ok("updateBalance", points_of(card, "redeem", amount))["transactionId"])


# --- what results issued ---------------------------------------------------------------------------------------------


def test_the_share_that_comes_back_takes_its_share_of_what_was_issued(acme: Shop, card: str) -> None:
    publish(acme, rule(per_dollar()))
    bought = buy(acme, card)
    back(acme, card, bought, **value("12.50"))
    assert holds(acme, card) == 37
    back(acme, card, bought, returnedProducts=[units("TIE")])
    assert holds(acme, card) == 7
    back(acme, card, bought, **value("7.50"))
    assert holds(acme, card) == 0


def test_all_quantities_take_all_whatever_their_prices(acme: Shop, card: str) -> None:
    publish(acme, rule(points(7)))
    bought = buy(acme, card)
    reply = back(acme, card, bought, returnedProducts=[units("HAT", 2, 1), units("TIE", 1, 1)])
    assert moved(acme, reply) == [-7]
    assert movements(history(acme, card)[0]) == [-7]


def test_only_what_results_issued_is_taken(acme: Shop, card: str) -> None:
    publish(acme, rule(points(7), result("redeem_balance", value_type="Currency:USD", amount=5)))
    bought = buy(acme, card)
    acme.ok("updateBalance", points_of(card, "issue", 20))
    assert moved(acme, back(acme, card, bought, **value(50))) == [-7]
    assert (holds(acme, card), holds(acme, card, "Currency")) == (20, 95)


def test_what_is_spent_is_a_shortfall_and_nothing_goes_below_zero(acme: Shop, card: str) -> None:
    publish(acme, rule(points(10)))
    bought = buy(acme, card)
    spend_points(acme, card, 8)
    back(acme, card, bought, **value(25))
    acme.ok("updateBalance", points_of(card, "issue", 9))
    back(acme, card, bought, **value(25))
    assert holds(acme, card) == 4
    shortfalls = Return.objects.filter(brand=acme.brand).order_by("operation_id").values_list("shortfall", flat=True)
    assert [[Decimal(amount) for amount in (each or {}).values()] for each in shortfalls] == [[3], []]


def test_a_brand_can_leave_customers_what_they_got(acme: Shop, card: str) -> None:
    change_brand(acme, return_takes_back_issued=False)
    publish(acme, rule(points(10)))
    back(acme, card, buy(acme, card), **value(50))
    assert holds(acme, card) == 10


def test_conversions_are_undone_by_a_full_return_only(acme: Shop, card: str) -> None:
    acme.ok("updateBalance", points_of(card, "issue", 100))
    turned = result("convert", take="Points", threshold=60, give="Punches", reward=3)
    publish(acme, rule(turned))
    bought = buy(acme, card)
    assert (holds(acme, card), holds(acme, card, "Punches")) == (40, 3)
    assert moved(acme, back(acme, card, bought, **value(49))) == []
    assert sorted(moved(acme, back(acme, card, bought, **value(1)))) == [-3, 60]
    assert (holds(acme, card), holds(acme, card, "Punches")) == (100, 0)
    back(acme, card, bought)
    assert (holds(acme, card), holds(acme, card, "Punches")) == (100, 0)


def test_a_voided_return_gives_back_and_the_next_one_takes_again(acme: Shop, card: str) -> None:
    publish(acme, rule(per_dollar()))
    bought = buy(acme, card)
    first = back(acme, card, bought, **value(20))["requestRef"]
    second = back(acme, card, bought, **value(30))["requestRef"]
    assert holds(acme, card) == 0
    void(acme, card, first)
    assert holds(acme, card) == 20
    assert moved(acme, back(acme, card, bought, **value(10))) == [-10]
    void(acme, card, second)
    assert holds(acme, card) == 40


def test_after_voided_returns_a_checkout_is_voided_whole(acme: Shop, card: str) -> None:
    publish(acme, rule(points(10)))
    bought = buy(acme, card, paymentMethods=[pay(30)])
    for _ in range(2):
        reply = back(acme, card, bought, reversePayments=True, **value(50))
        void(acme, card, reply["requestRef"])
    assert (holds(acme, card), holds(acme, card, "Currency")) == (10, 70)
    void(acme, card, bought)
    assert (holds(acme, card), holds(acme, card, "Currency")) == (0, 100)


def test_what_a_child_was_given_is_taken_from_the_child(acme: Shop, card: str) -> None:
    publish(acme, rule(points(10)))
    kid = {"childCardNumber": "kid"}
    acme.ok("allocateChildCard", {"cardNumber": card} | kid)
    bought = buy(acme, card, **kid)
    roots = buy(acme, card, **kid, useParentBalancesOnly=True, paymentMethods=[pay(20)])
    assert moved(acme, back(acme, card, bought, **kid, **value(50))) == [-10]
    assert moved(acme, back(acme, card, roots, **kid, reversePayments=True, **value(50))) == [20, -10]
    assert (holds(acme, card), holds(acme, card, "Currency")) == (0, 100)


def test_after_a_transfer_the_new_card_gives_what_the_old_one_got(acme: Shop, card: str, mixed: CardSet) -> None:
    publish(acme, rule(points(10)))
    bought = buy(acme, card, paymentMethods=[pay(30)])
    new = acme.card(card_set=mixed)
    acme.ok("transfer", {"cardNumber": card, "action": "out"})
    acme.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": card})
    reply = back(acme, new, bought, reversePayments=True, **value(50))
    assert (holds(acme, new), holds(acme, new, "Currency")) == (0, 100)
    newest = acme.card(card_set=mixed)
    acme.ok("transfer", {"cardNumber": new, "action": "out"})
    acme.ok("transfer", {"cardNumber": newest, "action": "in", "oldCardNumber": new})
    void(acme, newest, reply["requestRef"])
    assert (holds(acme, newest), holds(acme, newest, "Currency")) == (10, 70)
    void(acme, newest, bought)
    assert (holds(acme, newest), holds(acme, newest, "Currency")) == (0, 100)


# --- payments --------------------------------------------------------------------------------------------------------


def test_payments_come_back_whole_however_little_is_returned(acme: Shop, card: str) -> None:
    redeemed = acme.redeem(card, 15)
    bought = buy(acme, card, paymentMethods=[pay(20), {"updateBalanceRequestRef": redeemed}])
    reply = back(acme, card, bought, reversePayments=True, **value(1))
    assert sorted(moved(acme, reply)) == [15, 20]
    assert holds(acme, card, "Currency") == 100
    back_refused(acme, 9, card, bought, reversePayments=True)
    back(acme, card, bought, **value(1))


def test_payments_stay_unless_they_are_asked_for(acme: Shop, card: str) -> None:
    bought = buy(acme, card, paymentMethods=[pay(20)])
    back(acme, card, bought, **value(50))
    assert holds(acme, card, "Currency") == 80


def test_a_payment_that_was_voided_alone_is_not_given_back_twice(acme: Shop, card: str) -> None:
    redeemed = acme.redeem(card, 15)
    bought = buy(acme, card, paymentMethods=[pay(20), {"updateBalanceRequestRef": redeemed}])
    void(acme, card, redeemed)
    assert moved(acme, back(acme, card, bought, reversePayments=True)) == [20]
    assert holds(acme, card, "Currency") == 100


def test_a_payment_that_was_given_back_is_not_voided_while_the_return_stands(acme: Shop, card: str) -> None:
    redeemed = acme.redeem(card, 15)
    bought = buy(acme, card, paymentMethods=[{"updateBalanceRequestRef": redeemed}])
    reply = back(acme, card, bought, reversePayments=True, **value(5))
    void_refused(acme, 9, card, redeemed)
    void(acme, card, reply["requestRef"])
    void(acme, card, redeemed)
    assert holds(acme, card, "Currency") == 100


def test_a_return_that_left_payments_alone_does_not_stand_in_their_way(acme: Shop, card: str) -> None:
    redeemed = acme.redeem(card, 15)
    bought = buy(acme, card, paymentMethods=[{"updateBalanceRequestRef": redeemed}])
    back(acme, card, bought, **value(5))
    void(acme, card, redeemed)
    assert holds(acme, card, "Currency") == 100


def test_a_voided_return_takes_the_payments_again_or_refuses(acme: Shop, card: str) -> None:
    bought = buy(acme, card, paymentMethods=[pay(50)])
    reply = back(acme, card, bought, reversePayments=True, **value(50))["requestRef"]
    acme.redeem(card, 60)
    void_refused(acme, 13, card, reply)
    change_brand(acme, void_takes_what_is_free=True)
    void(acme, card, reply)
    assert holds(acme, card, "Currency") == 0
    assert [Decimal(amount) for amount in Void.objects.get(brand=acme.brand).shortfall.values()] == [10]
    again = back(acme, card, bought, reversePayments=True, **value(50))
    assert moved(acme, again) == [40]
    void(acme, card, again["requestRef"])
    void(acme, card, bought)
    assert holds(acme, card, "Currency") == 40


def test_payments_of_an_anonymous_checkout_are_reversed_once_and_move_nothing(acme: Shop) -> None:
    bought = buy(acme, paymentMethods=[{"paymentType": "Cash", "amount": 50}])
    reply = back(acme, None, bought, reversePayments=True)
    assert Return.objects.get(brand=acme.brand, operation_id=reply["requestRef"]).reversed_payments is True
    back_refused(acme, 9, None, bought, reversePayments=True)


# --- coupons ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def bought(acme: Shop, card: str) -> str:
    """A checkout that used the coupon U and issued one of a set."""
    booklet(acme, ["U"], code="used")
    booklet(acme, ["I"], code="gifts")
    acme.ok("allocateCoupon", {"couponId": "U"})
    asked = condition("coupon_from", sets=["used"])
    acme.ok("createEventType", {"categoryId": "call"})
    publish(acme, rule(points(10), when=[asked]))
    publish(acme, rule(result("allocate_coupon", coupon_set="gifts"), result("log_event", category="call")))
    return buy(acme, card, coupons=["U"])


def is_used(shop: Shop, code: str = "U") -> bool:
    return coupon(shop, code).state == CouponState.USED


@pytest.mark.parametrize(
    ("resets", "after_a_part", "after_all"),
    [(None, True, False), ("OnlyOnFullReturn", True, False), ("Always", False, False), ("Never", True, True)],
)
def test_used_coupons(
    acme: Shop, card: str, bought: str, resets: str | None, after_a_part: bool, after_all: bool
) -> None:
    wish = {"usedCouponResets": resets} if resets else {}
    back(acme, card, bought, **wish, **value(1))
    assert is_used(acme) is after_a_part
    back(acme, card, bought, **wish, **value(49))
    assert is_used(acme) is after_all
    assert coupon(acme, "U").last_step == (2 if after_all else 3)


def test_a_coupon_that_another_checkout_has_used_since_stays_used(acme: Shop, card: str, bought: str) -> None:
    back(acme, card, bought, usedCouponResets="Always", **value(1))
    again = buy(acme, card, coupons=["U"])
    back(acme, card, bought, usedCouponResets="Always", **value(1))
    assert str(coupon(acme, "U").used_by) == again


def test_issued_coupons_are_disabled_with_any_return(acme: Shop, card: str, bought: str) -> None:
    reply = back(acme, card, bought, **value(1))
    assert coupon(acme, "I").state == CouponState.DISABLED
    assert steps(acme, "I")[-1] == (2, "disable", int(CouponState.DISABLED))
    back(acme, card, bought, **value(1))
    void(acme, card, reply["requestRef"])
    assert coupon(acme, "I").state == CouponState.DISABLED
    assert acme.post("couponDetails", {"couponId": "I", "action": "use"}).code == 25


def test_issued_coupons_can_be_left(acme: Shop, card: str, bought: str) -> None:
    back(acme, card, bought, disableIssuedCoupons=False, **value(50))
    assert coupon(acme, "I").state == CouponState.ALLOCATED


def test_an_issued_coupon_that_was_used_refuses_the_return(acme: Shop, card: str, bought: str) -> None:
    acme.ok("couponDetails", {"couponId": "I", "action": "use"})
    assert back_refused(acme, 27, card, bought, **value(1))["blockingCoupons"] == ["I"]
    back(acme, card, bought, disableIssuedCoupons=False, **value(1))
    back(acme, card, bought, failIfCouponsUsed=False, **value(1))
    assert is_used(acme, "I")


def test_coupons_of_a_checkout_in_two_steps(acme: Shop, card: str, bought: str) -> None:
    booklet(acme, ["V"], code="more")
    fill(CouponSet.objects.get(brand=acme.brand, code="gifts"), ["J"])
    acme.ok("allocateCoupon", {"couponId": "V"})
    setup = acme.ok(
        "checkout",
        {"cardNumber": card, "checkoutTotal": 50, "isSetup": True, "lockSetupDuration": 60, "coupons": ["V"]}
        | {"failOnUnusedCoupons": False},
    )["requestRef"]
    completed = acme.ok("checkout", {"cardNumber": card, "relatedSetupTransactionId": setup})
    assert completed["issuedCouponIDs"] == ["J"]
    back(acme, card, completed["requestRef"], **value(50))
    assert coupon(acme, "V").state == CouponState.ALLOCATED
    assert coupon(acme, "J").state == CouponState.DISABLED


# --- events ----------------------------------------------------------------------------------------------------------


def test_events_are_taken_back_where_it_is_wanted(acme: Shop, card: str, bought: str) -> None:
    removed = Event.objects.filter(brand=acme.brand, operation_id=bought, removed_by__isnull=False)
    back(acme, card, bought, **value(1))
    assert not removed.exists()
    reply = back(acme, card, bought, removeCustomEvents=True, **value(1))
    back(acme, card, bought, removeCustomEvents=True, **value(1))
    assert [str(event.removed_by) for event in removed] == [reply["requestRef"]]


# --- campaigns about the return --------------------------------------------------------------------------------------


def test_rules_with_the_trigger_return_see_what_came_back(acme: Shop, card: str) -> None:
    over_20 = condition("checkout_total", minimum=20)
    publish(acme, rule(points(5), trigger="return", when=[over_20]))
    publish(acme, rule(points(100), says("Thank you")))
    bought = buy(acme, card)
    back(acme, card, bought, **value(19))
    assert holds(acme, card) == 62
    reply = back(acme, card, bought, **value(20))
    assert holds(acme, card) == 62 - 40 + 5
    assert moved(acme, reply, kind=1) == [5]
    assert Mutation.objects.filter(brand=acme.brand, operation_id=reply["requestRef"]).count() == 1
    void(acme, card, reply["requestRef"])
    assert holds(acme, card) == 62


def test_a_rule_about_returns_needs_no_checkout(acme: Shop, card: str) -> None:
    publish(acme, rule(points(5), trigger="return"))
    back(acme, card)
    back(acme, card, simulateOnly=True)
    assert holds(acme, card) == 5


def test_a_rule_cannot_use_a_coupon_that_its_return_disables(acme: Shop, card: str, bought: str) -> None:
    publish(acme, rule(result("use_coupon", sets=["gifts"]), trigger="return"))
    back(acme, card, bought, **value(1))
    assert coupon(acme, "I").state == CouponState.DISABLED


@pytest.mark.parametrize("restores", [True, False])
def test_counters_come_back_with_a_void_only_where_the_brand_says_so(acme: Shop, card: str, restores: bool) -> None:
    change_brand(acme, void_restores_counters=restores)
    cap = {"uuid": uuid4(), "measure": "uses", "cap": 9}
    publish(acme, rule(points(5), throttles=[{"times": 1}]), budgets=[cap])
    bought = buy(acme, card)
    void(acme, card, bought)
    row = {"brand": acme.brand, "operation_id": bought}
    assert (Firing.objects.get(**row).undone, Spending.objects.get(**row).undone) == (restores, restores)
    assert Budget.objects.get(brand=acme.brand, measure="uses").used == (0 if restores else 1)
    buy(acme, card)
    assert holds(acme, card) == (5 if restores else 0)


def test_a_simulation_of_all_that_changes_nothing(acme: Shop, card: str, bought: str) -> None:
    before = state(acme)
    back(acme, card, bought, simulateOnly=True, reversePayments=True, removeCustomEvents=True, **value(50))
    assert state(acme) == before


def test_another_brands_numbers_do_not_matter(acme: Shop, charlie: Shop, card: str) -> None:
    publish(acme, rule(points(10)))
    bought, before = buy(acme, card), state(charlie)
    back(acme, card, bought, **value(50))
    assert state(charlie) == before
    assert charlie.post("returnMerchandise", {"cardNumber": card, "checkoutRequestRef": bought}).code == 2
