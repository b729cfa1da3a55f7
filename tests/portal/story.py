"""Calls of every changing method, made over the JSON API: a family that is transferred, and what is known of Ada."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from apps.accounts.models import User
from apps.accounts.operations.create_user import create_user
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from tests.coupons.booklet import booklet
from tests.portal.acme import NOON, PASSWORD
from tests.shop import Shop, usd

ADDRESS = "ada@example.org"
SECRETS = (
    *("Byron", ADDRESS, "4155550100", "King", "Silver-Street", "ADA-OWN-7", "Poodle", "Tortoise", "love-letter"),
    *("@ada", "ada-nickname", "ada-shoe-size", "telegram-of-ada", "ada-colour", "indigo", "1815-12-10"),
)
"""What only those may read who may see personal data; it is all in the bodies of `account` and `subscription`."""


def member(shop: Shop, *roles: str, **restriction: Any) -> User:
    """A login of the shop's brand."""
    username = f"login-{uuid4().hex[:8]}"
    return create_user(
        brand=shop.brand,
        username=username,
        email=f"{username}@staff.example.com",
        password=PASSWORD,
        roles=roles,
        now=NOON,
        **restriction,
    )


def account_body(card: str) -> dict[str, Any]:
    """An updateAccount that uses every field that may tell something about a person."""
    person = {"firstName": "Ada", "lastName": "Byron", "email": ADDRESS, "phone": "+14155550100"}
    return {
        "cardNumber": card,
        "primaryCustomer": person | {"birthday": "1815-12-10", "address1": "Silver-Street", "city": "London"},
        "alternateCustomer": {"firstName": "William", "lastName": "King"},
        "customCardNumber": "ADA-OWN-7",
        "countAsEnrollment": True,
        "brandDemographics": [
            {"fieldName": "pet", "value": "Poodle"},
            {"fieldName": "pets", "mode": "append", "values": [{"stringValue": "Tortoise"}]},
        ],
        "thirdPartyUpdates": [
            {"thirdParty": "twitter", "optIn": True, "username": "@ada", "payload": "love-letter"},
            {"thirdParty": "custom", "optIn": True, "customData": '{"nick": "ada-nickname"}'},
        ],
        "newEvents": [{"categoryId": "call", "payload": "telegram-of-ada"}],
        "customKeyValues": [{"key": "ada-shoe-size", "value": "36"}],
    }


def subscription_body() -> dict[str, Any]:
    """An updateChannelSubscription of the same person."""
    pairs = [{"name": "ada-colour", "value": "indigo"}]
    news = [{"category": "News", "optIn": True}]
    return {
        "channel": "email",
        "channelUser": ADDRESS,
        "globalOptIn": True,
        "categories": news,
        "customKeyValues": pairs,
    }


def tell(shop: Shop) -> dict[str, str]:
    """Make the calls; returns their references by what they did."""

    def done(method: str, body: dict[str, Any]) -> str:
        return str(shop.ok(method, body)["requestRef"])

    return {**_family(shop, done), **_account(shop, done), **_coupon(shop, done)}


Do = Callable[[str, dict[str, Any]], str]


def _family(shop: Shop, done: Do) -> dict[str, str]:
    old, new = shop.card(), shop.card()
    told = {"child": done("allocateChildCard", {"cardNumber": old, "childCardNumber": "kid"})}
    shop.issue(old, "40.00")
    told["child_issue"] = done("updateBalance", usd(old, "issue", "15.00", childCardNumber="kid"))
    products = [{"sku": "HAT", "unitPrice": 5, "amountPurchased": 1}]
    paid = [{"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 5}]
    checkout = {"cardNumber": old, "childCardNumber": "kid", "products": products, "paymentMethods": paid}
    told["child_checkout"] = done("checkout", checkout)
    shop.hold(old, "10.00")
    out = {"cardNumber": old, "action": "out", "ignoreHoldBalances": True}
    told["out"] = done("transfer", out)
    into = {"cardNumber": new, "action": "in", "oldCardNumber": old, "mergeMode": "combine"}
    told["in"] = done("transfer", into | {"owningLocationType": "source"})
    told["zero"] = done("transfer", {"cardNumber": new, "action": "zero"})
    return told


def _account(shop: Shop, done: Do) -> dict[str, str]:
    create_demographic_field(brand=shop.brand, code="pet", name="Pet", data_type="string")
    create_demographic_field(brand=shop.brand, code="pets", name="Pets", data_type="string", is_multiple=True)
    create_subscription_list(brand=shop.brand, uuid=uuid4(), channel="email", name="News")
    told = {"event_type": done("createEventType", {"categoryId": "call", "name": "Call", "groupType": "OTHER"})}
    card = shop.card()
    told["account"] = done("updateAccount", account_body(card))
    fields = ("customer", "alternateCustomer", "brandDemographics", "customData", "thirdPartyLinks", "events")
    shown = dict.fromkeys((*fields, "customCardNumber"), True)
    told["search"] = done("search", {"filters": {"cardNumber": card}, "returnFields": shown})
    told["subscription"] = done("updateChannelSubscription", subscription_body())
    told["subscribed"] = done("channelSubscription", {"channel": "email", "channelUser": ADDRESS})
    return told


def _coupon(shop: Shop, done: Do) -> dict[str, str]:
    booklet(shop, ["SUMMER-2026-0001"])
    card = shop.card()
    wish = {"couponSetId": "summer", "cardNumber": card, "promotionId": "p", "customTags": ["vip"]}
    return {
        "coupon": done("allocateCoupon", wish),
        "coupon_used": done("couponDetails", {"couponId": "SUMMER-2026-0001", "action": "use", "cardNumber": card}),
    }
