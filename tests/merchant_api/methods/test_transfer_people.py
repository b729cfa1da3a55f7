"""What hangs on people and goes along with a transfer: fields of the brand's own, links, opt-ins, coupons."""

import time
from typing import Any

import pytest

from apps.customers.models import FieldValue, ListOptIn, ThirdPartyLink
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from tests.coupons.booklet import coupon, given
from tests.merchant_api.methods.test_transfer import into, out
from tests.merchant_api.steady import refused
from tests.shop import Shop


def fields(shop: Shop, card: str) -> dict[str, list[str]]:
    wanted = {"filters": {"cardNumber": card}, "returnFields": {"brandDemographics": True}}
    return shop.ok("search", wanted)["cards"][0]


def account(shop: Shop, card: str, **more: Any) -> None:
    shop.ok("updateAccount", {"cardNumber": card} | more)


def link(shop: Shop, card: str) -> tuple[Any, ...]:
    from apps.cards.models import Card

    customer = Card.objects.get(brand=shop.brand, number=card).customer_id
    found = ThirdPartyLink.objects.filter(brand=shop.brand, customer_id=customer).values_list(
        "opt_in", "opt_in_confirmed", "opt_in_confirmation_required"
    )
    return tuple(found)


def test_a_confirmation_is_not_taken_over_for_another_opt_in(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    account(acme, old, thirdPartyUpdates=[{"thirdParty": "email", "optIn": True, "optInConfirmed": True}])
    account(acme, new, thirdPartyUpdates=[{"thirdParty": "email", "optIn": False}])
    out(acme, old)
    into(acme, new, old, mergeMode="combine")
    assert link(acme, new) == ((False, None, None),)


def test_many_children(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    for number in range(120):
        acme.ok("allocateChildCard", {"cardNumber": old, "childCardNumber": f"kid-{number}"})
        acme.issue(old, 1, childCardNumber=f"kid-{number}")
    start = time.time()
    out(acme, old)
    print("out", time.time() - start)
    start = time.time()
    into(acme, new, old)
    print("in", time.time() - start)
    assert 0


def test_a_coupon_for_the_old_card_only_can_be_used_by_the_new_one(acme: Shop) -> None:
    old, new = acme.card(), acme.card()
    given(acme)
    acme.ok("couponDetails", {"couponId": "A-1", "action": "details", "newAllowedCards": [old]})
    out(acme, old)
    into(acme, new, old)
    assert coupon(acme).allowed_cards == [new]
