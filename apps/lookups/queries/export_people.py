"""The people on a card as an export tells of them, and what their addresses allow."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.apps import apps

from apps.brands.models import Brand
from apps.cards.models import Card, ChildCard
from apps.customers.core.customer import Demographics
from apps.customers.core.roles import Role
from apps.customers.models import (
    ChannelCategory,
    ChannelSubscription,
    Customer,
    DemographicField,
    FieldValue,
    ListOptIn,
    SubscriptionList,
    ThirdPartyLink,
)
from apps.customers.queries.people_of_card import people_of_card
from apps.customers.queries.subscribed_addresses import subscribed_addresses
from apps.kernel.db.hot import hot_cursor

Row = dict[str, Any]


def people(*, brand: Brand, card: Card) -> Iterator[Row]:
    """Everybody on the card and its children, with all that hangs on them and what they were before."""
    of_child = _children(brand, card)
    lists = _list_names(brand)
    for customer in Customer.objects.filter(brand=brand, card_id=card.pk).order_by("role", "id"):
        yield {
            "role": Role(customer.role).name.lower(),
            "childCard": of_child.get(customer.pk),
            **_known(customer),
            "brandFields": _brand_fields(brand, customer),
            "thirdPartyLinks": [_link(each) for each in _of(ThirdPartyLink, brand, customer, "third_party")],
            "listOptIns": [_opt_in(each, lists) for each in _of(ListOptIn, brand, customer, "list_id")],
            "changes": [_change(each) for each in _changes(brand, customer)],
        }


def channel_subscriptions(*, brand: Brand, card: Card) -> Iterator[Row]:
    """What the addresses of these people allow; also earlier ones, unless somebody else has them now."""
    cursor = hot_cursor()
    found = people_of_card(cursor, brand_id=brand.pk, card_id=card.pk)
    present = Customer.objects.filter(brand=brand, card_id=card.pk).values_list("email", "phone", "mobile_phone")
    own = {text.lower() for row in present for text in row}
    addresses = subscribed_addresses(
        cursor, brand_id=brand.pk, customer_ids=found.ids, addresses=found.traces.addresses
    )
    ids = [each.id for each in addresses if each.address in own or not each.is_shared]
    lists = _list_names(brand)
    for row in ChannelSubscription.objects.filter(brand=brand, pk__in=ids).order_by("id"):
        categories = ChannelCategory.objects.filter(brand=brand, subscription_id=row.pk).order_by("list_id")
        yield {
            "channel": row.channel,
            "channelUser": row.address,
            "globalOptIn": row.global_opt_in,
            "transactionalOptIn": row.transactional_opt_in,
            "doubleOptIn": row.double_opt_in,
            "doubleOptInConfirmed": row.double_opt_in_confirmed,
            "categories": {lists[each.list_id]: each.opt_in for each in categories},
            "customKeyValues": row.key_values,
            "changedAt": row.changed_at,
        }


def _children(brand: Brand, card: Card) -> dict[int | None, str]:
    """Numbers of child cards by their customers."""
    assert card.family_id is not None
    rows = ChildCard.objects.filter(brand=brand, family_id=card.family_id)
    return {person: row.number for row in rows for person in (row.customer_id, row.alternate_customer_id) if person}


def _list_names(brand: Brand) -> dict[int, str]:
    return dict(SubscriptionList.objects.filter(brand=brand).values_list("pk", "name"))


def _of(model: Any, brand: Brand, customer: Customer, order: str) -> Any:
    return model.objects.filter(brand=brand, customer_id=customer.pk).order_by(order)


def _known(row: Any) -> Row:
    """What is known of a person, or was; what is empty is left out."""
    named = ((camel(field.name), getattr(row, field.name)) for field in fields(Demographics))
    return {name: value for name, value in named if value not in (None, "")}


def _brand_fields(brand: Brand, customer: Customer) -> dict[str, list[str]]:
    names = dict(DemographicField.objects.filter(brand=brand).values_list("pk", "name"))
    found: dict[str, list[str]] = {}
    for row in FieldValue.objects.filter(brand=brand, customer_id=customer.pk).order_by("field_id", "no"):
        found.setdefault(names[row.field_id], []).append(row.value)
    return found


def _link(row: ThirdPartyLink) -> Row:
    return {
        "thirdParty": row.third_party,
        "optIn": row.opt_in,
        "optInConfirmed": row.opt_in_confirmed,
        "optInConfirmationRequired": row.opt_in_confirmation_required,
        "username": row.username,
        "payload": row.payload,
        "customData": row.custom_data,
        "mobileOperatorId": row.mobile_operator_id,
        "changedAt": row.changed_at,
    }


def _opt_in(row: ListOptIn, lists: dict[int, str]) -> Row:
    return {
        "list": lists[row.list_id],
        "optIn": row.opt_in,
        "isPending": row.is_pending,
        "isConfirmed": row.is_confirmed,
        "sourceId": row.source_id,
        "changedAt": row.changed_at,
    }


def _changes(brand: Brand, customer: Customer) -> Any:
    events: Any = apps.get_model("customers", "CustomerEvent")
    return events.objects.filter(brand=brand, pgh_obj_id=customer.pk).order_by("pgh_id")


def _change(row: Any) -> Row:
    return {"at": row.pgh_created_at, "change": row.pgh_label, **_known(row)}


def camel(name: str) -> str:
    """first_name -> firstName."""
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)
