"""voidTransaction: undo what a call moved, once."""

import json
from dataclasses import dataclass
from uuid import UUID

from apps.campaigns.fragments import BudgetMoves, move_budgets
from apps.cards.queries.locks import lock_families
from apps.checkouts.fragments import release_payments
from apps.checkouts.queries.payments import referenced_payments
from apps.checkouts.queries.undoable import standing_of
from apps.facts.fragments import take_back_firings
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.fragments import Fragment
from apps.kernel.ids import parse_id
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry
from apps.ledger.core.returns import left_of
from apps.ledger.core.voids import void
from apps.ledger.fragments import voids
from apps.ledger.queries.entries import entries_of
from apps.ledger.queries.reversed import reversed_by
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Lock, Record, change
from apps.transactions.past_calls import Families, Lineage, PastCall, book_of
from apps.transactions.remembered import unbought, unreturned
from apps.transactions.under_lock import Scene, open_card


class AlreadyVoided(Refusal):
    """The request was voided before (30)."""

    code = ErrorCode.REQUEST_ALREADY_VOIDED
    message = "The request has already been voided."


class NotVoidable(Refusal):
    """The request is of a kind that cannot be voided, or moved nothing (31)."""

    code = ErrorCode.REQUEST_TYPE_NOT_VALID
    message = "This request moved no balance that could be voided."


class GoodsReturned(InvalidInput):
    """A return of the checkout stands in the way (9)."""

    message = "Goods of this checkout were returned: void its returns first."


NEVER_VOIDED = frozenset(
    {
        CallType.ALLOCATE,
        CallType.CHECKOUT_SETUP,
        CallType.CHECKOUT_CANCEL,
        CallType.TRANSFER,
        CallType.VOID,
        CallType.VOID_CHECKOUT,
        CallType.SWEEP,
    }
)
"""Whatever they moved. What an ALLOCATE moved are the opening balances of an import."""


@dataclass(frozen=True, slots=True)
class Voided:
    """The request that was undone."""

    operation_id: UUID


@dataclass(frozen=True, slots=True)
class _Target:
    """What is undone together: the request, and the payments that a checkout referred to."""

    call: PastCall
    operation_ids: list[UUID]
    entries: list[PastEntry]

    @property
    def is_checkout(self) -> bool:
        return self.call.call_type is CallType.CHECKOUT_COMPLETE

    @property
    def is_return(self) -> bool:
        return self.call.call_type is CallType.RETURN_MERCHANDISE


def void_transaction(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    reference: str,
    child_number: str | None = None,
    record: Record[Voided] | None = None,
) -> Voided:
    """Undo a call that moved balance, of an active card, its child, or a card that was transferred into it; a
    checkout's payments with it, a return with all that it gave back and took back.

    Unknown card or child: 2; unknown reference or another card's: 29; a kind that cannot be voided, or nothing moved:
    31 (a checkout can always be voided, and a return of anything); twice: 30; a checkout, or a payment of one, while a
    return of it stands: 9; too little left to take back: 13, unless the brand takes what is free; value that the card
    it was transferred to cannot hold: 20.
    """
    families = Families()

    def lock() -> Lock:
        return lock_families([card_number], also=families.found)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Voided]:
        scene = open_card(
            cursor,
            call=call,
            configuration=configuration,
            locked=locked,
            number=card_number,
            child_number=child_number,
        )
        lineage = Lineage(cursor, scene)
        target = _target(cursor, call.brand_id, lineage.find(parse_id(reference)))
        heirs, wanted = lineage.heirs_of(target.entries)
        families.require({*wanted, target.call.family_id}, locked)
        scene.book = book_of(cursor, scene, target.entries, heirs)
        taken = scene.configuration.void_takes_what_is_free
        shortfall = void(scene.book, target.entries, take_what_is_free=taken, heirs=heirs)
        noted = json.dumps({str(key): str(value) for key, value in shortfall.items()}) if shortfall else None
        return Plan(
            answer=Voided(target.call.id),
            call_type=CallType.VOID_CHECKOUT if target.is_checkout else CallType.VOID,
            occurred_at=scene.book.at,
            fragments=_fragments(scene, target, noted),
            family_id=scene.family_id,
            child_id=scene.child_id,
        )

    return change(call=call, lock=lock, decide=decide, record=record)


def _target(cursor: Cursor, brand_id: int, found: PastCall) -> _Target:
    if found.call_type in NEVER_VOIDED:
        raise NotVoidable
    is_checkout = found.call_type is CallType.CHECKOUT_COMPLETE
    payments = referenced_payments(cursor, brand_id=brand_id, checkout_id=found.id) if is_checkout else []
    standing = standing_of(cursor, brand_id=brand_id, ids=[found.id, *payments])
    if standing[found.id].is_voided:
        raise AlreadyVoided
    if standing[found.id].is_returned:
        raise GoodsReturned
    together = [found.id, *(payment for payment in payments if not standing[payment].is_voided)]
    moved = entries_of(cursor, brand_id=brand_id, operation_ids=together)
    undone = reversed_by(cursor, brand_id=brand_id, return_ids=standing[found.id].return_ids)
    entries = left_of((entry for operation_id in together for entry in moved[operation_id]), undone)
    # a release moves nothing out of the card, and is not undone: a finished hold stays finished
    is_still = all(entry.kind == EntryKind.RELEASE for entry in entries)
    if is_still and not is_checkout and not standing[found.id].returns_goods:
        raise NotVoidable
    return _Target(found, together, entries)


def _fragments(scene: Scene, target: _Target, shortfall: str | None) -> list[Fragment]:
    call, operation_ids = scene.call, target.operation_ids
    fragments = scene.posting()
    fragments.append(voids(brand_id=call.brand_id, operation_ids=operation_ids, by=call.id, shortfall=shortfall))
    if target.is_checkout:
        fragments.append(release_payments(brand_id=call.brand_id, operation_id=target.call.id))
        fragments += unbought(scene, target.call.id)
    if target.is_return:
        fragments += unreturned(scene, target.call.id)
    if scene.configuration.void_restores_counters:
        today = call.moment.astimezone(scene.configuration.zone).date()
        moves = BudgetMoves(on_date=today, undoes=operation_ids)
        fragments += move_budgets(brand_id=call.brand_id, operation_id=call.id, moves=moves)
        fragments.append(take_back_firings(brand_id=call.brand_id, operation_ids=operation_ids))
    return fragments
