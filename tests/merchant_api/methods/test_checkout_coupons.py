"""Coupons into checkouts and out of them, referring cards, custom keys, recommended products: as a till sees them."""

from decimal import Decimal
from typing import Any

import pytest

from apps.brands.operations.publish_config import publish_config
from apps.coupons.core.states import CouponState
from tests.campaigns.live import condition, percent, publish, result, rule, says
from tests.coupons.booklet import booklet, coupon, given
from tests.facts.test_recommended import sells, together
from tests.merchant_api.steady import refused
from tests.shop import Shop


@pytest.fixture
def card(acme: Shop) -> str:
    """A card, and a rule for each coupon of the set `ten`."""
    booklet(acme, ["TEN", "TEN-2", "FREE"], code="ten")
    for code in ("TEN", "TEN-2"):
        acme.ok("allocateCoupon", {"couponId": code})
    publish(acme, rule(percent(10), when=[condition("coupon_from", sets=["ten"])]))
    return acme.card(card_set=acme.loyalty_set)


def buy(card: str, *coupons: str, **more: Any) -> dict[str, Any]:
    """A checkout of 20 with coupons."""
    return {"cardNumber": card, "checkoutTotal": 20, "coupons": coupons} | more


def test_a_coupon_that_a_rule_asks_for_is_used(acme: Shop, card: str) -> None:
    answer = acme.ok("checkout", buy(card, "TEN", "TEN"))
    assert answer["totalDiscount"] == 2
    assert coupon(acme, "TEN").state == CouponState.USED
    assert "unusedCoupons" not in answer.body
    refused(acme, 27, "checkout", buy(card, "TEN"))


def test_blocking_coupons_are_named_or_dropped(acme: Shop, card: str, charlie: Shop) -> None:
    given(charlie, "HERS")
    answer = refused(acme, 27, "checkout", buy(card, "FREE", "TEN", "NONE", "HERS"))
    assert answer["blockingCoupons"] == ["FREE", "NONE", "HERS"]
    answer = acme.ok("checkout", buy(card, "FREE", "TEN", "NONE", removeBlockingCoupons=True))
    assert answer["blockingCoupons"] == ["FREE", "NONE"]
    assert answer["totalDiscount"] == 2


def test_a_coupon_for_another_card_blocks(acme: Shop, card: str) -> None:
    other = acme.card()
    acme.ok("couponDetails", {"couponId": "TEN", "action": "details", "newAllowedCards": [other]})
    assert refused(acme, 27, "checkout", buy(card, "TEN"))["blockingCoupons"] == ["TEN"]
    assert refused(acme, 27, "checkout", {"checkoutTotal": 5, "coupons": ["TEN"]}).code == 27
    assert acme.ok("checkout", buy(other, "TEN"))["totalDiscount"] == 2


def test_a_coupon_that_no_rule_uses_refuses_the_checkout(acme: Shop, card: str) -> None:
    given(acme, "SPARE")
    body = buy(card, "TEN", "SPARE")
    assert refused(acme, 52, "checkout", body)["unusedCoupons"] == ["SPARE"]
    answer = acme.ok("checkout", body | {"failOnUnusedCoupons": False})
    assert answer["unusedCoupons"] == ["SPARE"]
    assert coupon(acme, "SPARE").state == CouponState.ALLOCATED


def test_one_coupon_may_serve_several_rules(acme: Shop, card: str) -> None:
    publish(acme, rule(percent(10), when=[condition("coupon_from", sets=["ten"])]))
    assert acme.ok("checkout", buy(card, "TEN"))["totalDiscount"] == Decimal("3.80")


def test_one_rule_uses_one_coupon_and_the_other_stays(acme: Shop, card: str) -> None:
    answer = acme.ok("checkout", buy(card, "TEN", "TEN-2", failOnUnusedCoupons=False))
    assert answer["unusedCoupons"] == ["TEN-2"]


def test_a_setup_uses_no_coupon(acme: Shop, card: str) -> None:
    assert acme.ok("checkout", buy(card, "TEN", isSetup=True))["totalDiscount"] == 2
    assert coupon(acme, "TEN").state == CouponState.ALLOCATED
    assert acme.ok("checkout", buy(card, "TEN"))["totalDiscount"] == 2


def test_a_coupon_is_given_and_belongs_to_the_card(acme: Shop, card: str) -> None:
    booklet(acme, ["GIFT"], code="gifts", lifetime_days=30)
    publish(acme, rule(result("allocate_coupon", coupon_set="gifts", promotion_id="thanks")))
    answer = acme.ok("checkout", buy(card))
    assert answer["issuedCouponIDs"] == ["GIFT"]
    row = coupon(acme, "GIFT")
    assert (row.state, row.promotion_id) == (CouponState.ALLOCATED, "thanks")
    assert row.expires_at is not None
    assert acme.ok("checkout", buy(card))["issuedCouponIDs"] == [], "an empty set is nobody's fault"


def test_a_coupon_that_a_return_disabled_counts_for_no_limit(acme: Shop, card: str) -> None:
    booklet(acme, ["GIFT-1", "GIFT-2", "GIFT-3"], code="gifts", limit_per_card=1)
    publish(acme, rule(result("allocate_coupon", coupon_set="gifts")))
    bought = acme.ok("checkout", buy(card))
    assert acme.ok("checkout", buy(card))["issuedCouponIDs"] == []
    acme.ok(
        "returnMerchandise",
        {"cardNumber": card, "checkoutRequestRef": bought["requestRef"]} | {"additionalReturnAmount": 20},
    )
    assert len(acme.ok("checkout", buy(card))["issuedCouponIDs"]) == 1


def test_an_anonymous_customer_can_use_a_coupon(acme: Shop, card: str) -> None:
    answer = acme.ok("checkout", {"checkoutTotal": 20, "coupons": ["TEN"]})
    assert answer["totalDiscount"] == 2
    assert coupon(acme, "TEN").state == CouponState.USED


def test_at_most_ten_coupons(acme: Shop, card: str) -> None:
    refused(acme, 9, "checkout", buy(card, *(f"C{number}" for number in range(11))))


def test_a_referral_is_seen_by_rules_and_kept(acme: Shop, card: str, charlie: Shop) -> None:
    publish(acme, rule(says("Thank your friend"), when=[condition("referral_given")]))
    friend = acme.card()
    answer = acme.ok("checkout", buy(card, referringCardNumber=friend))
    assert answer["responseMessages"] == ["Thank your friend"]
    found = acme.ok("checkoutLookup", {"checkoutTransactionId": answer["transactionId"]})
    assert found["referringCardNumber"] == friend
    refused(acme, 2, "checkout", buy(card, referringCardNumber=charlie.card()))
    refused(acme, 9, "checkout", buy(card, referringCardNumber=card))


def test_hat_or_tie_is_the_customers_choice(acme: Shop, card: str) -> None:
    for choice, value in (("hat", 10), ("tie", 25)):
        key = condition("custom_key", key="customerChoice", values=[choice])
        publish(acme, rule(percent(value, of="items", items={"skus": [choice]}), when=[key]))
    body = buy(card, checkoutTotal=None, products=[{"sku": "hat", "unitPrice": 10}, {"sku": "tie", "unitPrice": 8}])
    for choice, discount in (("hat", 1), ("tie", 2), ("sock", 0)):
        answer = acme.ok("checkout", body | {"customKeyValues": [{"key": "customerChoice", "value": choice}]})
        assert answer["totalDiscount"] == discount


def test_products_are_recommended_where_the_brand_has_that(acme: Shop, card: str) -> None:
    sells(acme, "milk", "eggs")
    together(acme, ("milk", "eggs", 3))
    body = buy(card, checkoutTotal=None, products=[{"sku": "milk", "unitPrice": 1}], recommendationAmount=5)
    refused(acme, 9, "checkout", body)
    acme.brand.features = [*acme.brand.features, "recommendations"]
    acme.brand.save()
    publish_config(brand_id=acme.brand.pk)
    assert acme.ok("checkout", body)["recommendedProducts"] == [{"name": "Eggs", "sku": "eggs"}]
