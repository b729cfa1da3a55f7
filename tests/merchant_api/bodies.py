"""For every method of the JSON API, bodies that name all that can be a brand's own.

A text in braces stands for one of its belongings: `{card}` becomes the number of a card, see `belongings`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.programs.operations.create_card_set import create_card_set
from tests.campaigns.live import points, publish, rule, uuid_of
from tests.coupons.booklet import booklet
from tests.merchant_api.steady import UNKNOWN, pinned, rack
from tests.programs.rates import rated
from tests.shop import Shop, open_shop

_PLACE = re.compile(r"\{(\w+)\}")
_USD = {"balanceType": "Currency", "balanceCode": "USD"}
_PAID = {"redeemBalance": True, "amount": 1} | _USD
_HATS = [{"sku": "HAT", "unitPrice": 1, "amountPurchased": 2, "unitCost": "0.5"}]

BODIES: dict[str, tuple[dict[str, Any], ...]] = {
    "allocate": (
        {"cardNumber": "{free_card}"},
        {"cardSetId": "{card_set}"},
        {"cardNumber": "{free_card}", "cardSetId": "{card_set}", "createIfNew": True},
    ),
    "allocateChildCard": ({"cardNumber": "{card}", "childCardNumber": "{child}"},),
    "allocateCoupon": (
        {"couponId": "{free_coupon}", "customTags": ["x"], "expirationDate": "2090-01-01 00:00:00"},
        {"couponSetId": "{coupon_set}", "cardNumber": "{card}", "promotionId": "p", "allowMultipleCoupons": True},
        {"couponSetId": "{coupon_set}", "couponId": "{coupon}", "createIfNew": True},
    ),
    "cardHistory": (
        {"cardNumber": "{card}", "maxResults": 5, "beginDate": None, "restrictTransactionTypes": [], "offset": 0},
        {"cardNumber": "{card}", "childCardNumber": "{child}", "splitHoldMutations": True},
    ),
    "channelSubscription": (
        {"channel": "email", "channelUser": "{email}"},
        {"channel": "phone", "channelUser": "{phone}"},
    ),
    "checkout": (
        {
            "cardNumber": "{card}",
            "checkoutTotal": 5,
            "products": _HATS,
            "preDiscounts": [{"amount": 1}],
            "paymentMethods": [_PAID, {"paymentType": "Cash", "amount": 4}],
            "returnBalanceMutations": True,
            "customRequestDate": None,
        },
        {"cardNumber": "{card}", "checkoutTotal": 5, "paymentMethods": [{"updateBalanceRequestRef": "{redeemed}"}]},
        {"cardNumber": "{card}", "childCardNumber": "{child}", "products": _HATS, "useParentBalancesOnly": True},
        {"products": _HATS},
    ),
    "checkoutLookup": ({"checkoutTransactionId": "{checkout}"},),
    "couponDetails": (
        {"couponId": "{coupon}", "action": "details", "newCustomTags": ["x"], "newAllowedCards": ["{card}"]},
        {"couponId": "{coupon}", "action": "reserve", "reserveUntil": "2030-01-01 00:00:00"},
        {"couponId": "{coupon}", "action": "use", "cardNumber": "{card}"},
    ),
    "createEventType": ({"categoryId": "{category}", "name": "Call", "sentiment": 1, "groupType": "OTHER"},),
    "listEventTypes": ({"offset": 0, "limit": 10},),
    "listRequests": ({"externalTransactionId": "{external}"},),
    "listSubscriptionLists": ({"communicationChannelType": "email"},),
    "listValueTypes": ({"lookupCardNumber": "{card}"}, {"cardSetId": "{card_set}"}),
    "processMessage": (
        {"cardNumber": "{card}", "message": "STOP"},
        {"cardNumber": "{card}", "message": "Where is my coffee?"},
    ),
    "reactivate": ({"cardNumber": "{card}", "pin": "0042", "forcePinValidation": False},),
    "requestLookup": ({"requestRef": "{issued}", "splitHoldMutations": True}, {"requestRef": "{checkout}"}),
    "returnMerchandise": (
        {
            "cardNumber": "{card}",
            "checkoutRequestRef": "{checkout}",
            "returnedProducts": [{"sku": "HAT", "amountPurchased": 1, "unitPrice": None}],
            "additionalReturnAmount": 1,
            "failIfOverReturn": False,
            "usedCouponResets": "Always",
            "reversePayments": True,
            "removeCustomEvents": True,
            "customRequestDate": None,
        },
        {"cardNumber": "{card}", "childCardNumber": "{child}", "returnedProducts": _HATS},
        {"cardNumber": "{card}", "checkoutRequestRef": "{checkout}", "simulateOnly": True, "failIfCouponsUsed": False},
        {"additionalReturnAmount": 1, "disableIssuedCoupons": False},
    ),
    "search": (
        {
            "filters": {"cardNumber": "{card}", "email": None, "phone": None},
            "returnFields": {"balances": True, "customer": True, "balanceExpirations": True, "delayedBalances": True},
            "limit": 5,
            "offset": 0,
            "convertToCurrency": "EUR",
        },
        {"filters": {"customCardNumber": "{custom}"}, "includeInactive": True},
        {"filters": {"email": "{email}", "lastName": "{name}"}, "returnFields": {"customer": True}},
        {"filters": {"phone": "{phone}"}},
    ),
    "transfer": (
        {"cardNumber": "{card}", "action": "in", "oldCardNumber": "{old_card}", "mergeMode": "combine"},
        {"cardNumber": "{old_card}", "action": "out", "ignoreHoldBalances": True, "pin": "0042"},
        {"cardNumber": "{old_card}", "action": "zero"},
    ),
    "triggerCampaignRule": (
        {
            "cardNumber": "{card}",
            "campaignUUID": "{campaign}",
            "campaignRuleUUID": "{rule}",
            "triggeringUUID": "{triggering}",
            "childCardNumber": "{child}",
        },
    ),
    "triggerCustomCampaigns": ({"cardNumber": "{card}", "customKeyValues": [{"key": "k", "value": "v"}]},),
    "triggerReferRewards": ({"cardNumber": "{card}", "checkoutTotalSum": 10, "checkoutCount": 1},),
    "updateAccount": (
        {
            "cardNumber": "{card}",
            "primaryCustomer": {"firstName": "Ada", "birthday": "", "phone": "", "latitude": 1, "country": ""},
            "alternateCustomer": {"email": "bob@example.com", "anniversary": "2001-02-03"},
            "customCardNumber": "x",
        },
        {
            "cardNumber": "{card}",
            "brandDemographics": [{"fieldName": "{field}", "values": [{"stringValue": "gold"}], "mode": "append"}],
            "newEvents": [{"categoryId": "{category}", "payload": "p", "eventDate": None}],
            "thirdPartyUpdates": [
                {"thirdParty": "email", "optIn": True, "categories": [{"name": "{list}", "optIn": True}]},
                {"thirdParty": "custom", "customData": "{}", "username": "ada"},
            ],
            "customKeyValues": [{"key": "k", "value": "v"}],
        },
        {"cardNumber": "{card}", "childCardNumber": "{child}", "primaryCustomer": {"lastName": "Kid"}},
    ),
    "updateBalance": (
        {
            "cardNumber": "{card}",
            "action": "issue",
            "amount": _USD | {"amount": 1},
            "issuedBalanceExpiration": None,
            "returnBalances": True,
            "pin": None,
        },
        {
            "cardNumber": "{card}",
            "action": "redeem",
            "amount": _USD | {"amount": 1},
            "redeemFromHoldTransactionId": "{hold}",
            "releaseHoldRemainder": True,
        },
        {
            "cardNumber": "{card}",
            "childCardNumber": "{child}",
            "action": "redeem",
            "amount": {"balanceType": "Currency", "balanceCode": "EUR", "amount": 1, "convertToMainCurrency": True},
            "redeemMaxOnOverdraw": True,
        },
    ),
    "updateChannelSubscription": (
        {
            "channel": "email",
            "channelUser": "{email}",
            "globalOptIn": True,
            "categories": [{"category": "{list}", "optIn": True}, {"category": "{list_uuid}", "optIn": False}],
            "customKeyValues": [{"name": "n", "value": "v"}],
        },
    ),
    "voidTransaction": (
        {"cardNumber": "{card}", "requestRef": "{issued}", "customRequestDate": None},
        {"cardNumber": "{card}", "childCardNumber": "{child}", "requestRef": "{childs}"},
        {"cardNumber": "{card}", "requestRef": "{checkout}"},
    ),
}


@dataclass
class World:
    """A brand with one of everything, and what is called how in it."""

    shop: Shop
    things: dict[str, str]


def world(name: str, **settings: Any) -> World:
    """A new brand with one of everything; `name` is in the names of all that it has."""
    shop = open_shop(name, **settings)
    return World(shop, belongings(shop, name))


def belongings(shop: Shop, tag: str) -> dict[str, str]:
    """Make one of everything for a brand and say what it is called; `tag` keeps the names apart from other brands'."""
    card, old_card = pinned(shop, f"card-{tag}"), pinned(shop, f"old-{tag}")
    coupons = [f"{tag}-coupon", f"{tag}-free-1", f"{tag}-free-2"]
    booklet(shop, coupons, code=f"set-{tag}", pattern=f"{tag}-######")
    shop.ok("allocateCoupon", {"couponId": coupons[0]})
    create_card_set(brand=shop.brand, program=shop.gift, code=f"cards-{tag}", name="Cards")
    news = create_subscription_list(brand=shop.brand, uuid=uuid4(), channel="email", name=f"news-{tag}")
    create_demographic_field(brand=shop.brand, code=f"field-{tag}", name="Tier", data_type="string", is_multiple=True)
    shop.ok("createEventType", {"categoryId": f"category-{tag}"})
    rated(shop, "EUR", "USD", "1.1")
    person = {"firstName": "Ada", "lastName": f"name-{tag}", "email": f"{tag}@example.com"}
    person["phone"] = f"+1415555{shop.brand.pk % 10_000:04}"
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": person, "customCardNumber": f"custom-{tag}"})
    shop.ok("updateChannelSubscription", {"channel": "email", "channelUser": person["email"], "globalOptIn": True})
    shop.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": f"child-{tag}"})
    shop.issue(old_card, 10)
    things = {
        "card": card,
        "old_card": old_card,
        "free_card": rack(shop, f"free-{tag}"),
        "child": f"child-{tag}",
        "custom": f"custom-{tag}",
        "card_set": f"cards-{tag}",
        "coupon": coupons[0],
        "free_coupon": coupons[1],
        "coupon_set": f"set-{tag}",
        "list": news.name,
        "list_uuid": str(news.uuid),
        "field": f"field-{tag}",
        "category": f"category-{tag}",
        "name": person["lastName"],
        "email": person["email"],
        "phone": person["phone"],
        "external": f"external-{tag}",
    }
    return things | _triggering(shop, things) | _calls(shop, things)


def _triggering(shop: Shop, things: Mapping[str, str]) -> dict[str, str]:
    single = rule(points(1), trigger="single_rule")
    campaign = publish(shop, single)
    found = {"campaign": str(campaign.uuid), "rule": str(uuid_of(single)), "triggering": str(uuid4())}
    body = {"campaignUUID": found["campaign"], "campaignRuleUUID": found["rule"]}
    shop.ok("triggerCampaignRule", body | {"cardNumber": things["card"], "triggeringUUID": found["triggering"]})
    return found


def _calls(shop: Shop, things: Mapping[str, str]) -> dict[str, str]:
    card = things["card"]
    issued = shop.issue(card, 1000)
    bought = shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 5}, externalTransactionId=things["external"])
    return {
        "issued": issued,
        "redeemed": shop.redeem(card, 1),
        "hold": shop.hold(card, 1),
        "checkout": bought["transactionId"],
        "childs": shop.issue(card, 5, childCardNumber=things["child"]),
    }


def strangers(things: Mapping[str, str]) -> dict[str, str]:
    """The same names for what nobody has."""
    found = {name: f"nobody-{name}" for name in things}
    for name in ("issued", "redeemed", "hold", "checkout", "childs", "list_uuid", "campaign", "rule", "triggering"):
        found[name] = UNKNOWN
    return found | {"email": "nobody@example.com", "phone": "+442079460000"}


def filled(value: Any, things: Mapping[str, str]) -> Any:
    """A body with names in the places of belongings."""
    if isinstance(value, dict):
        return {name: filled(each, things) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, things) for each in value]
    match = _PLACE.fullmatch(value) if isinstance(value, str) else None
    return things[match[1]] if match else value


def named_in(value: Any) -> Iterator[str]:
    """Which belongings a body names."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in below:
        yield from named_in(each)
    match = _PLACE.fullmatch(value) if isinstance(value, str) else None
    if match:
        yield match[1]
