"""What tests of the wire share: refusals that move nothing, cards on a rack, moments as text."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.brands.models import Brand, Clock
from apps.brands.operations.publish_config import publish_config
from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.cards.operations.seal_pin import seal_pin
from apps.programs.models import CardSet, Program, ValueType
from tests.shop import Reply, Shop

TABLES = (
    "requestlog_operation",
    "requestlog_key",
    "ledger_wallet",
    "ledger_lot",
    "ledger_entry",
    "ledger_void",
    "ledger_conversion",
    "cards_card",
    "cards_childcard",
    "cards_event",
    "cards_transfer",
    "customers_customer",
    "customers_fieldvalue",
    "customers_thirdpartylink",
    "customers_listoptin",
    "customers_channelsubscription",
    "customers_channelcategory",
    "customers_eventtype",
    "coupons_coupon",
    "coupons_couponstep",
    "checkouts_checkout",
    "checkouts_line",
    "checkouts_payment",
    "checkouts_setup",
    "campaigns_budget",
    "campaigns_budgetreservation",
    "campaigns_spending",
    "campaigns_mutation",
    "facts_firing",
    "messaging_outbox",
    "checkouts_setup",
    "checkouts_return",
    "checkouts_returnline",
    "campaigns_budget",
    "campaigns_budgetreservation",
    "campaigns_spending",
    "campaigns_mutation",
    "campaigns_triggering",
    "facts_firing",
    "messaging_outbox",
    "facts_visits",
    "facts_purchases",
    "facts_skucount",
    "facts_placecount",
    "segments_member",
)
UNKNOWN = "01a1f7e9-9638-73fe-b50a-000000000000"
"""A reference that no call has."""
HTTP = {1: 500, 5: 401, 17: 404}
NOW = datetime.now(UTC).replace(microsecond=0)


def state(shop: Shop) -> dict[str, tuple[int, str]]:
    """All rows of the brand that a call can change, as a number and a digest by table."""
    digest = (
        "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t WHERE brand_id = %s"
    )
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(digest.format(table), [shop.brand.pk])
            found[table] = cursor.fetchone()
    return found


def refused(shop: Shop, code: int, method: str, body: Any = None, **headers: str) -> Reply:
    """Call a method that must be refused with `code`, and move nothing."""
    before = state(shop)
    reply = shop.post(method, body, **headers)
    assert reply.code == code, reply.text
    assert reply["success"] is False
    assert reply.status == HTTP.get(code, 400)
    assert reply["errorMessage"]
    assert state(shop) == before, f"a refused {method} changed something"
    return reply


def rack(
    shop: Shop,
    number: str,
    *,
    pin: str | None = "0042",
    status: CardStatus = CardStatus.INVENTORY,
    card_set: CardSet | None = None,
    shuffle: int = 0,
) -> str:
    """A card that was never activated."""
    Card.objects.create(
        brand=shop.brand,
        number=number,
        card_set_id=(card_set or shop.gift_set).pk,
        status=int(status),
        pin=seal_pin(pin) if pin else None,
        shuffle=shuffle,
    )
    return number


def pinned(shop: Shop, number: str, pin: str = "0042") -> str:
    """An active card with a known PIN."""
    shop.ok("allocate", {"cardNumber": rack(shop, number, pin=pin)})
    return number


def change_type(shop: Shop, value_type: ValueType, **bounds: Any) -> None:
    """Change bounds of a value type and publish them."""
    ValueType.objects.filter(pk=value_type.pk).update(**bounds)
    publish_config(brand_id=shop.brand.pk)


def change_brand(shop: Shop, **settings: Any) -> None:
    """Change settings of the brand and publish them."""
    Brand.objects.filter(pk=shop.brand.pk).update(**settings)
    publish_config(brand_id=shop.brand.pk)


def change_program(shop: Shop, program: Program, **settings: Any) -> None:
    """Change settings of a program and publish them."""
    Program.objects.filter(pk=program.pk).update(**settings)
    publish_config(brand_id=shop.brand.pk)


def close_books(shop: Shop, through: datetime) -> None:
    """Close the brand's books up to and with a day."""
    Clock.objects.filter(brand=shop.brand).update(closed_through=through.date())


def ago(**span: float) -> str:
    """A moment before now, as the wire writes it."""
    return text(NOW - timedelta(**span))


def ahead(**span: float) -> str:
    """A moment after now, as the wire writes it."""
    return text(NOW + timedelta(**span))


def text(moment: datetime) -> str:
    """A moment as the wire writes it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def points(card: str, action: str, amount: Any, **more: Any) -> dict[str, Any]:
    """The body of an updateBalance in points."""
    return {"cardNumber": card, "action": action, "amount": {"balanceType": "Points", "amount": amount}} | more


def history(shop: Shop, card: str, **more: Any) -> list[dict[str, Any]]:
    """The transactions of a card, newest first."""
    rows: list[dict[str, Any]] = shop.ok("cardHistory", {"cardNumber": card, "maxResults": 100} | more)["transactions"]
    return rows


def movements(row: dict[str, Any]) -> list[Decimal]:
    """The amounts that a row of a history shows."""
    return [update["amount"] for update in row.get("balanceUpdates", [])]


def set_status(shop: Shop, card: str, status: str) -> None:
    """Give a card another status through the wire."""
    body = {"cardNumber": card, "action": "adjustOnly", "isAccountingAdjustment": True}
    shop.ok("updateBalance", body | {"adjustStatus": {"newStatus": status}})


def status_of(shop: Shop, card: str) -> str:
    """The status of a card as search shows it."""
    found = shop.ok("search", {"filters": {"cardNumber": card}, "includeInactive": True})["cards"][0]
    return str(found["cardStatus"])
