"""A session ends before each statement of each verb in turn: nothing of the call is there, and a retry acts once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from apps.campaigns.models import Campaign, Revision
from tests.campaigns.live import publish, result, rule, says
from tests.coupons.booklet import booklet
from tests.journeys.test_crash_at_statements import Shaky, shaky  # noqa: F401  (a fixture)
from tests.merchant_api.steady import state
from tests.merchant_api.test_statements import everything_of_an_account
from tests.programs.rates import rated
from tests.shop import Shop, usd
from tests.transactions.lavish import basket, lavish
from tests.transactions.lavish import coupon as lavish_coupon
from tests.transactions.lavish import member as lavish_member

Wanted = tuple[str, dict[str, Any]]
Make = Callable[[Shop], Wanted]


def family(shop: Shop) -> str:
    """A root card with people, value and a child card that has some too."""
    root = shop.card()
    shop.issue(root, 50)
    shop.ok("allocateChildCard", {"cardNumber": root, "childCardNumber": "kid"})
    shop.issue(root, 20, childCardNumber="kid")
    shop.ok("updateAccount", {"cardNumber": root, "primaryCustomer": {"firstName": "Ada"}, "countAsEnrollment": True})
    return root


def transferred(shop: Shop) -> tuple[str, str]:
    old, new = family(shop), shop.card()
    shop.ok("transfer", {"cardNumber": old, "action": "out"})
    return old, new


def child(shop: Shop) -> Wanted:
    return "allocateChildCard", {"cardNumber": shop.card(), "childCardNumber": "kid"}


def issue_to_a_child(shop: Shop) -> Wanted:
    return "updateBalance", usd(family(shop), "issue", 5, childCardNumber="kid")


def checkout_of_a_child(shop: Shop) -> Wanted:
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 5}
    body = {"cardNumber": family(shop), "childCardNumber": "kid", "checkoutTotal": 9, "paymentMethods": [pay]}
    return "checkout", body | {"products": [{"sku": "A"}, {"sku": "B"}], "useParentBalancesOnly": True}


def converted(shop: Shop) -> Wanted:
    body = usd(family(shop), "redeem", 5)
    body["amount"] |= {"balanceCode": "EUR", "convertToMainCurrency": True}
    return "updateBalance", body


def transfer_out(shop: Shop) -> Wanted:
    return "transfer", {"cardNumber": family(shop), "action": "out"}


def transfer_in(shop: Shop) -> Wanted:
    old, new = transferred(shop)
    body = {"cardNumber": new, "action": "in", "oldCardNumber": old, "mergeMode": "overwrite"}
    return "transfer", body | {"owningLocationType": "source"}


def transfer_zero(shop: Shop) -> Wanted:
    return "transfer", {"cardNumber": family(shop), "action": "zero"}


def void_after_a_transfer(shop: Shop) -> Wanted:
    old, new = family(shop), shop.card()
    redeemed = shop.redeem(old, 5)
    shop.ok("transfer", {"cardNumber": old, "action": "out"})
    shop.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})
    return "voidTransaction", {"cardNumber": new, "requestRef": redeemed}


def checkout_with_everything(shop: Shop, card: str) -> str:
    """A checkout that its card paid and for which a coupon was issued; its reference."""
    if not Campaign.objects.filter(brand=shop.brand).exists():
        publish(shop, rule(result("allocate_coupon", coupon_set="summer")))
        sorry = result("issue_balance", value_type="Currency:USD", amount={"kind": "fixed", "amount": 1})
        publish(shop, rule(sorry, trigger="return"))
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 5}
    body = {"cardNumber": card, "products": [{"sku": "A", "unitPrice": 9}], "paymentMethods": [pay]}
    return str(shop.ok("checkout", body)["requestRef"])


def goods_back(shop: Shop) -> Wanted:
    card = family(shop)
    body = {"cardNumber": card, "checkoutRequestRef": checkout_with_everything(shop, card)}
    return "returnMerchandise", body | {"returnedProducts": [{"sku": "A"}], "reversePayments": True}


def goods_back_after_a_transfer(shop: Shop) -> Wanted:
    old, new = family(shop), shop.card()
    body = {"cardNumber": new, "checkoutRequestRef": checkout_with_everything(shop, old)}
    shop.ok("transfer", {"cardNumber": old, "action": "out"})
    shop.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})
    return "returnMerchandise", body | {"reversePayments": True}


def void_of_a_return(shop: Shop) -> Wanted:
    _, body = goods_back(shop)
    return "voidTransaction", {
        "cardNumber": body["cardNumber"],
        "requestRef": shop.ok("returnMerchandise", body)["requestRef"],
    }


def ready(shop: Shop) -> dict[str, Any]:
    """A checkout on which campaigns do everything; the first time the campaigns are published."""
    if not Campaign.objects.filter(brand=shop.brand).exists():
        lavish(shop)
    return basket(lavish_member(shop), lavish_coupon(shop))


def lock_a_checkout(shop: Shop) -> Wanted:
    return "checkout", ready(shop) | {"isSetup": True, "lockSetupDuration": 600}


def complete_a_checkout(shop: Shop) -> Wanted:
    method, body = lock_a_checkout(shop)
    setup = shop.ok(method, body)["transactionId"]
    return method, {"cardNumber": body["cardNumber"], "relatedSetupTransactionId": setup}


def cancel_a_checkout(shop: Shop) -> Wanted:
    method, body = complete_a_checkout(shop)
    return method, body | {"cancelSetup": True}


def generous(shop: Shop, trigger: str) -> dict[str, str]:
    """A member, and the names of a rule with this trigger that gives money, a coupon and a text message."""
    campaign = Campaign.objects.filter(brand=shop.brand, name=trigger).first()
    if campaign is None:
        gifts = [result("allocate_coupon", coupon_set="summer"), says("Hi", "sms")]
        gifts.append(result("issue_balance", value_type="Currency:USD", amount={"kind": "fixed", "amount": 1}))
        campaign = publish(shop, rule(*gifts, trigger=trigger), name=trigger)
    (published,) = Revision.objects.filter(brand=shop.brand, campaign_id=campaign.pk)
    uuid = published.definition["rules"][0]["uuid"]
    return {"cardNumber": family(shop), "campaignUUID": str(campaign.uuid), "campaignRuleUUID": uuid}


def custom_trigger(shop: Shop) -> Wanted:
    return "triggerCustomCampaigns", {"cardNumber": generous(shop, "custom")["cardNumber"]}


def rule_trigger(shop: Shop) -> Wanted:
    body = generous(shop, "single_rule")
    return "triggerCampaignRule", body | {"childCardNumber": "kid", "triggeringUUID": uuid4().hex}


def stop_message(shop: Shop) -> Wanted:
    card = generous(shop, "message")["cardNumber"]
    phone = {"primaryCustomer": {"mobilePhone": "+14155550123"}}
    shop.ok(
        "updateAccount", phone | {"cardNumber": card, "thirdPartyUpdates": [{"thirdParty": "phone", "optIn": True}]}
    )
    return "processMessage", {"cardNumber": card, "message": "STOP"}


def any_coupon(_: Shop) -> Wanted:
    return "allocateCoupon", {"couponSetId": "summer"}


def coupon_for_a_card(shop: Shop) -> Wanted:
    return "allocateCoupon", {"couponSetId": "summer", "cardNumber": shop.card(), "promotionId": "spring"}


def coupon_use(shop: Shop) -> Wanted:
    coupon = shop.ok("allocateCoupon", {"couponSetId": "summer"})["couponId"]
    return "couponDetails", {"couponId": coupon, "action": "use", "newCustomTags": ["x"]}


def account(shop: Shop) -> Wanted:
    is_known = shop.ok("listEventTypes")["eventTypes"] != []
    return "updateAccount", everything_of_an_account(shop, shop.card(), round=2 if is_known else 0)


def event_type(_: Shop) -> Wanted:
    return "createEventType", {"categoryId": uuid4().hex}


def subscription(_: Shop) -> Wanted:
    body = {"channel": "email", "channelUser": f"{uuid4().hex}@example.com", "globalOptIn": True}
    return "updateChannelSubscription", body


VERBS: list[Make] = [
    child,
    issue_to_a_child,
    checkout_of_a_child,
    converted,
    transfer_out,
    transfer_in,
    transfer_zero,
    void_after_a_transfer,
    goods_back,
    goods_back_after_a_transfer,
    void_of_a_return,
    lock_a_checkout,
    complete_a_checkout,
    cancel_a_checkout,
    custom_trigger,
    rule_trigger,
    stop_message,
    any_coupon,
    coupon_for_a_card,
    coupon_use,
    account,
    event_type,
    subscription,
]


@pytest.mark.parametrize("make", VERBS, ids=lambda make: make.__name__)
def test_all_or_nothing_and_once(acme: Shop, shaky: type[Shaky], make: Make) -> None:  # noqa: F811
    rated(acme, "EUR", "USD", "1.1")
    booklet(acme, [f"A-{number}" for number in range(40)])
    at = 0
    while True:
        at += 1
        method, body = make(acme)
        before, custom_id = state(acme), uuid4().hex
        shaky.seen, shaky.at = 0, at
        first = acme.post(method, body, customRequestId=custom_id)
        if shaky.at is not None:
            break
        assert first.code == 1, first.text
        assert state(acme) == before, f"something stayed of a {method} that ended before its statement {at}"
        assert acme.post(method, body, customRequestId=custom_id).status == 200
        assert acme.post(method, body, customRequestId=custom_id).code == 3
    shaky.at = None
    assert first.status == 200, first.text
    assert at > 4, "a verb has at least BEGIN, lock, write and COMMIT"
