"""One request with everything known about it: what was asked and answered, and what it moved."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model

from apps.accounts.models import User
from apps.brands.models import ApiCredential, Brand, Employee, Location, Terminal
from apps.kernel.ids import moment_of
from apps.ledger.models import Void
from apps.lookups.queries.portal_entries import EntryLine, entry_lines
from apps.lookups.queries.portal_movements import Movement, holds, net_movements
from apps.lookups.queries.portal_names import Holder, wallet_holders
from apps.lookups.queries.portal_request_rows import call_type_name, method_name
from apps.lookups.queries.portal_setup import SetupTold, setup_told
from apps.lookups.queries.portal_transfer import OtherHalf, other_half
from apps.requestlog.core.kinds import Origin
from apps.requestlog.models import Operation, Request

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where a request came from. Empty text or None: not known."""

    location: Location | None
    terminal: Terminal | None
    employee: Employee | None
    credential: ApiCredential | None
    user: User | None
    origin: str
    address: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another operation that this one has to do with; None for one elsewhere, which a restricted login may not know."""

    reference: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """Everything about one reference. `log` is gone once its month was dropped; no `operation`: nothing changed."""

    reference: UUID
    at: datetime
    method: str
    call_type: str
    card_number: str
    child_number: str
    external_id: str
    custom_id: str
    note: str
    log: Request | None
    operation: Operation | None
    machine: Machine
    entries: list[EntryLine]
    net: list[Movement]
    hold: bool | None
    voided_by: Other | None
    voids: list[Other]
    transfer: OtherHalf | None
    setup: SetupTold | None


def request_record(
    *, brand: Brand, locations: frozenset[int] | None, reference: UUID, now: datetime
) -> RequestRecord | None:
    """The request of this reference; None if the brand has none, or none at the `locations` of a restricted login."""
    log = Request.objects.filter(brand=brand, id=reference).first()
    operation = Operation.objects.filter(brand=brand, id=reference).first()
    source = log or operation
    if source is None or (locations is not None and source.location_id not in locations):
        return None
    entries = entry_lines(brand=brand, operation=reference) if operation else []
    voids, voided_by = _voids(brand, reference), _voided_by(brand, reference)
    transfer = other_half(brand=brand, operation=operation) if operation else None
    setup = setup_told(brand=brand, operation=operation, now=now) if operation else None
    others = {*voids, *voided_by, *(line.hold for line in entries)}
    others |= {told.reference for told in (transfer, setup) if told}
    hidden = _elsewhere(brand, locations, {each for each in others if each is not None})
    about = _about(brand, log, operation)
    return RequestRecord(
        reference=reference,
        at=moment_of(reference),
        method=method_name(log.method) if log else "",
        call_type=call_type_name(operation.call_type if operation else None),
        card_number=about.card_number,
        child_number=about.child_number,
        external_id=source.external_id or "",
        custom_id=(log.custom_id if log else None) or "",
        note=source.note or "",
        log=log,
        operation=operation,
        machine=_machine(brand, log, operation),
        entries=[replace(line, hold=None, is_hold_elsewhere=True) if line.hold in hidden else line for line in entries],
        net=net_movements(brand=brand, operations=[reference]).get(reference, []) if entries else [],
        hold=holds(brand=brand, operations=[reference], now=now).get(reference),
        voided_by=next((_other(each, hidden) for each in voided_by), None),
        voids=[_other(each, hidden) for each in voids],
        transfer=_half(transfer, hidden),
        setup=replace(setup, reference=None, is_elsewhere=True) if setup and setup.reference in hidden else setup,
    )


def _about(brand: Brand, log: Request | None, operation: Operation | None) -> Holder:
    """The card that the call was about, and the child card: as the body names it, or as the change remembers it."""
    wallets = (operation.family_id, operation.child_id) if operation else (None, None)
    known = wallet_holders(brand=brand, wallets=wallets)
    root, child = (known.get(each or 0, Holder("")) for each in wallets)
    return Holder((log.card_number if log else None) or root.card_number, child.child_number or _named_child(log))


def _named_child(log: Request | None) -> str:
    """The body names it too: reading calls and refusals leave no operation that remembers it."""
    try:
        body = json.loads(bytes(log.request)) if log else None
    except (ValueError, RecursionError):
        return ""
    number = body.get("childCardNumber") if isinstance(body, dict) else None
    return str(number) if isinstance(number, str | int) and not isinstance(number, bool) else ""


def _elsewhere(brand: Brand, locations: frozenset[int] | None, references: set[UUID]) -> set[UUID]:
    """Those of the operations that did not happen at the locations."""
    if locations is None or not references:
        return set()
    here = Operation.objects.filter(brand=brand, id__in=references, location_id__in=locations)
    return references - set(here.values_list("id", flat=True))


def _other(reference: UUID, hidden: set[UUID]) -> Other:
    return Other(None if reference in hidden else reference)


def _half(transfer: OtherHalf | None, hidden: set[UUID]) -> OtherHalf | None:
    if transfer is None or transfer.reference not in hidden:
        return transfer
    return OtherHalf(transfer.is_out, None, "", is_elsewhere=True)


def _machine(brand: Brand, log: Request | None, operation: Operation | None) -> Machine:
    source = log or operation
    assert source is not None
    return Machine(
        location=_row(Location, brand, source.location_id),
        terminal=_row(Terminal, brand, source.terminal_id),
        employee=_row(Employee, brand, operation.employee_id if operation else None),
        credential=_row(ApiCredential, brand, log.credential_id if log else None),
        user=_row(User, brand, operation.user_id if operation else None),
        origin=_ORIGINS[Origin(operation.origin) if operation else Origin.API],
        address=(log.address if log else None) or "",
    )


def _row(model: type[Row], brand: Brand, id: int | None) -> Row | None:
    return model._default_manager.filter(brand=brand, pk=id).first() if id is not None else None


_ORIGINS = {Origin.API: "JSON API", Origin.PORTAL: "Portal", Origin.TASK: "Background task", Origin.IMPORT: "Import"}


def _voided_by(brand: Brand, reference: UUID) -> list[UUID]:
    """At most one: the table has one row for each operation that is voided."""
    return list(Void.objects.filter(brand=brand, operation_id=reference).values_list("by_operation_id", flat=True))


def _voids(brand: Brand, reference: UUID) -> list[UUID]:
    return list(
        Void.objects.filter(brand=brand, by_operation_id=reference)
        .order_by("operation_id")
        .values_list("operation_id", flat=True)
    )
