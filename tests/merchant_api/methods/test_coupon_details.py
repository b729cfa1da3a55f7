"""couponDetails over the wire."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation
from tests.coupons.booklet import booklet, coupon, disabled, given, locked, steps, used
from tests.merchant_api.steady import NOW, ago, ahead, history, rack, refused, set_status
from tests.shop import Shop

LATER = NOW + timedelta(hours=1)
ACTIONS = ["use", "unuse", "reserve", "releaseReservation", "useReservation"]


def body(action: str, code: str = "A-1", **more: Any) -> dict[str, Any]:
    sent = {"couponId": code, "action": action} | more
    return sent | {"reserveUntil": ahead(hours=2)} if action == "reserve" and "reserveUntil" not in more else sent


def seen(shop: Shop, code: str = "A-1") -> dict[str, Any]:
    """What details says, without what every answer says."""
    reply = shop.ok("couponDetails", body("details", code)).body
    return {name: value for name, value in reply.items() if name not in ("requestRef", "success")}


def flags(is_allocated: bool = False, is_used: bool = False, is_disabled: bool = False) -> dict[str, bool]:
    return {"isAllocated": is_allocated, "isUsed": is_used, "isDisabled": is_disabled}


def reserved(shop: Shop, code: str = "A-1", until: str | None = None) -> str:
    shop.ok("couponDetails", body("reserve", given(shop, code), reserveUntil=until or ahead(hours=1)))
    return code


def expired(shop: Shop, code: str = "A-1") -> str:
    Coupon.objects.filter(pk=coupon(shop, given(shop, code)).pk).update(expires_at=NOW - timedelta(seconds=1))
    return code


# --- details ---------------------------------------------------------------------------------------------------------


def test_details_of_a_free_coupon(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    assert seen(acme) == flags()


def test_details_of_each_standing(acme: Shop) -> None:
    given(acme, "A-1")
    used(acme, "A-2")
    disabled(acme, "A-3")
    reserved(acme, "A-4", ahead(hours=1))
    locked(acme, LATER, "A-5")
    assert seen(acme, "A-1") == flags(True)
    assert seen(acme, "A-2") == flags(True, is_used=True)
    assert seen(acme, "A-3") == flags(True, is_disabled=True)
    assert seen(acme, "A-4") == seen(acme, "A-5") == flags(True) | {"reservedUntil": ahead(hours=1)}


def test_details_show_tags_cards_and_expiry(acme: Shop) -> None:
    given(acme, customTags=["x"], expirationDate="2099-01-01 00:00:00")
    acme.ok("couponDetails", body("details", newAllowedCards=["C-1"]))
    more = {"customTags": ["x"], "allowedWithCards": ["C-1"], "expirationDate": "2099-01-01 00:00:00"}
    assert seen(acme) == flags(True) | more


def test_details_change_nothing_and_leave_no_operation(acme: Shop) -> None:
    given(acme)
    before = Operation.objects.filter(brand=acme.brand).count()
    seen(acme)
    assert Operation.objects.filter(brand=acme.brand).count() == before
    assert len(steps(acme)) == 1


def test_details_consume_an_id_as_every_reading_call_does(acme: Shop) -> None:
    given(acme)
    first = acme.ok("couponDetails", body("details"), customRequestId="one")["requestRef"]
    again = refused(acme, 3, "couponDetails", body("use"), customRequestId="one")
    assert again["originalRequestRef"] == first
    refused(acme, 3, "couponDetails", body("details"), customRequestId="one")


def test_an_unknown_or_expired_coupon_answers_23_whatever_the_action(acme: Shop) -> None:
    expired(acme)
    for code in ("A-1", "a-1", "none"):
        for action in ["details", *ACTIONS]:
            refused(acme, 23, "couponDetails", body(action, code))
    refused(acme, 23, "couponDetails", body("details", newCustomTags=["x"]))


# --- the table over the wire -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (lambda shop: booklet(shop, ["A-1"]), [24, 24, 24, 25, 25]),
        (given, [None, 9, None, 25, 25]),
        (used, [9, None, 9, 25, 25]),
        (disabled, [25, 25, 25, 25, 25]),
        (reserved, [25, 25, 25, None, None]),
        (lambda shop: locked(shop, LATER), [25, 25, 25, 25, 25]),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(acme: Shop, made: Any, codes: list[int | None]) -> None:
    made(acme)
    for action, code in zip(ACTIONS, codes, strict=True):
        if code is not None:
            refused(acme, code, "couponDetails", body(action))


def test_use_and_unuse(acme: Shop) -> None:
    given(acme)
    reply = acme.ok("couponDetails", body("use"))
    assert reply.body == {"requestRef": reply["requestRef"], "success": True} | flags(True, is_used=True)
    assert str(coupon(acme).used_by) == reply["requestRef"]
    assert acme.ok("couponDetails", body("unuse"))["isUsed"] is False
    assert (coupon(acme).used_by, coupon(acme).used_at) == (None, None)
    acme.ok("couponDetails", body("use"))
    assert steps(acme) == [(1, "allocate", 2), (2, "use", 4), (3, "unuse", 2), (4, "use", 4)]


def test_reserve_release_and_reserve_again(acme: Shop) -> None:
    given(acme)
    assert acme.ok("couponDetails", body("reserve", reserveUntil=ahead(hours=1)))["reservedUntil"] == ahead(hours=1)
    assert "reservedUntil" not in acme.ok("couponDetails", body("releaseReservation")).body
    acme.ok("couponDetails", body("reserve"))
    assert acme.ok("couponDetails", body("useReservation"))["isUsed"] is True
    assert "reservedUntil" not in seen(acme)


def test_a_reservation_ends_by_itself(acme: Shop) -> None:
    reserved(acme)
    Coupon.objects.filter(pk=coupon(acme).pk).update(reserved_until=NOW - timedelta(seconds=1))
    assert seen(acme) == flags(True)
    refused(acme, 25, "couponDetails", body("useReservation"))
    acme.ok("couponDetails", body("use"))


def test_a_reservation_needs_a_moment_within_ten_years(acme: Shop) -> None:
    given(acme)
    refused(acme, 9, "couponDetails", {"couponId": "A-1", "action": "reserve"})
    refused(acme, 9, "couponDetails", body("reserve", reserveUntil=ago(seconds=1)))
    refused(acme, 9, "couponDetails", body("reserve", reserveUntil=ahead(days=3654)))
    refused(acme, 9, "couponDetails", body("reserve", code="none", reserveUntil=ago(days=1)))
    acme.ok("couponDetails", body("reserve", reserveUntil=ahead(days=3651)))


@pytest.mark.parametrize("action", ["details", "use", "unuse", "releaseReservation", "useReservation"])
def test_a_moment_without_reservation_answers_9(acme: Shop, action: str) -> None:
    given(acme)
    refused(acme, 9, "couponDetails", body(action, reserveUntil=ahead(hours=1)))


@pytest.mark.parametrize("sent", [{"action": "details"}, {"couponId": "A-1"}, {"couponId": "", "action": "use"}])
def test_missing_fields_answer_6(acme: Shop, sent: dict[str, Any]) -> None:
    refused(acme, 6, "couponDetails", sent)


def test_an_unknown_action_answers_9(acme: Shop) -> None:
    given(acme)
    refused(acme, 9, "couponDetails", body("allocate"))
    refused(acme, 9, "couponDetails", body("Use"))


# --- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["details", "use", "reserve"])
def test_settings_go_with_any_action_that_succeeds(acme: Shop, action: str) -> None:
    given(acme)
    new = {"newCustomTags": ["x"], "newAllowedCards": ["1", "2"], "newExpirationDate": "2099-01-01 00:00:00"}
    reply = acme.ok("couponDetails", body(action, **new))
    assert (reply["customTags"], reply["allowedWithCards"]) == (["x"], ["1", "2"])
    assert reply["expirationDate"] == "2099-01-01 00:00:00"
    assert Operation.objects.get(brand=acme.brand, id=reply["requestRef"]).call_type == CallType.COUPON


def test_settings_of_a_refused_action_do_not_apply(acme: Shop) -> None:
    used(acme)
    refused(acme, 9, "couponDetails", body("use", newCustomTags=["x"]))


def test_empty_settings_remove_and_null_ones_leave(acme: Shop) -> None:
    given(acme, customTags=["x"])
    acme.ok("couponDetails", body("details", newAllowedCards=["1"]))
    acme.ok("couponDetails", body("details", newCustomTags=None, newAllowedCards=[]))
    assert seen(acme) == flags(True) | {"customTags": ["x"]}
    acme.ok("couponDetails", body("details", newCustomTags=[]))
    assert seen(acme) == flags(True)


def test_settings_of_a_free_coupon(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    acme.ok("couponDetails", body("details", newCustomTags=["x"]))
    assert seen(acme) == flags() | {"customTags": ["x"]}
    assert steps(acme) == [(1, "details", CouponState.FREE)]


def test_a_new_expiry_in_the_past_answers_9(acme: Shop) -> None:
    given(acme)
    refused(acme, 9, "couponDetails", body("details", newExpirationDate=ago(seconds=1)))


@pytest.mark.parametrize("number", ["", "x" * 65, "a b", "\U00020000" * 20_000])
def test_a_new_allowed_card_that_cannot_be_one_answers_9(acme: Shop, number: str) -> None:
    given(acme)
    refused(acme, 9, "couponDetails", body("details", newAllowedCards=["C-1", number]))
    acme.ok("couponDetails", body("details", newAllowedCards=["x" * 64]))


# --- cards -----------------------------------------------------------------------------------------------------------


def test_a_coupon_is_used_for_a_card_and_stands_in_its_history(acme: Shop) -> None:
    card = acme.card()
    given(acme)
    reply = acme.ok("couponDetails", body("use", cardNumber=card))
    assert history(acme, card)[0]["requestRef"] == reply["requestRef"]


def test_a_coupon_for_other_cards_answers_27(acme: Shop) -> None:
    mine, other = acme.card(), acme.card()
    given(acme)
    acme.ok("couponDetails", body("details", newAllowedCards=[mine]))
    for action in ("details", "use", "reserve"):
        refused(acme, 27, "couponDetails", body(action, cardNumber=other))
    acme.ok("couponDetails", body("details", cardNumber=mine))
    acme.ok("couponDetails", body("use", cardNumber=mine))


def test_a_coupon_given_to_one_card_can_be_used_by_another_but_not_prolonged_by_it(acme: Shop) -> None:
    mine, other = acme.card(), acme.card()
    given(acme, cardNumber=mine, promotionId="spring")
    prolong = body("details", newExpirationDate=ahead(days=1))
    refused(acme, 27, "couponDetails", prolong | {"cardNumber": other})
    acme.ok("couponDetails", prolong | {"cardNumber": mine})
    acme.ok("couponDetails", body("use", cardNumber=other))


def test_an_unknown_card_answers_2(acme: Shop) -> None:
    given(acme)
    for action in ("details", "use"):
        refused(acme, 2, "couponDetails", body(action, cardNumber="nobody"))


def test_a_card_that_is_not_active_answers_11_to_changes_and_details_answer_once_it_was(acme: Shop) -> None:
    given(acme)
    lost = acme.card()
    set_status(acme, lost, "Lost")
    refused(acme, 11, "couponDetails", body("use", cardNumber=lost))
    acme.ok("couponDetails", body("details", cardNumber=lost))
    refused(acme, 11, "couponDetails", body("details", cardNumber=rack(acme, "R-1")))


def test_another_brand_sees_no_coupon(acme: Shop, charlie: Shop) -> None:
    given(acme)
    card = charlie.card()
    for action in ["details", *ACTIONS]:
        refused(charlie, 23, "couponDetails", body(action))
    refused(charlie, 23, "couponDetails", body("use", cardNumber=card))
    refused(acme, 2, "couponDetails", body("use", cardNumber=card))
    assert datetime.now(UTC) > coupon(acme).allocated_at
