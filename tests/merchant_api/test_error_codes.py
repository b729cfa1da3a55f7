"""Each error code that the methods here can give, got over the wire. The table is compared with the code."""

import gc
import importlib
import pkgutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import apps
from apps.kernel.errors import ErrorCode, Refusal
from apps.requestlog.models import Request
from tests.coupons.booklet import booklet, given
from tests.coupons.test_races import held
from tests.merchant_api.methods.test_update_channel_subscription import held_address
from tests.merchant_api.methods.test_void_transaction import void
from tests.merchant_api.steady import HTTP, UNKNOWN, rack, refused, set_status
from tests.requestlog.test_unit import codes, held_card, other_connection, post, start, wait_for_waiters
from tests.shop import Shop, usd

NEVER = {19}
"""Codes that nothing here gives: our cards cannot be inconsistent."""


def internal_error(shop: Shop) -> None:
    card = shop.card()
    with ThreadPoolExecutor(1) as pool, held_card(shop, card):
        broken = post(pool, shop, usd(card, "issue", 5))
        wait_for_waiters(1)
        with other_connection() as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        assert codes(broken) == [1]
        assert broken.result().status == 500
    assert shop.free(card) == 0


def busy_card(shop: Shop) -> None:
    card = shop.card()
    with ThreadPoolExecutor(1) as pool, held_card(shop, card):
        assert codes(post(pool, shop, usd(card, "issue", 5), short=True)) == [4]


def busy_request(shop: Shop) -> None:
    card = shop.card()
    with ThreadPoolExecutor(1) as pool, held_card(shop, card):
        assert codes(post(pool, shop, usd(card, "issue", 5), short=True, customRequestId="one")) == [28]


def used_id(shop: Shop) -> None:
    shop.ok("search", {"filters": {}}, customRequestId="one")
    refused(shop, 3, "search", {"filters": {}}, customRequestId="one")


def voided(shop: Shop) -> None:
    card = shop.card()
    issued = shop.issue(card, 5)
    void(shop, card, issued)
    refused(shop, 30, "voidTransaction", {"cardNumber": card, "requestRef": issued})


def inactive(shop: Shop) -> None:
    card = shop.card()
    set_status(shop, card, "Lost")
    refused(shop, 11, "checkout", {"cardNumber": card, "checkoutTotal": 5})


def wrong_pin(shop: Shop) -> None:
    refused(shop, 10, "updateAccount", {"cardNumber": shop.card(), "forcePinValidation": True, "pin": "x"})


def allocation(shop: Shop) -> None:
    rack(shop, "A-1")
    reference = shop.ok("allocate", {"cardNumber": "A-1"})["requestRef"]
    refused(shop, 31, "voidTransaction", {"cardNumber": "A-1", "requestRef": reference})


def busy_address(shop: Shop) -> None:
    body = {"channel": "email", "channelUser": "ada@example.com", "globalOptIn": True}
    with ThreadPoolExecutor(1) as pool, held_address(shop):
        assert codes(start(pool, lambda: shop.post("updateChannelSubscription", body), short=True)) == [18]


def coupon_in_use(shop: Shop) -> None:
    booklet(shop, ["A-1"])
    with ThreadPoolExecutor(1) as pool, held(shop, "A-1"):
        assert codes(start(pool, lambda: shop.post("allocateCoupon", {"couponId": "A-1"}), short=True)) == [26]


def with_coupon(code: int, action: str) -> Callable[[Shop], None]:
    def call(shop: Shop) -> None:
        booklet(shop, ["A-1"])
        refused(shop, code, "couponDetails", {"couponId": "A-1", "action": action})

    return call


def empty_coupon_set(shop: Shop) -> None:
    booklet(shop)
    refused(shop, 16, "allocateCoupon", {"couponSetId": "summer"})


def coupon_of_others(shop: Shop) -> None:
    given(shop)
    shop.ok("couponDetails", {"couponId": "A-1", "action": "details", "newAllowedCards": ["C-1"]})
    refused(shop, 27, "couponDetails", {"couponId": "A-1", "action": "use", "cardNumber": shop.card()})


def incompatible(shop: Shop) -> None:
    old, new = shop.card(), shop.card(card_set=shop.loyalty_set)
    shop.issue(old, 5)
    shop.ok("transfer", {"cardNumber": old, "action": "out"})
    refused(shop, 20, "transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})


def held_value(shop: Shop) -> None:
    card = shop.card()
    shop.issue(card, 5)
    shop.hold(card, 5)
    refused(shop, 21, "transfer", {"cardNumber": card, "action": "out"})


def locked_card(shop: Shop) -> None:
    card = shop.card()
    shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 5, "isSetup": True, "lockSetupDuration": 60})
    refused(shop, 14, "updateBalance", usd(card, "issue", 1))


def setup_without_lock(shop: Shop) -> None:
    card = shop.card()
    setup = shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 5, "isSetup": True})["transactionId"]
    refused(shop, 15, "checkout", {"cardNumber": card, "relatedSetupTransactionId": setup})


def unused_coupon(shop: Shop) -> None:
    refused(shop, 52, "checkout", {"checkoutTotal": 5, "coupons": [given(shop)]})


def simple(code: int, method: str, body: Any, **headers: str) -> Callable[[Shop], None]:
    def call(shop: Shop) -> None:
        rack(shop, "free")
        refused(shop, code, method, body, **headers)

    return call


def with_card(code: int, method: str, **body: Any) -> Callable[[Shop], None]:
    def call(shop: Shop) -> None:
        refused(shop, code, method, {"cardNumber": shop.card()} | body)

    return call


CASES: dict[int, list[Callable[[Shop], None]]] = {
    1: [internal_error],
    2: [simple(2, "allocate", {"cardNumber": "none"}), simple(2, "cardHistory", {"cardNumber": "none"})],
    3: [used_id],
    4: [busy_card],
    5: [simple(5, "search", {"filters": {}}, Authorization="Basic eDp5")],
    6: [simple(6, "search", b"{"), simple(6, "reactivate", {})],
    7: [simple(7, "allocate", {"cardSetId": "none"}), simple(7, "listValueTypes", {"cardSetId": "none"})],
    8: [
        simple(8, "checkoutLookup", {"checkoutTransactionId": UNKNOWN}),
        with_card(
            8,
            "updateBalance",
            action="redeem",
            redeemFromHoldTransactionId="none",
            amount={"balanceType": "Currency", "balanceCode": "USD", "amount": 1},
        ),
    ],
    9: [simple(9, "allocate", {}), simple(9, "listValueTypes", {}), simple(9, "checkout", {})],
    10: [wrong_pin],
    11: [inactive, simple(11, "updateAccount", {"cardNumber": "free"})],
    12: [with_card(12, "updateBalance", action="issue", amount={"balanceType": "Points", "amount": 1})],
    13: [
        with_card(
            13,
            "updateBalance",
            action="redeem",
            amount={"balanceType": "Currency", "balanceCode": "USD", "amount": 1},
        )
    ],
    14: [locked_card],
    15: [setup_without_lock],
    16: [simple(16, "allocate", {"cardSetId": "loyalty-cards"}), empty_coupon_set],
    17: [simple(17, "renderTemplate", {})],
    18: [busy_address],
    20: [incompatible],
    21: [held_value],
    22: [simple(22, "allocateCoupon", {"couponSetId": "none"})],
    23: [
        simple(23, "allocateCoupon", {"couponId": "A-1"}),
        simple(23, "couponDetails", {"couponId": "A-1", "action": "use"}),
    ],
    24: [with_coupon(24, "use")],
    25: [with_coupon(25, "useReservation")],
    26: [coupon_in_use],
    27: [coupon_of_others],
    28: [busy_request],
    29: [
        simple(29, "requestLookup", {"requestRef": UNKNOWN}),
        with_card(29, "voidTransaction", requestRef=UNKNOWN),
    ],
    30: [voided],
    31: [allocation],
    32: [simple(32, "search", {"filters": {}}, Location="nowhere")],
    52: [unused_coupon],
}


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, cases in CASES.items() for case in cases])
def test_a_code_over_the_wire(acme: Shop, code: int, case: Callable[[Shop], None]) -> None:
    before = Request.objects.filter(brand=acme.brand, error_code=code).count()
    case(acme)
    is_logged = code not in (5, 17)
    assert Request.objects.filter(brand=acme.brand, error_code=code).count() == before + is_logged


def refusals() -> set[int]:
    """The codes of all refusals in the product's code."""
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    found, left = set(), [Refusal]
    while left:
        each = left.pop()
        left += each.__subclasses__()
        if each.__module__.startswith("apps.") and hasattr(each, "code"):
            found.add(int(each.code))
    return found


def test_each_code_that_a_method_can_give_has_a_test() -> None:
    assert refusals() == set(CASES)
    assert set(CASES) | NEVER == {int(code) for code in ErrorCode}
    assert not set(CASES) & NEVER


def test_a_code_without_a_test_is_seen() -> None:
    type("Inconsistent", (Refusal,), {"code": ErrorCode.INCONSISTENT_CARD_DATA, "__module__": "apps.coupons"})
    assert refusals() - set(CASES) == {19}
    gc.collect()
    assert refusals() == set(CASES)


def test_every_code_has_its_http_status() -> None:
    assert HTTP == {1: 500, 5: 401, 17: 404}


def test_retryable_codes_leave_the_id_free(acme: Shop) -> None:
    card = acme.card()
    with ThreadPoolExecutor(1) as pool, held_card(acme, card):
        for code in (28, 28):
            assert codes(post(pool, acme, usd(card, "issue", 5), short=True, customRequestId="one")) == [code]
        reading = start(pool, lambda: acme.post("search", {"filters": {"cardNumber": card}}))
        assert codes(reading) == [None]
    acme.ok("updateBalance", usd(card, "issue", 5), customRequestId="one")
