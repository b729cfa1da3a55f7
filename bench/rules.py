"""Campaigns for measures: as many rules as wanted, of the kinds that brands have. Django must be set up."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bench.brand import Till, card_number

NAME = "Bench"


def checkout(place: int, *, lines: int) -> bytes:
    """The body of a checkout with so many products."""
    products = [
        {"sku": f"SKU-{number}", "unitPrice": 7.25, "amountPurchased": 1 + number % 3} for number in range(lines)
    ]
    body = {
        "cardNumber": card_number(place),
        "products": products,
        "customKeyValues": [{"key": "channel", "value": "web"}],
        "returnBalances": True,
        "returnBalanceMutations": True,
    }
    return json.dumps(body, separators=(",", ":")).encode()


FIRE = 3


def keep_rules(till: Till, count: int, *, fire: int = FIRE) -> None:
    """Have so many rules in force. Up to three fire on these checkouts (cents for each dollar, a discount on a product,
    a message), the others fail a condition; one of seven is throttled, and needs to know how often it fired."""
    import msgspec

    from apps.brands.models import Brand
    from apps.campaigns.core.definitions import Campaign
    from apps.campaigns.models import Campaign as CampaignRow
    from apps.campaigns.operations.archive_campaign import archive_campaign
    from apps.campaigns.operations.create_campaign import create_campaign
    from apps.campaigns.operations.publish_revision import publish_revision
    from apps.campaigns.operations.save_draft import save_draft

    brand, now = Brand.objects.get(pk=till.brand_id), datetime.now(UTC)
    row = CampaignRow.objects.filter(brand=brand, name=NAME).first()
    row = row or create_campaign(brand=brand, name=NAME, now=now)
    if not count:
        archive_campaign(brand=brand, campaign_id=row.pk)
        return
    definition = {"name": NAME, "rules": [_rule(number + FIRE - fire) for number in range(count)]}
    save_draft(brand=brand, campaign_id=row.pk, definition=msgspec.convert(definition, Campaign, strict=False), now=now)
    publish_revision(brand=brand, campaign_id=row.pk, now=now)


def _rule(number: int) -> dict[str, Any]:
    firing = [_cents_back, _discount, _message]
    others = [_throttled, _other_key, _rich, _large, _either, _many, _other_product]
    return firing[number](number) if number < FIRE else others[number % len(others)](number)


def _node(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "uuid": uuid4(), **more}


def _rule_of(conditions: list[dict[str, Any]], *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"uuid": uuid4(), "conditions": conditions, "results": results, **more}


def _cents_back(_number: int) -> dict[str, Any]:
    amount = {"kind": "per_unit", "amount": "0.01"}
    return _rule_of([], _node("issue_balance", value_type="Currency:USD", amount=amount, name="Cents"))


def _discount(_number: int) -> dict[str, Any]:
    off = _node("discount", take="percent", value=1, of="items", items={"skus": ["SKU-1"]})
    return _rule_of([_node("basket_has", items={"skus": ["SKU-0"]})], off)


def _message(_number: int) -> dict[str, Any]:
    return _rule_of([_node("checkout_total", minimum=5)], _node("notify", channel="direct", text="Thank you!"))


def _throttled(_number: int) -> dict[str, Any]:
    nothing = [_node("checkout_total", minimum=5000)]
    return _rule_of(nothing, _off(5), throttles=[{"times": 1, "window": {"unit": "month", "count": 3}}])


def _other_key(_number: int) -> dict[str, Any]:
    return _rule_of([_node("custom_key", key="promoCode", values=["NOT-THIS"])], _off(10))


def _rich(_number: int) -> dict[str, Any]:
    return _rule_of([_node("balance", value_type="Currency:USD", minimum=900_000_000)], _off(10))


def _large(_number: int) -> dict[str, Any]:
    return _rule_of([_node("checkout_total", minimum=100_000)], _off(10))


def _either(_number: int) -> dict[str, Any]:
    key = _node("custom_key", key="channel", values=["phone"])
    return _rule_of([_node("any_of", conditions=[key, _node("checkout_total", minimum=90_000)])], _off(10))


def _many(_number: int) -> dict[str, Any]:
    return _rule_of([_node("item_count", minimum=100_000)], _off(10))


def _other_product(_number: int) -> dict[str, Any]:
    return _rule_of([_node("basket_has", items={"skus": ["NOT-THIS"]}, minimum_quantity=2)], _off(10))


def _off(percent: int) -> dict[str, Any]:
    return _node("discount", take="percent", value=percent)
