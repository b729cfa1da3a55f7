"""checkout with a lock: set up, complete, cancel."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.campaigns.models import Budget, BudgetReservation, Mutation, Spending
from apps.checkouts.models import Checkout, Payment, Setup
from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon
from apps.facts.models import Firing
from apps.kernel.value_types import BalanceType
from apps.messaging.models import Outbox
from apps.transactions.operations.update_balance import BalanceChange, update_balance
from tests.campaigns.live import percent, points, publish, result, rule, says
from tests.coupons.booklet import booklet
from tests.coupons.booklet import coupon as coupon_row
from tests.merchant_api.steady import UNKNOWN, change_brand, change_type, history, refused
from tests.merchant_api.steady import points as points_body
from tests.merchant_api.test_statements import counted
from tests.shop import Reply, Shop, usd
from tests.transactions.lavish import basket, coupon, lavish, member

D = Decimal


def set_up(shop: Shop, card: str, seconds: int = 600, **more: Any) -> Reply:
    """Set a checkout up that locks the card."""
    return shop.ok("checkout", setup_body(card, seconds, **more))


def setup_body(card: str, seconds: int = 600, **more: Any) -> dict[str, Any]:
    shown = {"returnBalances": True, "returnBalanceMutations": True}
    total = {} if "products" in more else {"checkoutTotal": 25}
    return {"cardNumber": card, "isSetup": True, "lockSetupDuration": seconds, **shown, **total, **more}


def step_body(card: str, setup: Any, **more: Any) -> dict[str, Any]:
    """The body of a complete; with cancelSetup that of a cancel."""
    shown = {"returnBalances": True, "returnBalanceMutations": True}
    return {"cardNumber": card, "relatedSetupTransactionId": setup, **shown, **more}


def complete(shop: Shop, card: str, setup: Reply, **more: Any) -> Reply:
    return shop.ok("checkout", step_body(card, setup["transactionId"], **more))


def cancel(shop: Shop, card: str, setup: Reply, **more: Any) -> Reply:
    return shop.ok(
        "checkout",
        {"cardNumber": card, "relatedSetupTransactionId": setup["transactionId"], "cancelSetup": True} | more,
    )


PAY = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 10}


@pytest.fixture
def card(acme: Shop) -> str:
    """A gift card with 100 USD."""
    card = acme.card()
    acme.issue(card, 100)
    return card


# --- the whole of it -------------------------------------------------------------------------------------------------


def test_complete_is_exactly_what_setup_showed(acme: Shop) -> None:
    lavish(acme)
    card, sent = member(acme), coupon(acme)
    setup = set_up(acme, card, **basket(card, sent))
    assert "issuedCouponIDs" not in setup.body
    assert {each["balanceType"]: each["amount"] for each in setup["balances"]} == {"Points": 60, "Currency": 40}
    done = complete(acme, card, setup)
    for name in ("balanceMutations", "checkoutTotalBeforeDiscount", "totalDiscount", "responseMessages", "cardNumber"):
        assert done[name] == setup[name], name
    assert done["responseMessages"] == ["Hello Ada"]
    (issued,) = done["issuedCouponIDs"]
    assert coupon_row(acme, issued).state == CouponState.ALLOCATED
    assert coupon_row(acme, sent).state == CouponState.USED
    # 65.50: 65 points, of 125 points 100 become 5 dollars; a hat of three for half its price, ten percent off the rest
    moved = [each["amount"] for each in done["balanceMutations"]]
    assert moved == [D("-12.00"), 65, -100, D("5.00"), D("10.00"), D("5.55"), 7]
    assert done["totalDiscount"] == D("15.55")
    assert {each["balanceType"]: each["amount"] for each in done["balances"]} == {"Points": 25, "Currency": 33}


def test_complete_in_two_steps_is_the_same_as_in_one(acme: Shop) -> None:
    lavish(acme)
    one, two = member(acme), member(acme)
    once = acme.ok("checkout", basket(one, coupon(acme)))
    setup = set_up(acme, two, **basket(two, coupon(acme)))
    done = complete(acme, two, setup)
    for name in ("balances", "balanceMutations", "totalDiscount", "checkoutTotalBeforeDiscount"):
        assert done[name] == once[name], name
    facts = ["total", "discount", "pre_discount", "paid_as_discount", "key_values", "currency", "location_id"]
    rows = Checkout.objects.filter(brand=acme.brand).order_by("operation_id").values(*facts)
    assert rows[0] == rows[1]
    for model in (Mutation, Payment):
        counts = [model.objects.filter(operation_id=each["transactionId"]).count() for each in (once, done)]
        assert counts[0] == counts[1] > 0


def test_everything_that_campaigns_do_is_done_by_complete_and_not_by_setup(acme: Shop) -> None:
    lavish(acme)
    card, sent = member(acme), coupon(acme)
    shown = {
        "filters": {"cardNumber": card},
        "returnFields": {"isEnrolled": True, "events": True, "brandDemographics": True},
    }
    setup = set_up(acme, card, **basket(card, sent))
    before = acme.ok("search", shown)["cards"][0]
    assert not before.get("events")
    assert not before["isEnrolled"]
    for model in (Firing, Spending, Outbox, Mutation):
        assert not model.objects.filter(brand=acme.brand).exists()
    done = complete(acme, card, setup)
    after = acme.ok("search", shown)["cards"][0]
    assert [each["categoryId"] for each in after["events"]] == ["spree"]
    assert after["isEnrolled"]
    assert "visits" in str(after["brandDemographics"])
    for model in (Firing, Spending, Outbox, Mutation):
        operations = set(model.objects.filter(brand=acme.brand).values_list("operation_id", flat=True))
        assert [str(each) for each in operations] == [done["transactionId"]], model
    assert str(Checkout.objects.get(brand=acme.brand).setup_operation_id) == setup["transactionId"]


def test_setups_and_cancels_stand_in_the_history(acme: Shop, card: str) -> None:
    setup = set_up(acme, card, paymentMethods=[PAY])
    cancel(acme, card, setup)
    again = set_up(acme, card, paymentMethods=[PAY])
    complete(acme, card, again)
    rows = history(acme, card)
    types = ["CHECKOUT_COMPLETE", "CHECKOUT_SETUP", "CHECKOUT_CANCEL", "CHECKOUT_SETUP"]
    assert [each["callType"] for each in rows[:4]] == types
    assert acme.free(card) == D("90.00")


# --- what is reserved ------------------------------------------------------------------------------------------------


def test_the_lock_reserves_and_cancel_gives_everything_back(acme: Shop) -> None:
    lavish(acme)
    card, sent = member(acme), coupon(acme)
    setup = set_up(acme, card, **basket(card, sent))
    held = {each["balanceType"]: each["amount"] for each in acme.balances(card) if each["isHold"]}
    assert held == {"Points": 35, "Currency": D("12.00")}
    assert coupon_row(acme, sent).state == CouponState.RESERVED
    disabled = [row.code for row in Coupon.objects.filter(brand=acme.brand, state=CouponState.DISABLED)]
    assert len(disabled) == 1
    assert BudgetReservation.objects.filter(brand=acme.brand).count() == 2
    cancelled = cancel(acme, card, setup)
    assert cancelled["cardNumber"] == card
    assert not {"issuedCouponIDs", "balances", "balanceMutations", "totalDiscount"} & set(cancelled.body)
    assert acme.held(card) == {}
    assert coupon_row(acme, sent).state == CouponState.ALLOCATED
    assert coupon_row(acme, disabled[0]).state == CouponState.DISABLED
    budgets = Budget.objects.filter(brand=acme.brand).values_list("used", "reserved")
    assert all(figures == (0, 0) for figures in budgets)
    acme.ok("checkout", basket(card, sent))


def test_a_coupon_of_a_setup_that_was_given_up_counts_for_no_limit(acme: Shop) -> None:
    booklet(acme, ["W-1", "W-2", "W-3", "W-4", "W-5"], code="welcome", limit_per_card=1)
    publish(acme, rule(result("allocate_coupon", coupon_set="welcome", promotion_id="hello")))
    card = acme.card(card_set=acme.loyalty_set)
    cancel(acme, card, set_up(acme, card))
    wish = {"couponSetId": "welcome", "cardNumber": card, "promotionId": "hello"}
    acme.ok("allocateCoupon", wish)
    refused(acme, 9, "allocateCoupon", wish | {"allowMultipleCoupons": True})
    other = acme.card(card_set=acme.loyalty_set)
    cancel(acme, other, set_up(acme, other))
    assert len(complete(acme, other, set_up(acme, other))["issuedCouponIDs"]) == 1


def test_reserved_coupons_are_nobody_elses(acme: Shop) -> None:
    lavish(acme)
    card, sent = member(acme), coupon(acme)
    set_up(acme, card, **basket(card, sent))
    refused(acme, 25, "couponDetails", {"couponId": sent, "action": "use"})
    refused(acme, 27, "checkout", basket(member(acme), sent))


def test_a_reserved_budget_is_nobody_elses(acme: Shop) -> None:
    lavish(acme)
    Budget.objects.filter(brand=acme.brand, measure="discount").update(cap=30)
    first, second = member(acme), member(acme)
    setup = set_up(acme, first, **basket(first, coupon(acme)))
    assert setup["totalDiscount"] > 15
    sent = coupon(acme)
    poor = acme.ok("checkout", basket(second, sent) | {"failOnUnusedCoupons": False, "isSetup": True})
    assert poor["totalDiscount"] == 0
    cancel(acme, first, setup)
    assert acme.ok("checkout", basket(second, sent))["totalDiscount"] == setup["totalDiscount"]


# --- complete does what was shown ------------------------------------------------------------------------------------


def test_what_is_published_in_between_changes_nothing(acme: Shop) -> None:
    campaign = publish(acme, rule(percent(10), points(5), says("ten")))
    card = acme.card(card_set=acme.loyalty_set)
    setup = set_up(acme, card)
    publish(acme, rule(percent(90), points(500), says("ninety")), campaign=campaign)
    change_type(acme, acme.points, maximum=D(1), issue_maximum=D(1))
    done = complete(acme, card, setup)
    assert (done["totalDiscount"], done["responseMessages"]) == (D("2.50"), ["ten"])
    assert done["balances"][0]["amount"] == 5


def test_total_and_products_on_complete_are_ignored(acme: Shop, card: str) -> None:
    setup = set_up(acme, card, paymentMethods=[PAY])
    more = {"checkoutTotal": 999, "products": [{"sku": "X", "unitPrice": 7}], "lockSetupDuration": 5}
    done = complete(acme, card, setup, **more)
    assert done["checkoutTotalBeforeDiscount"] == D("25.00")
    assert Checkout.objects.get(brand=acme.brand).total == 25


def test_a_child_pays_with_its_parents_value_in_two_steps(acme: Shop, card: str) -> None:
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    kid = {"childCardNumber": "kid"}
    setup = set_up(acme, card, paymentMethods=[PAY], useParentBalancesOnly=True, **kid)
    refused(acme, 8, "checkout", step_body(card, setup["transactionId"]))
    done = complete(acme, card, setup, **kid)
    assert (done["childCardNumber"], acme.free(card)) == ("kid", D("90.00"))
    again = set_up(acme, card, paymentMethods=[PAY], useParentBalancesOnly=True, **kid)
    assert cancel(acme, card, again, **kid)["childCardNumber"] == "kid"
    assert (acme.free(card), acme.held(card)) == (D("90.00"), {})


def test_complete_can_be_voided(acme: Shop) -> None:
    lavish(acme)
    card = member(acme)
    done = complete(acme, card, set_up(acme, card, **basket(card, coupon(acme))))
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": done["requestRef"]})
    shown = acme.ok("search", {"filters": {"cardNumber": card}, "returnFields": {"balances": True}})["cards"][0]
    assert {each["balanceType"]: each["amount"] for each in shown["balances"]} == {"Points": 60, "Currency": 40}


def test_setups_and_cancels_cannot_be_voided(acme: Shop, card: str) -> None:
    setup = set_up(acme, card, paymentMethods=[PAY])
    cancelled = cancel(acme, card, setup)
    for each in (setup, cancelled):
        refused(acme, 31, "voidTransaction", {"cardNumber": card, "requestRef": each["requestRef"]})


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_second_checkout_on_a_locked_card_is_refused(acme: Shop, card: str) -> None:
    setup = set_up(acme, card)["transactionId"]
    for body in (setup_body(card), setup_body(card, 0), {"cardNumber": card, "checkoutTotal": 5}):
        assert refused(acme, 14, "checkout", body)["checkoutSetupTransactionId"] == setup


def test_a_lock_needs_a_card_and_no_longer_than_the_brand_allows(acme: Shop, card: str) -> None:
    refused(acme, 9, "checkout", {"isSetup": True, "lockSetupDuration": 5, "checkoutTotal": 5})
    refused(acme, 9, "checkout", setup_body(card, 3601))
    refused(acme, 9, "checkout", setup_body(card, 10**12))
    change_brand(acme, longest_checkout_lock=60)
    refused(acme, 9, "checkout", setup_body(card, 61))
    set_up(acme, card, 60)


def test_a_lock_duration_without_setup_is_ignored(acme: Shop, card: str) -> None:
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 5, "lockSetupDuration": 600})
    acme.redeem(card, 1)
    assert not Setup.objects.filter(brand=acme.brand).exists()


def test_a_related_setup_in_a_setup_is_ignored(acme: Shop, card: str) -> None:
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 5, "isSetup": True, "relatedSetupTransactionId": UNKNOWN})


@pytest.mark.parametrize("how", [{}, {"cancelSetup": True}, {"cancelSetup": True, "isSetup": True}])
def test_complete_and_cancel_are_refused_alike(acme: Shop, card: str, how: dict[str, Any]) -> None:
    other = acme.card()
    setup = set_up(acme, card)["transactionId"]
    refused(acme, 9, "checkout", {"relatedSetupTransactionId": setup} | how)
    refused(acme, 2, "checkout", step_body("unknown", setup, **how))
    refused(acme, 8, "checkout", step_body(other, setup, **how))
    refused(acme, 8, "checkout", step_body(card, UNKNOWN, **how))
    refused(acme, 8, "checkout", step_body(card, "nonsense", **how))
    refused(acme, 10, "checkout", step_body(card, setup, forcePinValidation=True, pin="9999x", **how))
    refused(acme, 9, "checkout", step_body(card, setup, useParentBalancesOnly=True, **how))
    acme.ok("checkout", step_body(card, setup, **how))


@pytest.mark.parametrize("how", [{}, {"cancelSetup": True}])
def test_what_locks_no_more_is_neither_completed_nor_cancelled(acme: Shop, card: str, how: dict[str, Any]) -> None:
    ended = []
    for step in (complete, cancel):
        setup = set_up(acme, card, paymentMethods=[PAY])
        step(acme, card, setup)
        ended.append(setup)
    ended.append(acme.ok("checkout", setup_body(card, 0)))
    for setup in ended:
        refused(acme, 15, "checkout", step_body(card, setup["transactionId"], **how))
        refused(acme, 8, "checkout", step_body(acme.card(), setup["transactionId"], **how))
    bought = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 1})
    refused(acme, 8, "checkout", step_body(card, bought["transactionId"], **how))


def test_a_hold_that_a_faster_clock_has_released_is_no_promise_any_more(acme: Shop, card: str) -> None:
    kid = {"childCardNumber": f"{card}-kid", "useParentBalancesOnly": True}
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": kid["childCardNumber"]})
    setup = set_up(acme, card, 60, paymentMethods=[PAY], **kid)
    ahead = datetime.now(UTC) + timedelta(minutes=2)
    wanted = BalanceChange(action="redeem", balance_type=BalanceType.CURRENCY, balance_code="USD", amount=D(95))
    call = acme.call(now=ahead, moment=ahead)
    update_balance(call=call, configuration=acme.configuration, card_number=card, wanted=wanted)
    refused(acme, 15, "checkout", step_body(card, setup["transactionId"], **kid))


def test_cancel_without_a_setup_is_refused(acme: Shop, card: str) -> None:
    refused(acme, 9, "checkout", {"cardNumber": card, "cancelSetup": True})


def test_cancel_wins_over_everything(acme: Shop, card: str) -> None:
    setup = set_up(acme, card)
    acme.ok("checkout", setup_body(card, cancelSetup=True, relatedSetupTransactionId=setup["transactionId"]))
    assert not Setup.objects.filter(brand=acme.brand, ended_by=None).exists()


def test_another_brand_can_do_nothing_with_a_setup(acme: Shop, charlie: Shop, card: str) -> None:
    setup = set_up(acme, card)["transactionId"]
    theirs = charlie.card(card)
    refused(charlie, 8, "checkout", step_body(theirs, setup))
    refused(charlie, 8, "checkout", step_body(theirs, setup, cancelSetup=True))
    charlie.issue(theirs, 1)


def test_what_the_setup_kept_is_gone_with_its_end(acme: Shop) -> None:
    lavish(acme)
    card = member(acme)
    setup = set_up(acme, card, **basket(card, coupon(acme)))
    assert b"Ada" in bytes(Setup.objects.get(operation_id=setup["transactionId"]).plan)
    complete(acme, card, setup)
    assert bytes(Setup.objects.get(operation_id=setup["transactionId"]).plan) == b""


def test_a_repeated_complete_is_known_by_its_custom_request_id(acme: Shop, card: str) -> None:
    setup = set_up(acme, card, paymentMethods=[PAY])
    body = step_body(card, setup["transactionId"])
    acme.ok("checkout", body, customRequestId="till-7")
    refused(acme, 3, "checkout", body, customRequestId="till-7")


def test_the_locking_alternatives_of_the_document(acme: Shop) -> None:
    """60 points, then 65 more make 100 of 125 points 5 in cashback; of which 4 are held for the next checkout."""
    card = acme.card(card_set=acme.loyalty_set)
    acme.ok("updateBalance", points_body(card, "issue", 60))
    publish(acme, rule(points(65)))
    setup = set_up(acme, card)
    done = complete(acme, card, setup)
    assert done["balances"][0]["amount"] == 125
    assert usd(card, "hold", 4)


# --- cost ------------------------------------------------------------------------------------------------------------


def test_steps_take_few_statements(acme: Shop, card: str) -> None:
    publish(acme, rule(percent(10)))
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 1})
    for how, count in (({}, 5), ({"cancelSetup": True}, 6)):
        body = setup_body(card, paymentMethods=[PAY])
        assert counted(acme, "checkout", body) == 5
        setup = Setup.objects.get(brand=acme.brand, ended_by=None).operation_id
        assert counted(acme, "checkout", step_body(card, str(setup), **how)) == count


def test_coupons_cost_two_statements_more_and_one_for_each_that_is_given(acme: Shop) -> None:
    lavish(acme)
    card = member(acme)
    acme.ok("checkout", basket(card))
    for how, count in (({}, 7), ({"cancelSetup": True}, 7)):
        assert counted(acme, "checkout", setup_body(card, **basket(card, coupon(acme)))) == 7
        setup = Setup.objects.get(brand=acme.brand, ended_by=None).operation_id
        assert counted(acme, "checkout", step_body(card, str(setup), **how)) == count
