"""The global search: from whatever somebody pasted to the one record it names, or to those that share it."""

from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from apps.brands.models import Brand
from apps.cards.models import Card
from apps.kernel.ids import parse_id
from apps.lookups.queries.portal_requests import visible_requests
from apps.requestlog.core.call import digest_of
from apps.requestlog.models import Key, Operation, Request

Row = TypeVar("Row", Request, Operation)
INDEXED = 64
"""Leading characters of external and custom ids that the indexes hold."""
MOST = 20
"""Operations that are shown where the request log cannot list them."""


@dataclass(frozen=True, slots=True)
class Found:
    """`reference` if exactly one record fits, `kind` of reference if the request log has several; else the newest
    `operations`: the log may be gone where they are not."""

    reference: UUID | None = None
    kind: str | None = None
    operations: list[Operation] = field(default_factory=list)


def find_exact(*, brand: Brand, locations: frozenset[int] | None, text: str) -> Found:
    """Look for a request ref, a custom request id, an external id and a card number, in this order."""
    requests = visible_requests(brand=brand, locations=locations)
    operations = Operation.objects.filter(brand=brand)
    if locations is not None:
        operations = operations.filter(location_id__in=locations)
    reference = parse_id(text)
    if reference and (requests.filter(id=reference).exists() or operations.filter(id=reference).exists()):
        return Found(reference=reference)
    for kind, logged, changed in (
        ("custom", with_custom_id(requests, text), operations.filter(id__in=_consumed(brand, text))),
        ("external", with_external_id(requests, text), with_external_id(operations, text)),
        ("card", requests.filter(card_number=text), operations.filter(family_id__in=_wallets(brand, text))),
    ):
        found = _found(kind, logged, changed)
        if found != Found():
            return found
    return Found()


def _found(kind: str, logged: "QuerySet[Request]", changed: "QuerySet[Operation]") -> Found:
    calls = set(logged.order_by("-id").values_list("id", flat=True)[:2])
    if len(calls) > 1:
        return Found(kind=kind)
    operations = list(changed.order_by("-occurred_at", "-id")[:MOST])
    references = calls | {operation.id for operation in operations}
    if len(references) == 1:
        return Found(reference=references.pop())
    return Found(operations=operations)


def with_custom_id(requests: "QuerySet[Request]", text: str) -> "QuerySet[Request]":
    """Those with exactly this customRequestId; the comparison of the beginning is what the index answers."""
    return requests.filter(Exact(Left("custom_id", INDEXED), text[:INDEXED]), custom_id=text)


def with_external_id(rows: "QuerySet[Row]", text: str) -> "QuerySet[Row]":
    """Those with exactly this externalTransactionId."""
    return rows.filter(Exact(Left("external_id", INDEXED), text[:INDEXED]), external_id=text)


def _consumed(brand: Brand, text: str) -> list[UUID]:
    return list(Key.objects.filter(brand=brand, digest=digest_of(text)).values_list("operation_id", flat=True))


def _wallets(brand: Brand, number: str) -> list[int]:
    cards = Card.objects.filter(brand=brand, number=number, wallet_id__isnull=False)
    return [wallet for wallet in cards.values_list("wallet_id", flat=True) if wallet is not None]
