"""Ada, about whom much is known: on a card with a child card, in her addresses, in events, and in the log."""

from dataclasses import dataclass
from uuid import uuid4

import pghistory
from django.db import connection

from apps.cards.models import Card, ChildCard, Event
from apps.customers import models as customers
from apps.customers.core.roles import Role
from apps.ledger.models import Wallet
from tests.merchant_api.steady import NOW
from tests.shop import Shop, usd

NEEDLES = (
    "Lovelace",
    "ada@example.com",
    "ada.old@example.com",
    "4155550123",
    "555-0123",
    "St James",
    "Byron",
    "Medora",
    "loves chess",
    "ada-on-twitter",
    "A-CUSTOM-1",
    "told us her birthday",
    "203.0.113.7",
)
"""Each of these stands somewhere about her."""


def page(shop: Shop) -> str:
    """The address of a page on which a person of this brand was changed. History keeps it in a table without brands."""
    return f"/{shop.brand.code}/customers/"


@dataclass
class Ada:
    """Her card, and the calls by which others looked for her."""

    shop: Shop
    number: str

    @property
    def row(self) -> Card:
        return Card.objects.get(brand=self.shop.brand, number=self.number)


def ada_of(shop: Shop) -> Ada:
    """Everything that the product can keep of a person, with value, a checkout and a hold on the card."""
    card = shop.card()
    _calls(shop, card)
    row = Card.objects.get(brand=shop.brand, number=card)
    assert row.customer_id is not None
    _hangs_on(shop, row)
    _others(shop, row)
    shop.ok("updateBalance", usd(card, "issue", 100), note="for Lovelace")
    return Ada(shop, card)


def _calls(shop: Shop, card: str) -> None:
    old = {"firstName": "Ada", "lastName": "Byron", "email": "ada.old@example.com"}
    new = {"lastName": "Lovelace", "email": "Ada@Example.com", "phone": "(415) 555-0123", "address1": "12 St James"}
    for fields in (old, new):
        shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": fields})
    enrol = {"cardNumber": card, "countAsEnrollment": True, "customCardNumber": "A-CUSTOM-1"}
    shop.ok("updateAccount", enrol, **{"X-Forwarded-For": "203.0.113.7"})
    shop.issue(card, 50)
    shop.hold(card, 10)
    shop.ok("checkout", {"cardNumber": card, "products": [{"sku": "HAT", "unitPrice": 20}]})
    shop.post("updateBalance", usd(card, "redeem", 10_000))
    for filters in ({"email": "ADA@example.com"}, {"phone": "415-555-0123"}, {"lastName": "Lovelace"}):
        shop.ok("search", {"filters": filters, "returnFields": {"customer": True}})
    shop.ok("search", {"filters": {"firstName": "ada", "lastName": "LOVELACE"}})
    for channel, user in (("email", "ada@example.com"), ("phone", "415.555.0123"), ("email", "ada.old@example.com")):
        body = {"channel": channel, "channelUser": user, "globalOptIn": channel == "email"}
        shop.ok("updateChannelSubscription", body)


def _hangs_on(shop: Shop, row: Card) -> None:
    brand = {"brand": shop.brand}
    assert row.customer_id is not None
    person = brand | {"customer_id": row.customer_id}
    field = customers.DemographicField.objects.create(code="likes", name="Likes", data_type="string", **brand)
    customers.FieldValue.objects.create(field_id=field.pk, no=1, value="loves chess", role=1, card_id=row.pk, **person)
    customers.ThirdPartyLink.objects.create(
        third_party="twitter", opt_in=True, username="ada-on-twitter", changed_at=NOW, **person
    )
    news = customers.SubscriptionList.objects.create(uuid=uuid4(), channel="email", name="News", **brand)
    customers.ListOptIn.objects.create(list_id=news.pk, opt_in=True, changed_at=NOW, **person)
    address = customers.ChannelSubscription.objects.get(address="ada@example.com", **brand)
    customers.ChannelCategory.objects.create(subscription_id=address.pk, list_id=news.pk, opt_in=True, **brand)
    for payload, properties in (("told us her birthday", {"by": "Lovelace"}), (None, None)):
        Event.objects.create(
            wallet_id=row.wallet_id,
            root_type="CUSTOM",
            category_id="call",
            payload=payload,
            properties=properties,
            happened_at=NOW,
            recorded_at=NOW,
            **brand,
        )


def _others(shop: Shop, row: Card) -> None:
    """A giver, an alternate, and a daughter on a child card, changed on a page of the portal."""
    brand = {"brand": shop.brand}
    ids = {role: _person(shop, row, role) for role in (Role.ALTERNATE, Role.GIVER, Role.CHILD)}
    Card.objects.filter(pk=row.pk).update(alternate_customer_id=ids[Role.ALTERNATE], giver_customer_id=ids[Role.GIVER])
    assert row.wallet_id is not None
    child = Wallet.objects.create(
        id=row.wallet_id + 5_000_000,
        root_id=row.wallet_id,
        program_id=shop.gift.pk,
        card_set_id=shop.gift_set.pk,
        owner_location_id=shop.location.pk,
        last_at=NOW,
        **brand,
    )
    ChildCard.objects.create(
        number="kid",
        family_id=row.family_id,
        wallet_id=child.id,
        customer_id=ids[Role.CHILD],
        activated_at=NOW,
        **brand,
    )


def _person(shop: Shop, row: Card, role: Role) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('customers_customer_id_seq')")
        (customer_id,) = cursor.fetchone()
    customers.Customer.objects.create(
        id=customer_id, brand=shop.brand, role=int(role), card_id=row.pk, first_name="Anne", last_name="Byron"
    )
    with pghistory.context(url=page(shop), user=7):
        customers.Customer.objects.filter(pk=customer_id).update(middle_name="Medora")
    return int(customer_id)
