"""voidTransaction: undo what a call moved, once."""

import json
from dataclasses import dataclass
from uuid import UUID

from apps.cards.queries.locks import lock_families
from apps.checkouts.core.payments import ReferencedRequestNotFound
from apps.checkouts.fragments import release_payments
from apps.checkouts.queries.payments import referenced_payments
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.ids import parse_id
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry
from apps.ledger.fragments import voids
from apps.ledger.queries.entries import entries_of
from apps.ledger.queries.voided import voided_among
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.queries.find_operations import find_operations
from apps.requestlog.unit import Record, change
from apps.transactions.under_lock import Scene, open_card


class AlreadyVoided(Refusal):
    """The request was voided before (30)."""

    code = ErrorCode.REQUEST_ALREADY_VOIDED
    message = "The request has already been voided."


class NotVoidable(Refusal):
    """The request is of a kind that cannot be voided, or moved nothing (31)."""

    code = ErrorCode.REQUEST_TYPE_NOT_VALID
    message = "This request moved no balance that could be voided."


@dataclass(frozen=True, slots=True)
class Voided:
    """The request that was undone."""

    operation_id: UUID


@dataclass(frozen=True, slots=True)
class _Target:
    """What is undone together: the request, and the payments that a checkout referred to."""

    operation_ids: list[UUID]
    entries: list[PastEntry]
    is_checkout: bool


def void_transaction(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    reference: str,
    record: Record[Voided] | None = None,
) -> Voided:
    """Undo an updateBalance or a checkout of an active card; a checkout's payments with it.

    Unknown reference or another card's: 29; a kind that cannot be voided, or nothing moved: 31 (a checkout can always
    be voided); twice: 30; too little left to take back: 13, unless the brand takes what is free.
    """
    target_id = parse_id(reference)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Voided]:
        scene = open_card(cursor, call=call, configuration=configuration, locked=locked, number=card_number)
        if target_id is None:
            raise ReferencedRequestNotFound
        target = _target(cursor, scene, target_id)
        shortfall = scene.book.void(target.entries, take_what_is_free=scene.configuration.void_takes_what_is_free)
        fragments = scene.posting()
        fragments.append(
            voids(
                brand_id=call.brand_id,
                operation_ids=target.operation_ids,
                by=call.id,
                shortfall=json.dumps({str(key): str(value) for key, value in shortfall.items()}) if shortfall else None,
            )
        )
        if target.is_checkout:
            fragments.append(release_payments(brand_id=call.brand_id, operation_id=target_id))
        return Plan(
            answer=Voided(target_id),
            call_type=CallType.VOID_CHECKOUT if target.is_checkout else CallType.VOID,
            occurred_at=scene.book.at,
            fragments=fragments,
            family_id=scene.family_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _target(cursor: Cursor, scene: Scene, target_id: UUID) -> _Target:
    brand_id = scene.call.brand_id
    found = find_operations(cursor, brand_id=brand_id, ids=[target_id]).get(target_id)
    if found is None or found.family_id != scene.family_id:
        raise ReferencedRequestNotFound
    is_checkout = found.call_type is CallType.CHECKOUT_COMPLETE
    if not is_checkout and found.call_type is not CallType.UPDATE_BALANCE:
        raise NotVoidable
    payments = referenced_payments(cursor, brand_id=brand_id, checkout_id=target_id) if is_checkout else []
    gone = voided_among(cursor, brand_id=brand_id, ids=[target_id, *payments])
    if target_id in gone:
        raise AlreadyVoided
    together = [target_id, *(payment for payment in payments if payment not in gone)]
    moved = entries_of(cursor, brand_id=brand_id, operation_ids=together)
    entries = [entry for operation_id in together for entry in moved[operation_id]]
    # a release moves nothing out of the card, and is not undone: a finished hold stays finished
    if all(entry.kind == EntryKind.RELEASE for entry in entries) and not is_checkout:
        raise NotVoidable
    return _Target(together, entries, is_checkout)
