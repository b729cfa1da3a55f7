"""search over the wire: what hangs on a card."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from apps.cards.models import Card, Event
from apps.customers.core.roles import Role
from apps.customers.models import Customer, DemographicField
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.kernel.db.hot import hot_cursor
from apps.kernel.moments import epoch_milliseconds
from tests.coupons.booklet import given, used
from tests.merchant_api.methods.test_update_account_third_parties import add_list
from tests.merchant_api.steady import change_brand, rack
from tests.shop import Shop

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PARTS = (
    "alternateCustomer",
    "balances",
    "brandDemographics",
    "checkoutMutations",
    "checkouts",
    "childCards",
    "coupons",
    "customData",
    "customer",
    "emailBounced",
    "events",
    "giverCustomer",
    "thirdPartyLinks",
)


def shown(shop: Shop, card: str, *parts: str) -> dict[str, Any]:
    """What a search shows of a card beside its number and set."""
    body = {"filters": {"cardNumber": card}, "returnFields": dict.fromkeys(parts, True)}
    (found,) = shop.ok("search", body)["cards"]
    return {name: value for name, value in found.items() if name not in ("cardNumber", "cardSetId")}


def update(shop: Shop, card: str, **changes: Any) -> None:
    shop.ok("updateAccount", {"cardNumber": card} | changes)


def give(shop: Shop, card: str, **demographics: str) -> None:
    """Let somebody have given the card, as an import writes it."""
    row = Card.objects.get(brand=shop.brand, number=card)
    number = hot_cursor().execute("SELECT nextval('customers_customer_id_seq')").fetchone()
    assert number is not None
    giver = Customer.objects.create(id=number[0], brand=shop.brand, role=Role.GIVER, card_id=row.pk, **demographics)
    Card.objects.filter(pk=row.pk).update(giver_customer_id=giver.pk)


def log(shop: Shop, card: str, root_type: str, at: datetime = NOON, **facts: Any) -> Event:
    """An event as it is stored."""
    wallet = Card.objects.get(brand=shop.brand, number=card).wallet_id
    assert wallet is not None
    facts = {"category_id": "mailing", "happened_at": at, "recorded_at": at} | facts
    return Event.objects.create(brand=shop.brand, wallet_id=wallet, root_type=root_type, **facts)


def test_what_there_is_none_of_is_left_out(acme: Shop) -> None:
    assert shown(acme, acme.card(), *PARTS) == {"balances": [], "emailBounced": False}


def test_nothing_is_shown_that_was_not_asked_for(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, primaryCustomer={"firstName": "Ada"}, alternateCustomer={"firstName": "Bea"})
    update(acme, card, thirdPartyUpdates=[{"thirdParty": "email", "optIn": True}])
    assert shown(acme, card) == {}
    assert shown(acme, card, "alternateCustomer").keys() == {"alternateCustomer"}
    assert shown(acme, card, "thirdPartyLinks").keys() == {"thirdPartyLinks"}


def test_the_three_customers_of_a_card(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, primaryCustomer={"firstName": "Ada"}, alternateCustomer={"firstName": "Bea"})
    give(acme, card, first_name="Carl")
    assert shown(acme, card, "customer", "alternateCustomer", "giverCustomer") == {
        "customer": {"firstName": "Ada"},
        "alternateCustomer": {"firstName": "Bea"},
        "giverCustomer": {"firstName": "Carl"},
    }


def test_preferences_are_the_opt_ins_of_the_channels_where_one_was_said(acme: Shop) -> None:
    card = acme.card()
    update(acme, card, primaryCustomer={"firstName": "Ada"}, thirdPartyUpdates=[{"thirdParty": "email", "optIn": True}])
    assert shown(acme, card, "customer")["customer"] == {"firstName": "Ada", "emailPref": "I"}
    both = [{"thirdParty": "email", "optIn": False}, {"thirdParty": "phone", "optIn": True}]
    update(acme, card, thirdPartyUpdates=both)
    assert shown(acme, card, "customer")["customer"] == {"firstName": "Ada", "emailPref": "O", "phonePref": "I"}


def test_links_are_shown_with_their_lists_and_without_the_custom_data(acme: Shop) -> None:
    card, uuid = acme.card(), add_list(acme, "email")
    custom = {"thirdParty": "custom", "customData": '{"a": 1}', "username": "ada"}
    categories = [{"uuid": uuid, "optIn": True}]
    update(acme, card, thirdPartyUpdates=[custom, {"thirdParty": "email", "optIn": True, "categories": categories}])
    seen = shown(acme, card, "thirdPartyLinks", "customData")
    assert seen["customData"] == '{"a": 1}'
    assert seen["thirdPartyLinks"] == [
        {"thirdParty": "custom", "username": "ada"},
        {
            "thirdParty": "email",
            "optIn": True,
            "categories": [
                {"uuid": uuid, "name": "News", "optIn": True, "optInPending": False, "optInConfirmed": False}
            ],
        },
    ]


def test_every_part_of_a_link_is_shown(acme: Shop) -> None:
    card, uuid = acme.card(), add_list(acme, "phone", "Offers")
    link = {"optIn": True, "optInConfirmed": True, "optInConfirmationRequired": True, "username": "ada"}
    link |= {"thirdParty": "phone", "payload": "p", "mobileOperatorId": "383"}
    category = {"name": "Offers", "optIn": True, "optInConfirmed": True, "optInSourceId": "till 1"}
    update(acme, card, thirdPartyUpdates=[link | {"categories": [category]}])
    expected = category | {"uuid": uuid, "optInPending": False}
    assert shown(acme, card, "thirdPartyLinks")["thirdPartyLinks"] == [link | {"categories": [expected]}]


def test_brand_demographics_are_a_text_that_is_json(acme: Shop) -> None:
    card, kinds = acme.card(), ("integer", "decimal", "string", "date")
    for kind in kinds:
        create_demographic_field(brand=acme.brand, code=kind, name=kind, data_type=kind)
    create_demographic_field(brand=acme.brand, code="many", name="Many", data_type="integer", is_multiple=True)
    values = ("7", "1234567890.123456789", 'say "ü"', "2020-02-29")
    fields: list[dict[str, Any]] = [
        {"fieldName": kind, "value": value} for kind, value in zip(kinds, values, strict=True)
    ]
    fields.append({"fieldName": "many", "values": [{"integerValue": 3}, {"integerValue": 1}]})
    update(acme, card, brandDemographics=fields)
    text = shown(acme, card, "brandDemographics")["brandDemographics"]
    assert json.loads(text, parse_float=Decimal) == {
        "integer": 7,
        "decimal": Decimal("1234567890.123456789"),
        "string": 'say "ü"',
        "date": "2020-02-29",
        "many": [3, 1],
    }


def test_fields_that_were_switched_off_are_neither_shown_nor_searched(acme: Shop) -> None:
    card = acme.card()
    create_demographic_field(brand=acme.brand, code="colour", name="Colour", data_type="string")
    update(acme, card, brandDemographics=[{"fieldName": "colour", "value": "red"}])
    filters = {"customDemographics": [{"fieldName": "colour", "textValue": "red"}]}
    assert len(acme.ok("search", {"filters": filters})["cards"]) == 1
    DemographicField.objects.filter(brand=acme.brand).update(is_active=False)
    assert acme.ok("search", {"filters": filters})["cards"] == []
    assert shown(acme, card, "brandDemographics") == {}


def test_events_are_shown_newest_first_without_those_taken_back(acme: Shop) -> None:
    card = acme.card()
    log(acme, card, "CUSTOM", category_id="old", specific_id="a", payload="p", properties={"k": "v"})
    log(acme, card, "BOUNCED", NOON.replace(hour=13))
    log(acme, card, "CUSTOM", NOON.replace(hour=14), removed_by=UUID(int=7))
    first, second = shown(acme, card, "events")["events"]
    assert first == {
        "eventType": "BOUNCED",
        "categoryId": "mailing",
        "eventDate": epoch_milliseconds(NOON.replace(hour=13)),
    }
    assert second == {
        "eventType": "CUSTOM",
        "categoryId": "old",
        "specificId": "a",
        "payload": "p",
        "eventDate": epoch_milliseconds(NOON),
        "customProperties": [{"key": "k", "value": "v"}],
    }


@pytest.mark.parametrize(
    ("events", "bounced"),
    [
        (["BOUNCED"], True),
        (["BOUNCED", "UNBOUNCED"], False),
        (["BOUNCED", "UNBOUNCED", "BOUNCED", "CUSTOM"], True),
        (["UNBOUNCED", "CUSTOM"], False),
    ],
)
def test_e_mail_bounces_until_it_does_not(acme: Shop, events: list[str], bounced: bool) -> None:
    card = acme.card()
    for hour, root_type in enumerate(events):
        log(acme, card, root_type, NOON.replace(hour=hour))
    assert shown(acme, card, "emailBounced") == {"emailBounced": bounced}


def test_a_bounce_that_was_taken_back_counts_no_more(acme: Shop) -> None:
    card = acme.card()
    log(acme, card, "BOUNCED", removed_by=UUID(int=7))
    assert shown(acme, card, "emailBounced") == {"emailBounced": False}


def test_coupons_are_those_that_can_still_be_used(acme: Shop) -> None:
    card = acme.card()
    more = {"cardNumber": card, "promotionId": "spring", "allowMultipleCoupons": True}
    given(acme, "A-1", expirationDate="2099-01-01 00:00:00", **more)
    used(acme, "A-2", **more)
    (coupon,) = shown(acme, card, "coupons")["coupons"]
    assert (coupon["couponId"], coupon["expirationDate"]) == ("A-1", "2099-01-01 00:00:00")
    assert coupon.keys() == {"couponId", "issuedDate", "expirationDate"}


def test_checkouts_are_shown_newest_first_without_voided_ones(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    pay = {"amount": 7, "balanceType": "Currency", "balanceCode": "USD", "redeemBalance": True}
    old = {"cardNumber": card, "checkoutTotal": "12.5", "paymentMethods": [pay]}
    first = acme.ok("checkout", old | {"customRequestDate": "2024-05-06 07:08:09"}, externalTransactionId="CHK-1")
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 3})
    gone = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 4})
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": gone["requestRef"]})
    newest, oldest = shown(acme, card, "checkouts")["checkouts"]
    assert newest["checkoutTotal"] == 3
    assert oldest == {
        "transactionReference": first["requestRef"],
        "checkoutTotal": Decimal("12.50"),
        "checkoutDate": "2024-05-06 07:08:09",
        "locationId": "main-street",
        "externalReference": "CHK-1",
        "isReturn": False,
    }


def test_checkouts_can_be_shown_with_what_they_moved(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    pay = {"amount": 7, "balanceType": "Currency", "balanceCode": "USD", "redeemBalance": True}
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 12, "paymentMethods": [pay]})
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 3})
    newest, oldest = shown(acme, card, "checkouts", "checkoutMutations")["checkouts"]
    assert newest["mutations"] == []
    assert [(each["amount"], each["isDiscount"]) for each in oldest["mutations"]] == [(-7, False)]
    assert shown(acme, card, "checkoutMutations") == {}


def test_version_1_leaves_newer_parts_out(acme: Shop) -> None:
    card = acme.card()
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 3})
    change_brand(acme, api_version=1)
    assert shown(acme, card, *PARTS).keys() == {"balances", "emailBounced"}


def test_parts_that_come_later_are_left_out(acme: Shop) -> None:
    features = [*acme.brand.features, "mailings", "segments", "recommendations"]
    change_brand(acme, features=features)
    body = {"filters": {"cardNumber": acme.card()}}
    later = {"segments": True, "mailings": True, "score": True, "recommendationAmount": 5}
    (card,) = acme.ok("search", body | {"returnFields": later})["cards"]
    assert card.keys() == {"cardNumber", "cardSetId"}


def test_a_card_that_was_never_activated_has_nothing(acme: Shop) -> None:
    body = {"filters": {"cardNumber": rack(acme, "free")}, "includeInactive": True}
    (card,) = acme.ok("search", body | {"returnFields": dict.fromkeys(PARTS, True)})["cards"]
    assert card.keys() == {"cardNumber", "cardSetId", "cardStatus", "balances", "emailBounced"}
