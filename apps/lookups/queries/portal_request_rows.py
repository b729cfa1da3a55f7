"""The rows of the request list, with names and amounts in place of ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.brands.models import Brand
from apps.kernel.ids import moment_of
from apps.kernel.methods import METHODS
from apps.lookups.queries.portal_movements import Movement, holds, net_movements
from apps.lookups.queries.portal_names import location_names, terminal_names, wallet_holders
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request as the list shows it. `hold` is None without a hold, True while it lasts, False afterwards."""

    reference: UUID
    external_id: str
    custom_id: str
    card_number: str
    child_number: str
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
    """The rows of these requests in their order. At most seven statements, and two more where there are child cards."""
    ids = [request.id for request in requests]
    changes = Operation.objects.filter(brand=brand, id__in=ids).values_list("id", "call_type", "child_id")
    call_types = {id: call_type for id, call_type, _ in changes}
    children = _children(brand, {id: child for id, _, child in changes if child is not None})
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
            child_number=children.get(request.id, ""),
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


def _children(brand: Brand, wallets: Mapping[UUID, int]) -> dict[UUID, str]:
    """Numbers of the child cards that changes were about, by change."""
    known = wallet_holders(brand=brand, wallets=wallets.values())
    return {id: known[wallet].child_number for id, wallet in wallets.items() if wallet in known}


def method_name(number: int) -> str:
    """The wire name of a stored method number; a call of an unknown method has none."""
    return METHODS[number] if 0 <= number < len(METHODS) else "unknown method"


def call_type_name(number: int | None) -> str:
    """The published callType of an operation; empty for reads, refusals and kinds without one."""
    return (CallType(number).wire_name or "") if number is not None else ""
