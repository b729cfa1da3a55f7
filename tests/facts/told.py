"""What tests of facts share: the stored rows, and the same in plain Python from what is kept for ever."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.cards.models import Card, ChildCard
from apps.checkouts.models import Checkout, Line, Return, ReturnLine
from apps.facts.models import PlaceCount, Purchases, SkuCount, Visits
from apps.facts.operations.rebuild_facts import rebuild_facts
from apps.facts.queries.families import FIRST, next_families
from apps.facts.queries.wrong_facts import Wrong, wrong_facts
from apps.kernel.db.hot import hot_cursor
from apps.ledger.models import Void
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation
from tests.shop import Shop

Rows = dict[str, set[tuple[Any, ...]]]
COLUMNS: dict[Any, tuple[str, ...]] = {
    Visits: ("wallet_id", "visits", "first_at", "last_at"),
    Purchases: ("wallet_id", "currency", "checkouts", "spend", "last_at"),
    SkuCount: ("wallet_id", "sku", "quantity", "checkouts"),
    PlaceCount: ("wallet_id", "location_id", "checkouts"),
}


def buy(shop: Shop, card: str | None, at: datetime | None = None, *, total: Any = 10, **more: Any) -> str:
    """A checkout; the reference."""
    body = {"checkoutTotal": total} | ({"cardNumber": card} if card else {}) | when(at) | more
    headers = {name: body.pop(name) for name in ("Location", "Terminal") if name in body}
    return str(shop.ok("checkout", body, **headers)["requestRef"])


def when(at: datetime | None) -> dict[str, str]:
    return {"customRequestDate": at.strftime("%Y-%m-%d %H:%M:%S")} if at else {}


def products(*lines: tuple[str, Any]) -> dict[str, Any]:
    return {"products": [{"sku": sku, "amountPurchased": quantity, "unitPrice": 1} for sku, quantity in lines]}


def void(shop: Shop, card: str, reference: str, **more: Any) -> None:
    shop.ok("voidTransaction", {"cardNumber": card, "requestRef": reference} | more)


def wallet(shop: Shop, card: str, child: str | None = None) -> int:
    own = Card.objects.get(brand=shop.brand, number=card).wallet_id
    found = ChildCard.objects.get(brand=shop.brand, family_id=own, number=child).wallet_id if child else own
    assert found is not None
    return int(found)


def visits(shop: Shop, card: str, child: str | None = None) -> int:
    row = Visits.objects.filter(brand=shop.brand, wallet_id=wallet(shop, card, child)).first()
    return row.visits if row else 0


def bought(shop: Shop, card: str, child: str | None = None) -> tuple[Any, ...]:
    """Purchases (currency, checkouts, spend), SKUs (sku, quantity, checkouts) and places (location, checkouts)."""
    own = {"brand": shop.brand, "wallet_id": wallet(shop, card, child)}
    return (
        sorted(Purchases.objects.filter(**own).values_list("currency", "checkouts", "spend")),
        sorted(SkuCount.objects.filter(**own).values_list("sku", "quantity", "checkouts")),
        sorted(PlaceCount.objects.filter(**own).values_list("location_id", "checkouts")),
    )


def give_back(shop: Shop, card: str | None, checkout: str | None = None, **more: Any) -> str:
    """A return; the reference."""
    known = {"cardNumber": card, "checkoutRequestRef": checkout}
    body = {name: value for name, value in known.items() if value is not None} | more
    return str(shop.ok("returnMerchandise", body)["requestRef"])


NOTHING: tuple[Any, ...] = ([], [], [])


def stored(shop: Shop) -> Rows:
    """All facts of the brand."""
    return {
        model.__name__: set(model.objects.filter(brand=shop.brand).values_list(*columns))
        for model, columns in COLUMNS.items()
    }


def families(shop: Shop) -> list[int]:
    return next_families(hot_cursor(), brand_id=shop.brand.pk, above=FIRST, count=1000)


def rebuild(shop: Shop) -> int:
    return rebuild_facts(brand_id=shop.brand.pk, families=families(shop))


def wrong(shop: Shop) -> list[Wrong]:
    return wrong_facts(brand_id=shop.brand.pk, families=families(shop))


def expected(shop: Shop) -> Rows:
    """The facts of the brand, worked out in Python."""
    voided = set(Void.objects.filter(brand=shop.brand).values_list("operation_id", flat=True))
    checkouts = [
        each
        for each in Checkout.objects.filter(brand=shop.brand, wallet_id__isnull=False)
        if each.operation_id not in voided
    ]
    returns = [
        each
        for each in Return.objects.filter(brand=shop.brand, wallet_id__isnull=False)
        if each.operation_id not in voided
    ]
    return {
        "Visits": _visits(shop),
        "Purchases": _purchases(checkouts, returns),
        "SkuCount": _skus(shop, checkouts, returns),
        "PlaceCount": _places(checkouts),
    }


def _visits(shop: Shop) -> set[tuple[Any, ...]]:
    moments: dict[int, list[datetime]] = defaultdict(list)
    kinds = [CallType.UPDATE_BALANCE, CallType.CHECKOUT_COMPLETE]
    for each in Operation.objects.filter(brand=shop.brand, call_type__in=kinds, family_id__isnull=False):
        moments[each.child_id or each.family_id or 0].append(each.occurred_at)
    return {(own, count_visits(all), min(all), max(all)) for own, all in moments.items()}


def count_visits(moments: Iterable[datetime]) -> int:
    """The rule: less than 90 minutes after the one before is the same visit."""
    visits, last = 0, None
    for moment in sorted(moments):
        visits += last is None or moment - last >= timedelta(minutes=90)
        last = moment
    return visits


def _purchases(checkouts: list[Checkout], returns: list[Return]) -> set[tuple[Any, ...]]:
    found: dict[tuple[Any, str], list[Checkout]] = defaultdict(list)
    back: dict[tuple[Any, str], Decimal] = defaultdict(Decimal)
    for each in checkouts:
        found[each.wallet_id, each.currency].append(each)
    for one in returns:
        if one.total:
            back[one.wallet_id, one.currency] += one.total
    return {
        (
            *key,
            len(found[key]),
            sum(map(_spent, found[key])) - back[key],
            max((each.happened_at for each in found[key]), default=None),
        )
        for key in {*found, *back}
    }


def _spent(checkout: Checkout) -> Decimal:
    return checkout.total - checkout.pre_discount - checkout.discount - checkout.paid_as_discount


def _skus(shop: Shop, checkouts: list[Checkout], returns: list[Return]) -> set[tuple[Any, ...]]:
    units: dict[tuple[Any, str], Decimal] = defaultdict(Decimal)
    baskets: dict[tuple[Any, str], set[Any]] = defaultdict(set)
    owner = {each.operation_id: each.wallet_id for each in [*checkouts, *returns]}
    for line in Line.objects.filter(brand=shop.brand, operation_id__in=owner):
        key = owner[line.operation_id], line.sku
        units[key] += line.quantity
        baskets[key].add(line.operation_id)
    for back in ReturnLine.objects.filter(brand=shop.brand, operation_id__in=owner):
        units[owner[back.operation_id], back.sku] -= back.quantity
    return {(*key, units[key], len(baskets[key])) for key in units}


def _places(checkouts: list[Checkout]) -> set[tuple[Any, ...]]:
    found: dict[tuple[Any, Any], int] = defaultdict(int)
    for each in checkouts:
        if each.location_id:
            found[each.wallet_id, each.location_id] += 1
    return {(*key, count) for key, count in found.items()}
