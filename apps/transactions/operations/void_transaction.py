"""voidTransaction: undo what a call moved, once."""

import json
from dataclasses import dataclass
from uuid import UUID

from apps.cards.queries.heirs import predecessors
from apps.cards.queries.locks import lock_families
from apps.checkouts.core.payments import ReferencedRequestNotFound
from apps.checkouts.fragments import release_payments
from apps.checkouts.queries.payments import referenced_payments
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.ids import parse_id
from apps.ledger.core.book import Book
from apps.ledger.core.heirs import NO_HEIRS, Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry
from apps.ledger.core.voids import void
from apps.ledger.fragments import voids
from apps.ledger.queries.entries import entries_of
from apps.ledger.queries.read_wallet import read_wallets
from apps.ledger.queries.voided import voided_among
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.queries.find_operations import find_operations
from apps.requestlog.unit import Lock, ReadAgain, Record, change
from apps.transactions.remembered import unbought
from apps.transactions.under_lock import Scene, open_card, same_kinds


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
    """What is undone together: the request, and the payments that a checkout referred to. `heirs`: where the value of
    transferred cards went."""

    operation_ids: list[UUID]
    entries: list[PastEntry]
    is_checkout: bool
    heirs: Heirs


def void_transaction(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    reference: str,
    child_number: str | None = None,
    record: Record[Voided] | None = None,
) -> Voided:
    """Undo an updateBalance or a checkout of an active card, its child, or a card that was transferred into it; a
    checkout's payments with it.

    Unknown card or child: 2; unknown reference or another card's: 29; a kind that cannot be voided, or nothing moved:
    31 (a checkout can always be voided); twice: 30; too little left to take back: 13, unless the brand takes what is
    free; value that the card it was transferred to cannot hold: 20.
    """
    target_id = parse_id(reference)
    transferred: set[int] = set()

    def lock() -> Lock:
        return lock_families([card_number], also=transferred)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Voided]:
        scene = open_card(
            cursor,
            call=call,
            configuration=configuration,
            locked=locked,
            number=card_number,
            child_number=child_number,
        )
        found = _find(cursor, scene, target_id)
        heirs = _heirs(cursor, scene, found)
        if found.family_id not in locked:
            transferred.add(found.family_id)
            raise ReadAgain
        target = _target(cursor, scene, found, heirs)
        scene.book = _book(cursor, scene, target)
        taken = scene.configuration.void_takes_what_is_free
        shortfall = void(scene.book, target.entries, take_what_is_free=taken, heirs=target.heirs)
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
            fragments.append(release_payments(brand_id=call.brand_id, operation_id=found.id))
            fragments += unbought(scene, found.id)
        return Plan(
            answer=Voided(found.id),
            call_type=CallType.VOID_CHECKOUT if target.is_checkout else CallType.VOID,
            occurred_at=scene.book.at,
            fragments=fragments,
            family_id=scene.family_id,
            child_id=scene.child_id,
        )

    return change(call=call, lock=lock, decide=decide, record=record)


@dataclass(frozen=True, slots=True)
class _Found:
    """An operation on a card: `wallet_id` is the child card's or else the root's."""

    id: UUID
    call_type: CallType
    family_id: int
    wallet_id: int


def _find(cursor: Cursor, scene: Scene, target_id: UUID | None) -> _Found:
    if target_id is None:
        raise ReferencedRequestNotFound
    found = find_operations(cursor, brand_id=scene.call.brand_id, ids=[target_id]).get(target_id)
    if found is None or found.family_id is None:
        raise ReferencedRequestNotFound
    return _Found(target_id, found.call_type, found.family_id, found.child_id or found.family_id)


def _heirs(cursor: Cursor, scene: Scene, found: _Found) -> Heirs:
    """Where the card's value went if the operation was on a card that was transferred into this one. Another card's
    operation: 29."""
    about = scene.child_id or scene.family_id
    if found.wallet_id == about:
        return NO_HEIRS
    before = predecessors(cursor, brand_id=scene.call.brand_id, family_id=scene.family_id)
    if (found.wallet_id, about) not in {(each.wallet_id, each.heir_id) for each in before}:
        raise ReferencedRequestNotFound
    value_types = same_kinds(scene.configuration, {each.program_id for each in before}, scene.program)
    return Heirs(
        wallets={each.wallet_id: each.heir_id for each in before},
        value_types=value_types,
        scales={id: scene.configuration.value_types[id].scale for id in value_types},
    )


def _target(cursor: Cursor, scene: Scene, found: _Found, heirs: Heirs) -> _Target:
    brand_id = scene.call.brand_id
    is_checkout = found.call_type is CallType.CHECKOUT_COMPLETE
    if not is_checkout and found.call_type is not CallType.UPDATE_BALANCE:
        raise NotVoidable
    payments = referenced_payments(cursor, brand_id=brand_id, checkout_id=found.id) if is_checkout else []
    gone = voided_among(cursor, brand_id=brand_id, ids=[found.id, *payments])
    if found.id in gone:
        raise AlreadyVoided
    together = [found.id, *(payment for payment in payments if payment not in gone)]
    moved = entries_of(cursor, brand_id=brand_id, operation_ids=together)
    entries = [entry for operation_id in together for entry in moved[operation_id]]
    # a release moves nothing out of the card, and is not undone: a finished hold stays finished
    if all(entry.kind == EntryKind.RELEASE for entry in entries) and not is_checkout:
        raise NotVoidable
    return _Target(together, entries, is_checkout, heirs)


def _book(cursor: Cursor, scene: Scene, target: _Target) -> Book:
    """The scene's own book, or one with all wallets that the void touches: a child's checkout may have been paid by its
    root, a transferred card's value is on its heir."""
    touched = {entry.wallet_id for entry in target.entries}
    if touched <= {scene.wallet_id}:
        return scene.book
    wanted = touched | {heir for each in touched if (heir := target.heirs.of_wallet(each)) is not None}
    wallets, lots = read_wallets(cursor, brand_id=scene.call.brand_id, wallet_ids=wanted)
    return Book.open(operation_id=scene.call.id, moment=scene.call.moment, wallets=wallets, lots=lots)
