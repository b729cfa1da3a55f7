"""All that is stored about the people on a card, as one JSON document. The PIN is never in it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import QuerySet

from apps.brands.models import Brand
from apps.cards.core.status import CardNotActive, CardNotFound, CardStatus
from apps.cards.models import Card, ChildCard, Event
from apps.cards.queries.personal import related_cards
from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon, CouponSet
from apps.facts.models import PlaceCount, Purchases, Score, SkuCount, Visits
from apps.kernel.db.hot import hot_cursor
from apps.kernel.ids import moment_of
from apps.kernel.methods import METHODS
from apps.lookups.queries.export_people import Row, channel_subscriptions, people
from apps.lookups.queries.export_transactions import PAGE, Names, plain, transactions
from apps.programs.models import CardSet
from apps.requestlog.models import Request
from apps.segments.models import Member, Segment

Write = Callable[[str], object]


def export_person(*, brand: Brand, card_number: str, write: Write) -> None:
    """Write the document piece by piece, as it was at one moment; of what grows with the years only a page is ever in
    memory. Names stand in place of ids, amounts are texts, moments ISO 8601 in UTC.

    Unknown card: 2; never activated: 11. Requests are as the log has them: masked.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        card = _card(brand, card_number)
        write("{")
        for number, (name, rows) in enumerate(_sections(brand, card).items()):
            write((",\n" if number else "\n") + f'"{name}": ')
            _write_section(rows, write)
        write("\n}\n")


def _card(brand: Brand, number: str) -> Card:
    card = Card.objects.filter(brand=brand, number=number).first()
    if card is None:
        raise CardNotFound
    if card.wallet_id is None:
        raise CardNotActive("The card was never activated: nobody holds it.")
    return card


def _sections(brand: Brand, card: Card) -> dict[str, Row | Iterator[Row]]:
    """What the document has: one object, or rows."""
    assert card.family_id is not None
    children = ChildCard.objects.filter(brand=brand, family_id=card.family_id).order_by("id")
    cards = {card.family_id: card.number} | {child.wallet_id: child.number for child in children}
    names = Names.of(brand=brand, cards=cards)
    return {
        "card": _account(brand, card, list(cards.values())[1:]),
        "people": people(brand=brand, card=card),
        "channelSubscriptions": channel_subscriptions(brand=brand, card=card),
        "events": _events(brand, names),
        "transactions": transactions(brand=brand, family_id=card.family_id, names=names),
        "coupons": _coupons(brand, names),
        "facts": _facts(brand, names),
        "segments": _segments(brand, names),
        "requests": _requests(brand, card, names),
    }


def _write_section(rows: Row | Iterable[Row], write: Write) -> None:
    if isinstance(rows, dict):
        write(_text(rows))
        return
    write("[")
    for number, row in enumerate(rows):
        write(",\n  " if number else "\n  ")
        write(_text(row))
    write("]")


def _text(row: Row) -> str:
    return msgspec.json.encode(row).decode()


def _account(brand: Brand, card: Card, children: list[str]) -> Row:
    assert card.family_id is not None
    card_set = CardSet.objects.select_related("program").get(brand=brand, pk=card.card_set_id)
    return {
        "cardNumber": card.number,
        "customCardNumber": card.custom_number,
        "status": CardStatus(card.status).wire_name,
        "cardSet": card_set.name,
        "program": card_set.program.name,
        "activatedAt": card.activated_at,
        "enrolledAt": card.enrolled_at,
        "childCards": children,
        "transferredFromOrTo": related_cards(hot_cursor(), brand_id=brand.pk, family_id=card.family_id),
    }


def _paged(rows: "QuerySet[Any, Any]", key: str) -> Iterator[Any]:
    """Rows in the order of a unique column, a page at a time."""
    page = list(rows.order_by(key)[:PAGE])
    while page:
        yield from page
        page = list(rows.order_by(key).filter(**{f"{key}__gt": getattr(page[-1], key)})[:PAGE])


def _events(brand: Brand, names: Names) -> Iterator[Row]:
    for row in _paged(Event.objects.filter(brand=brand, wallet_id__in=names.cards), "id"):
        yield {
            "card": names.cards[row.wallet_id],
            "rootType": row.root_type,
            "categoryId": row.category_id,
            "specificId": row.specific_id,
            "payload": row.payload,
            "properties": row.properties,
            "at": row.happened_at,
            "recordedAt": row.recorded_at,
            "requestRef": row.operation_id,
            "takenBackBy": row.removed_by,
        }


def _coupons(brand: Brand, names: Names) -> Iterator[Row]:
    sets = dict(CouponSet.objects.filter(brand=brand).values_list("pk", "name"))
    for row in _paged(Coupon.objects.filter(brand=brand, wallet_id__in=names.cards), "id"):
        yield {
            "card": names.cards[row.wallet_id],
            "couponId": row.code,
            "couponSet": sets[row.set_id],
            "state": CouponState(row.state).name.lower(),
            "promotionId": row.promotion_id,
            "allocatedAt": row.allocated_at,
            "expiresAt": row.expires_at,
            "usedAt": row.used_at,
            "usedBy": row.used_by,
        }


def _facts(brand: Brand, names: Names) -> Iterator[Row]:
    """By card: visits, purchases, products, places, the score."""
    for wallet_id, number in names.cards.items():
        which = {"brand": brand, "wallet_id": wallet_id}
        yield {
            "card": number,
            "visits": [
                {"visits": each.visits, "first": each.first_at, "last": each.last_at}
                for each in Visits.objects.filter(**which)
            ],
            "purchases": [
                {
                    "currency": each.currency,
                    "checkouts": each.checkouts,
                    "spend": plain(each.spend),
                    "last": each.last_at,
                }
                for each in Purchases.objects.filter(**which).order_by("currency")
            ],
            "products": [
                {"sku": each.sku, "quantity": plain(each.quantity), "checkouts": each.checkouts}
                for each in SkuCount.objects.filter(**which).order_by("sku")
            ],
            "places": [
                {"location": names.locations[each.location_id], "checkouts": each.checkouts}
                for each in PlaceCount.objects.filter(**which).order_by("location_id")
            ],
            "score": [
                {
                    "recency": plain(each.recency),
                    "frequency": plain(each.frequency),
                    "monetary": plain(each.monetary),
                    "total": each.total,
                    "at": each.scored_at,
                }
                for each in Score.objects.filter(**which)
            ],
        }


def _segments(brand: Brand, names: Names) -> Iterator[Row]:
    """Also those that are not active."""
    segments = {each.pk: each for each in Segment.objects.filter(brand=brand)}
    members = Member.objects.filter(brand=brand, wallet_id__in=names.cards).order_by("wallet_id", "segment_id")
    for row in members.iterator():
        segment = segments[row.segment_id]
        yield {
            "card": names.cards[row.wallet_id],
            "segment": segment.code,
            "name": segment.name,
            "description": segment.description,
            "since": row.since,
        }


def _requests(brand: Brand, card: Card, names: Names) -> Iterator[Row]:
    for row in _paged(Request.objects.filter(brand=brand, card_number=card.number), "id"):
        yield {
            "requestRef": row.id,
            "at": moment_of(row.id),
            "method": METHODS[row.method],
            "errorCode": row.error_code or None,
            "location": names.locations.get(row.location_id) if row.location_id else None,
            "terminal": names.terminals.get(row.terminal_id) if row.terminal_id else None,
            "customRequestId": row.custom_id,
            "externalTransactionId": row.external_id,
            "note": row.note,
            "address": row.address,
            "headers": msgspec.Raw(bytes(row.headers)),
            "request": msgspec.Raw(bytes(row.request)),
            "response": msgspec.Raw(bytes(row.response)),
        }
