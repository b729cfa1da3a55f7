"""The verb: one transaction over the card's locked wallet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.brands.models import Brand
from apps.cards.core.status import ACTIVE, BY_ADJUSTMENT, CardNotActive, CardNotFound, CardStatus
from apps.cards.models import Card
from apps.cards.operations.check_pin import Guesser, check_pin
from apps.facts.models import Visits
from apps.kernel.amounts import at_scale
from apps.kernel.errors import InvalidInput
from apps.ledger.core.balances import balances_at
from apps.ledger.models import Wallet
from apps.programs.core.configuration import BalanceNotFound
from apps.programs.core.value_type import ValueType
from apps.programs.models import Program
from apps.programs.models import ValueType as ValueTypeRow
from apps.programs.queries.configuration import _value_type
from apps.requestlog.core.call import DuplicateCustomRequestId, digest_of
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.models import Key, Operation
from apps.transactions.operations.update_balance import BalanceChange, check_combination
from bench.orm.account import Account
from bench.orm.caller import Caller

VISIT = timedelta(minutes=90)


@dataclass
class Asked:
    """One call: its id, who makes it, the change, and what else the body and the headers say."""

    id: UUID
    caller: Caller
    wanted: BalanceChange
    card_number: str
    custom_id: str | None
    external_id: str | None
    note: str | None
    return_balances: bool
    force_pin: bool
    pin: str | None


def update_balance(asked: Asked, log: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Make the change and return the answer; `log` writes the request row in the same transaction."""
    check_combination(asked.wanted)
    now = datetime.now(UTC)
    brand = asked.caller.brand
    with transaction.atomic():
        _consume(asked)
        card = _active_card(asked)
        wallet = Wallet.objects.select_for_update(no_key=True).get(brand=brand, id=card.family_id)
        card.refresh_from_db()
        _check(asked, card)
        program = Program.objects.get(brand=brand, card_sets__id=card.card_set_id)
        types = list(ValueTypeRow.objects.filter(brand=brand, program=program))
        _check_pin(asked, card, program)
        account = Account(wallet, operation_id=asked.id, moment=now)
        missing = None
        if asked.wanted.amount is not None:
            missing = account.move(asked.wanted, _kind(asked, types), brand)
        _set_status(asked, card)
        Operation.objects.create(
            brand_id=brand.pk,
            id=asked.id,
            origin=int(Origin.API),
            call_type=int(CallType.UPDATE_BALANCE),
            occurred_at=account.book.at,
            recorded_at=now,
            family_id=card.family_id,
            location_id=asked.caller.location.pk,
            terminal_id=asked.caller.terminal.pk,
            external_id=asked.external_id,
            note=asked.note,
            custom_mutation_type=asked.wanted.mutation_type,
        )
        account.save(brand, location_id=asked.caller.location.pk, recorded_at=now)
        _note_visit(brand, wallet, account.book.at)
        answer = _answer(asked, card, account, types, missing)
        log(answer)
    return answer


def _note_visit(brand: Brand, wallet: Wallet, at: datetime) -> None:
    """The 90-minute rule for calls that come in their order, which is all that this version is asked."""
    seen = {"visits": 1, "first_at": at, "last_at": at}
    known, is_new = Visits.objects.get_or_create(brand=brand, wallet_id=wallet.id, defaults=seen)
    if not is_new:
        known.visits += at - known.last_at >= VISIT
        known.last_at = at
        known.save(update_fields=["visits", "last_at"])


def _consume(asked: Asked) -> None:
    if asked.custom_id is None:
        return
    key, is_new = Key.objects.get_or_create(
        brand_id=asked.caller.brand.pk, digest=digest_of(asked.custom_id), defaults={"operation_id": asked.id}
    )
    if not is_new:
        raise DuplicateCustomRequestId(key.operation_id)


def _active_card(asked: Asked) -> Card:
    card = Card.objects.filter(brand=asked.caller.brand, number=asked.card_number).first()
    if card is None:
        raise CardNotFound
    _check(asked, card)
    return card


def _check(_asked: Asked, card: Card) -> None:
    if card.status not in ACTIVE or card.wallet_id is None:
        raise CardNotActive


def _check_pin(asked: Asked, card: Card, program: Program) -> None:
    if asked.force_pin:
        guesser = Guesser(asked.caller.brand.pk, asked.caller.terminal.pk, asked.caller.credential.key)
        sealed = bytes(card.pin) if card.pin is not None else None
        check_pin(guesser=guesser, card_id=card.pk, sealed=sealed, pin=asked.pin, uses_pins=program.uses_pins)


def _kind(asked: Asked, types: list[ValueTypeRow]) -> ValueType:
    kind, code = asked.wanted.balance_type, asked.wanted.balance_code
    assert kind is not None
    if kind.has_code and not code:
        raise BalanceNotFound(f"A balanceCode is needed with balanceType {kind}.")
    code = code if kind.has_code else ""
    for row in types:
        if (row.balance_type, row.balance_code) == (kind, code):
            return _value_type(row)
    raise BalanceNotFound(f"The card's program has no balance of type {kind} {code}".rstrip() + ".")


def _set_status(asked: Asked, card: Card) -> None:
    if asked.wanted.new_status is None:
        return
    if card.status == CardStatus.DEMO:
        raise InvalidInput("A Demo card keeps its status.")
    card.status = int(BY_ADJUSTMENT[asked.wanted.new_status])
    card.save(update_fields=["status"])


def _answer(
    asked: Asked, card: Card, account: Account, types: list[ValueTypeRow], missing: Decimal | None
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "requestRef": str(asked.id),
        "success": True,
        "transactionId": str(asked.id),
        "cardNumber": card.number,
        "didOverdraw": bool(missing),
    }
    if missing:
        answer["overdrawAmount"] = missing
    if asked.return_balances:
        answer["balances"] = _balances(account, types)
    return answer


def _balances(account: Account, types: list[ValueTypeRow]) -> list[dict[str, Any]]:
    by_id = {row.pk: row for row in types}
    shown = []
    for balance in balances_at(account.book.lots, account.book.at):
        row = by_id[balance.value_type_id]
        entry: dict[str, Any] = {
            "amount": at_scale(balance.amount, row.scale),
            "balanceType": row.balance_type,
            "scale": row.scale,
            "isHold": balance.hold_id is not None,
        }
        if row.balance_code:
            entry["balanceCode"] = row.balance_code
        if balance.hold_id is not None:
            entry["holdingTransactionId"] = str(balance.hold_id)
        shown.append(entry)
    return shown
