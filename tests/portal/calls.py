"""Calls as the request log holds them, and changes as the ledger holds them, written row by row."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.brands.models import Location
from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry, Lot, Wallet
from apps.programs.models import ValueType
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from apps.requestlog.core.kinds import METHOD_NUMBERS, CallType, Origin
from apps.requestlog.models import Operation, Request
from tests.portal.acme import NOON, Acme


def reference_at(moment: datetime) -> UUID:
    """A UUIDv7 drawn at that moment."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | secrets.randbits(62))


def log_call(acme: Acme, *, at: datetime = NOON, location: Location | None = None, **facts: Any) -> UUID:
    """One row of the request log, an update of a balance from downtown unless said otherwise."""
    reference = facts.get("id") or reference_at(at)
    place = location or acme.downtown
    row = {
        "id": reference,
        "brand_id": acme.brand.pk,
        "method": METHOD_NUMBERS["updateBalance"],
        "error_code": 0,
        "http_status": 200,
        "location_id": place.pk,
        "terminal_id": acme.till.pk if place == acme.downtown else None,
        "micros": 5321,
        "headers": {"Authorization": "*****", "User-Agent": "Till/1.0"},
        "request": {"cardNumber": "6000", "amount": {"amount": "12.50"}},
        "response": {"success": True},
    } | facts
    for body in ("headers", "request", "response"):
        if not isinstance(row[body], bytes):
            row[body] = json.dumps(row[body]).encode()
    Request.objects.create(**row)
    return reference


def log_change(
    acme: Acme, reference: UUID, *, at: datetime = NOON, location: Location | None = None, **facts: Any
) -> Operation:
    """The operation row of a changing call."""
    return Operation.objects.create(
        brand_id=acme.brand.pk,
        id=reference,
        origin=Origin.API,
        call_type=CallType.UPDATE_BALANCE,
        occurred_at=at,
        recorded_at=at,
        location_id=(location or acme.downtown).pk,
        **facts,
    )


def make_card(acme: Acme, wallet: Wallet, number: str) -> Card:
    """The active card of a wallet."""
    return Card.objects.create(
        brand=acme.brand,
        number=number,
        card_set_id=wallet.card_set_id,
        status=CardStatus.ACTIVATED,
        shuffle=0,
        family_id=wallet.id,
        wallet_id=wallet.id,
        activated_at=NOON,
    )


def make_dollars(acme: Acme) -> tuple[Wallet, ValueType]:
    """A wallet of a gift program that holds dollars."""
    program = create_program(brand=acme.brand, code="gift", name="Gift", type="gift")
    dollars = create_value_type(brand=acme.brand, program=program, balance_type="Currency", balance_code="USD", scale=2)
    card_set = create_card_set(brand=acme.brand, program=program, code="gift", name="Gift cards")
    wallet = Wallet.objects.create(
        brand_id=acme.brand.pk,
        id=secrets.randbits(60),
        program_id=program.pk,
        card_set_id=card_set.pk,
        owner_location_id=acme.downtown.pk,
        last_at=NOON,
    )
    return wallet, dollars


def post(
    acme: Acme,
    wallet: Wallet,
    dollars: ValueType,
    operation: UUID,
    entries: Sequence[tuple[EntryKind, str]],
    hold: UUID | None = None,
) -> None:
    """Entries of one operation in a lot of their own; `hold` makes it a lot on hold."""
    wallet.last_lot += 1
    total = sum(Decimal(amount) for _, amount in entries)
    Lot.objects.create(
        brand_id=acme.brand.pk,
        wallet_id=wallet.id,
        no=wallet.last_lot,
        value_type_id=dollars.pk,
        hold_id=hold,
        expires_at=NOON + timedelta(days=3650 + wallet.last_lot),
        remaining=max(total, Decimal(0)),
    )
    for kind, amount in entries:
        wallet.last_seq += 1
        Entry.objects.create(
            brand_id=acme.brand.pk,
            wallet_id=wallet.id,
            seq=wallet.last_seq,
            operation_id=operation,
            lot_no=wallet.last_lot,
            value_type_id=dollars.pk,
            hold_id=hold,
            kind=kind,
            amount=Decimal(amount),
            lot_after=max(total, Decimal(0)),
            balance_after=Decimal(100),
            occurred_at=NOON,
            recorded_at=NOON,
            booked_on=NOON.date(),
            program_id=wallet.program_id,
            card_set_id=wallet.card_set_id,
            owner_location_id=wallet.owner_location_id,
            is_demo=False,
            mutation_no=1,
        )
