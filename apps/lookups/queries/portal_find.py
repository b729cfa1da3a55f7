"""The global search: from whatever somebody pasted to the one record it names, or to the list it narrows."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from apps.brands.models import Brand
from apps.kernel.ids import parse_id
from apps.lookups.queries.portal_requests import visible_requests
from apps.requestlog.core.call import digest_of
from apps.requestlog.models import Key, Operation, Request

Row = TypeVar("Row", Request, Operation)
INDEXED = 64
"""Leading characters of external and custom ids that the indexes hold."""


@dataclass(frozen=True, slots=True)
class Found:
    """`reference` if exactly one record fits, else the `kind` of reference that several records share, else neither."""

    reference: UUID | None = None
    kind: str | None = None


def find_exact(*, brand: Brand, locations: frozenset[int] | None, text: str) -> Found:
    """Look for a request ref, a custom request id, an external id and a card number, in this order."""
    requests = visible_requests(brand=brand, locations=locations)
    operations = Operation.objects.filter(brand=brand)
    if locations is not None:
        operations = operations.filter(location_id__in=locations)
    reference = parse_id(text)
    if reference and (requests.filter(id=reference).exists() or operations.filter(id=reference).exists()):
        return Found(reference=reference)
    by_custom_id = _some(with_custom_id(requests, text)) | _some(operations.filter(id__in=_consumed(brand, text)))
    by_external_id = _some(with_external_id(requests, text)) | _some(with_external_id(operations, text))
    by_card = _some(requests.filter(card_number=text))
    for kind, found in (("custom", by_custom_id), ("external", by_external_id), ("card", by_card)):
        if found:
            return Found(reference=found.pop()) if len(found) == 1 else Found(kind=kind)
    return Found()


def with_custom_id(requests: "QuerySet[Request]", text: str) -> "QuerySet[Request]":
    """Those with exactly this customRequestId; the comparison of the beginning is what the index answers."""
    return requests.filter(Exact(Left("custom_id", INDEXED), text[:INDEXED]), custom_id=text)


def with_external_id(rows: "QuerySet[Row]", text: str) -> "QuerySet[Row]":
    """Those with exactly this externalTransactionId."""
    return rows.filter(Exact(Left("external_id", INDEXED), text[:INDEXED]), external_id=text)


def _consumed(brand: Brand, text: str) -> list[UUID]:
    return list(Key.objects.filter(brand=brand, digest=digest_of(text)).values_list("operation_id", flat=True))


def _some(rows: "QuerySet[Row]") -> set[UUID]:
    return set(rows.order_by("-id").values_list("id", flat=True)[:2])
