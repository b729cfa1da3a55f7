"""allocateCoupon over the wire."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon, CouponSet
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation, Request
from tests.coupons.booklet import booklet, coupon, disabled, fill, given, locked, steps, used
from tests.merchant_api.steady import ago, ahead, history, rack, refused, set_status, text
from tests.shop import Shop, open_shop

FREE = {"couponSetId": "summer"}


def test_from_a_set_answers_the_coupon_and_nothing_that_it_has_not(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    reply = acme.ok("allocateCoupon", FREE)
    assert reply.body == {"requestRef": reply["requestRef"], "success": True, "couponId": "A-1"}
    row = coupon(acme)
    assert (row.state, row.wallet_id, row.promotion_id, row.expires_at) == (CouponState.ALLOCATED, None, None, None)
    assert steps(acme) == [(1, "allocate", CouponState.ALLOCATED)]


def test_by_its_id_a_coupon_of_any_set(acme: Shop) -> None:
    booklet(acme, ["A-1", "A-2"])
    assert acme.ok("allocateCoupon", {"couponId": "A-2"})["couponId"] == "A-2"
    assert coupon(acme, "A-1").state == CouponState.FREE


def test_tags_and_cards_of_the_coupon_are_answered(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    body = {"couponId": "A-1", "action": "details", "newCustomTags": ["x", "y"], "newAllowedCards": ["C-1"]}
    acme.ok("couponDetails", body)
    reply = acme.ok("allocateCoupon", {"couponId": "A-1"})
    assert (reply["customTags"], reply["allowedWithCards"]) == (["x", "y"], ["C-1"])


def test_custom_tags_replace_what_was_there_and_empty_ones_remove_it(acme: Shop) -> None:
    booklet(acme, ["A-1", "A-2", "A-3"])
    for code in ("A-1", "A-2", "A-3"):
        acme.ok("couponDetails", {"couponId": code, "action": "details", "newCustomTags": ["old"]})
    assert acme.ok("allocateCoupon", {"couponId": "A-1", "customTags": ["b", "a"]})["customTags"] == ["b", "a"]
    assert "customTags" not in acme.ok("allocateCoupon", {"couponId": "A-2", "customTags": []}).body
    assert acme.ok("allocateCoupon", {"couponId": "A-3", "customTags": None})["customTags"] == ["old"]


def test_every_free_coupon_is_drawn_once_in_no_order_then_16(acme: Shop) -> None:
    codes = [f"A-{number:02}" for number in range(20)]
    booklet(acme, codes)
    drawn = [acme.ok("allocateCoupon", FREE)["couponId"] for _ in codes]
    assert sorted(drawn) == codes
    assert drawn != codes
    refused(acme, 16, "allocateCoupon", FREE)


def test_a_set_can_be_extended_when_it_is_empty(acme: Shop) -> None:
    fill(booklet(acme, ["A-1"]), ["A-2"])
    assert {acme.ok("allocateCoupon", FREE)["couponId"] for _ in range(2)} == {"A-1", "A-2"}


@pytest.mark.parametrize("body", [{}, {"couponSetId": "summer", "couponId": "A-1"}, {"createIfNew": True}])
def test_neither_id_or_both_answer_9(acme: Shop, body: dict[str, Any]) -> None:
    booklet(acme, ["A-1"])
    refused(acme, 9, "allocateCoupon", body)
    refused(acme, 9, "allocateCoupon", {"couponSetId": "", "couponId": ""})


def test_an_unknown_set_or_one_that_is_switched_off_answers_22(acme: Shop) -> None:
    coupon_set = booklet(acme, ["A-1"])
    refused(acme, 22, "allocateCoupon", {"couponSetId": "winter"})
    CouponSet.objects.filter(pk=coupon_set.pk).update(is_active=False)
    refused(acme, 22, "allocateCoupon", FREE)
    refused(acme, 22, "allocateCoupon", {"couponId": "A-1"})


def test_an_unknown_coupon_answers_23(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    refused(acme, 23, "allocateCoupon", {"couponId": "a-1"})


@pytest.mark.parametrize("made", [given, used, disabled])
def test_a_coupon_that_was_allocated_answers_9(acme: Shop, made: Any) -> None:
    made(acme)
    refused(acme, 9, "allocateCoupon", {"couponId": "A-1"})


def test_a_locked_coupon_answers_9(acme: Shop) -> None:
    locked(acme, datetime(2099, 1, 1, tzinfo=UTC))
    refused(acme, 9, "allocateCoupon", {"couponId": "A-1"})


# --- expiry ----------------------------------------------------------------------------------------------------------


def test_an_expiration_date_is_the_coupons(acme: Shop) -> None:
    booklet(acme, ["A-1"], expires_at=datetime(2098, 1, 1, tzinfo=UTC))
    acme.ok("allocateCoupon", FREE | {"expirationDate": "2099-01-01 00:00:00"})
    assert coupon(acme).expires_at == datetime(2099, 1, 1, tzinfo=UTC)


def test_an_expiration_date_in_the_past_answers_9(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    refused(acme, 9, "allocateCoupon", FREE | {"expirationDate": ago(seconds=1)})
    refused(acme, 6, "allocateCoupon", FREE | {"expirationDate": "2099-01-01"})


def test_without_a_date_the_set_says_when(acme: Shop) -> None:
    shop = open_shop("tokyo", timezone="Asia/Tokyo")
    booklet(shop, ["A-1"], lifetime_days=3)
    shop.ok("allocateCoupon", FREE)
    row = coupon(shop)
    left = row.expires_at - row.allocated_at
    assert (row.expires_at.hour, row.expires_at.minute) == (15, 0)
    assert 3 <= left.total_seconds() / 86_400 <= 4
    shop.assert_books_add_up()


def test_a_coupons_own_expiry_comes_before_its_sets(acme: Shop) -> None:
    booklet(acme, ["A-1"], lifetime_days=3)
    acme.ok("couponDetails", {"couponId": "A-1", "action": "details", "newExpirationDate": "2099-01-01 00:00:00"})
    acme.ok("allocateCoupon", FREE)
    assert coupon(acme).expires_at == datetime(2099, 1, 1, tzinfo=UTC)


def test_a_set_whose_coupons_have_expired_answers_9(acme: Shop) -> None:
    booklet(acme, ["A-1"], expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    refused(acme, 9, "allocateCoupon", FREE)
    acme.ok("allocateCoupon", FREE | {"expirationDate": ahead(days=1)})


def test_an_expired_coupon_is_never_drawn_and_answers_9_by_its_id(acme: Shop) -> None:
    booklet(acme, ["A-1", "A-2"])
    Coupon.objects.filter(brand=acme.brand, code="A-1").update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    refused(acme, 9, "allocateCoupon", {"couponId": "A-1"})
    assert acme.ok("allocateCoupon", FREE)["couponId"] == "A-2"
    refused(acme, 16, "allocateCoupon", FREE)


# --- cards -----------------------------------------------------------------------------------------------------------


def for_card(card: str, **more: Any) -> dict[str, Any]:
    return FREE | {"cardNumber": card, "promotionId": "spring"} | more


def test_a_coupon_is_given_to_a_card_for_a_promotion(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    card = acme.card()
    reply = acme.ok("allocateCoupon", for_card(card))
    operation = Operation.objects.get(brand=acme.brand, id=reply["requestRef"])
    row = coupon(acme)
    assert (row.wallet_id, row.promotion_id) == (operation.family_id, "spring")
    assert operation.call_type == CallType.COUPON
    assert history(acme, card)[0]["requestRef"] == reply["requestRef"]
    assert Request.objects.get(brand=acme.brand, id=reply["requestRef"]).card_number == card


def test_a_promotion_can_be_kept_without_a_card(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    acme.ok("allocateCoupon", FREE | {"promotionId": "spring"})
    assert (coupon(acme).promotion_id, coupon(acme).wallet_id) == ("spring", None)


def test_a_card_needs_a_promotion(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    refused(acme, 9, "allocateCoupon", FREE | {"cardNumber": acme.card()})
    refused(acme, 9, "allocateCoupon", FREE | {"cardNumber": acme.card(), "promotionId": ""})


def test_an_unknown_card_answers_2_and_one_that_is_not_active_11(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    refused(acme, 2, "allocateCoupon", for_card("nobody"))
    refused(acme, 11, "allocateCoupon", for_card(rack(acme, "R-1")))
    lost = acme.card()
    set_status(acme, lost, "Lost")
    refused(acme, 11, "allocateCoupon", for_card(lost))
    refused(acme, 2, "allocateCoupon", for_card("nobody", couponSetId="winter"))


def test_a_second_coupon_of_a_promotion_needs_allow_multiple(acme: Shop) -> None:
    booklet(acme, ["A-1", "A-2", "A-3", "A-4"])
    card = acme.card()
    code = acme.ok("allocateCoupon", for_card(card))["couponId"]
    acme.ok("couponDetails", {"couponId": code, "action": "use"})
    refused(acme, 9, "allocateCoupon", for_card(card))
    acme.ok("allocateCoupon", for_card(card, promotionId="summer"))
    acme.ok("allocateCoupon", for_card(card, allowMultipleCoupons=True))
    acme.ok("allocateCoupon", for_card(acme.card()))


def test_a_set_can_limit_what_one_card_gets(acme: Shop) -> None:
    booklet(acme, ["A-1", "A-2", "A-3", "A-4"], limit_per_card=2)
    booklet(acme, ["B-1"], code="winter")
    card = acme.card()
    for _ in range(2):
        acme.ok("allocateCoupon", for_card(card, allowMultipleCoupons=True))
    refused(acme, 9, "allocateCoupon", for_card(card, allowMultipleCoupons=True))
    acme.ok("allocateCoupon", for_card(card, allowMultipleCoupons=True, couponSetId="winter"))
    acme.ok("allocateCoupon", for_card(acme.card()))


# --- createIfNew -----------------------------------------------------------------------------------------------------

NEW = {"couponSetId": "summer", "couponId": "N-1", "createIfNew": True}


def test_create_if_new_makes_the_coupon_allocated(acme: Shop) -> None:
    booklet(acme, lifetime_days=5)
    reply = acme.ok("allocateCoupon", NEW | {"customTags": ["x"]})
    assert (reply["couponId"], reply["customTags"]) == ("N-1", ["x"])
    row = coupon(acme, "N-1")
    assert (row.state, row.expires_at is not None, steps(acme, "N-1")) == (2, True, [(1, "allocate", 2)])


def test_create_if_new_for_a_card(acme: Shop) -> None:
    booklet(acme)
    acme.ok("allocateCoupon", NEW | {"cardNumber": acme.card(), "promotionId": "spring"})
    assert coupon(acme, "N-1").wallet_id is not None


def test_create_if_new_takes_a_free_coupon_of_that_set(acme: Shop) -> None:
    booklet(acme, ["N-1"])
    acme.ok("allocateCoupon", NEW)
    assert Coupon.objects.filter(brand=acme.brand).count() == 1
    refused(acme, 9, "allocateCoupon", NEW)


def test_create_if_new_of_a_coupon_in_another_set_answers_9(acme: Shop) -> None:
    booklet(acme)
    booklet(acme, ["N-1"], code="winter")
    refused(acme, 9, "allocateCoupon", NEW)


def test_create_if_new_in_an_unknown_set_answers_22(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    refused(acme, 22, "allocateCoupon", NEW | {"couponSetId": "winter"})
    refused(acme, 22, "allocateCoupon", NEW | {"couponSetId": "winter", "couponId": "A-1"})


@pytest.mark.parametrize("body", [{"couponSetId": "summer"}, {"couponId": "N-1"}])
def test_create_if_new_needs_both_ids(acme: Shop, body: dict[str, Any]) -> None:
    booklet(acme, ["A-1"])
    refused(acme, 9, "allocateCoupon", body | {"createIfNew": True})


@pytest.mark.parametrize("code", ["ä", " A", "x" * 65, "a\nb"])
def test_create_if_new_refuses_what_cannot_be_a_code(acme: Shop, code: str) -> None:
    booklet(acme)
    refused(acme, 9, "allocateCoupon", NEW | {"couponId": code})


def test_create_if_new_needs_its_feature() -> None:
    shop = open_shop("plain", features=[])
    booklet(shop)
    refused(shop, 9, "allocateCoupon", NEW)


# --- around it -------------------------------------------------------------------------------------------------------


def test_an_id_allocates_once_and_a_refused_call_does_not_consume_it(acme: Shop) -> None:
    coupon_set = booklet(acme)
    refused(acme, 16, "allocateCoupon", FREE, customRequestId="one")
    fill(coupon_set, ["A-1", "A-2"])
    first = acme.ok("allocateCoupon", FREE, customRequestId="one")
    assert refused(acme, 3, "allocateCoupon", FREE, customRequestId="one")["originalRequestRef"] == first["requestRef"]


def test_another_brand_can_neither_see_nor_take_anything(acme: Shop, charlie: Shop) -> None:
    booklet(acme, ["A-1"])
    card = acme.card()
    refused(charlie, 22, "allocateCoupon", FREE)
    refused(charlie, 23, "allocateCoupon", {"couponId": "A-1"})
    refused(charlie, 22, "allocateCoupon", NEW)
    booklet(charlie, ["A-1"])
    refused(charlie, 2, "allocateCoupon", for_card(card))
    assert charlie.ok("allocateCoupon", FREE)["couponId"] == "A-1"
    assert coupon(acme).state == CouponState.FREE


def test_the_moment_of_allocation_is_kept(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    before = text(datetime.now(UTC))
    acme.ok("allocateCoupon", FREE)
    allocated = coupon(acme).allocated_at
    assert allocated is not None
    assert before <= text(allocated) <= text(datetime.now(UTC))
