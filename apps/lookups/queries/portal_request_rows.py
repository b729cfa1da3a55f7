"""The rows of the request list, with names and amounts in place of ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.brands.models import Brand
from apps.kernel.ids import moment_of
from apps.kernel.methods import METHODS
from apps.lookups.queries.portal_movements import Movement, holds, net_movements
from apps.lookups.queries.portal_names import location_names, terminal_names
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request as the list shows it. `hold` is None without a hold, True while it lasts, False afterwards."""

    reference: UUID
    external_id: str
    custom_id: str
    card_number: str
    method: str
    call_type: str
    error_code: int
    at: datetime
    terminal: str
    location: str
    movements: list[Movement]
    hold: bool | None

    @property
    def short_reference(self) -> str:
        """Beginning and end: the beginning tells the time, the end tells neighbours apart."""
        text = str(self.reference)
        return f"{text[:8]}…{text[-6:]}"


def request_rows(*, brand: Brand, requests: Sequence[Request], now: datetime) -> list[RequestRow]:
    """The rows of these requests in their order. Six statements, however many requests."""
    ids = [request.id for request in requests]
    call_types = dict(Operation.objects.filter(brand=brand, id__in=ids).values_list("id", "call_type"))
    movements = net_movements(brand=brand, operations=ids)
    held = holds(brand=brand, operations=ids, now=now)
    locations = location_names(brand=brand, ids=(request.location_id for request in requests))
    terminals = terminal_names(brand=brand, ids=(request.terminal_id for request in requests))
    return [
        RequestRow(
            reference=request.id,
            external_id=request.external_id or "",
            custom_id=request.custom_id or "",
            card_number=request.card_number or "",
            method=method_name(request.method),
            call_type=call_type_name(call_types.get(request.id)),
            error_code=request.error_code,
            at=moment_of(request.id),
            terminal=terminals.get(request.terminal_id or 0, ""),
            location=locations.get(request.location_id or 0, ""),
            movements=movements.get(request.id, []),
            hold=held.get(request.id),
        )
        for request in requests
    ]


def method_name(number: int) -> str:
    """The wire name of a stored method number; a call of an unknown method has none."""
    return METHODS[number] if 0 <= number < len(METHODS) else "unknown method"


def call_type_name(number: int | None) -> str:
    """The published callType of an operation; empty for reads, refusals and kinds without one."""
    return (CallType(number).wire_name or "") if number is not None else ""
