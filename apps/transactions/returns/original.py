"""The checkout that goods were bought in, and what of it was undone before."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from apps.campaigns.queries.caused_by import Caused, caused_by
from apps.checkouts.core.payments import ReferencedRequestNotFound
from apps.checkouts.core.returned import Bought
from apps.checkouts.queries.payments import referenced_payments
from apps.checkouts.queries.returnable import Returnable, read_returnable
from apps.checkouts.queries.undoable import standing_of
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.ledger.core.heirs import NO_HEIRS, Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry
from apps.ledger.core.returns import Reversed
from apps.ledger.queries.entries import entries_of
from apps.ledger.queries.reversed import reversed_by
from apps.requestlog.core.kinds import CallType
from apps.requestlog.queries.find_operations import find_operations
from apps.transactions.firing.stage import Stage
from apps.transactions.operations.void_transaction import AlreadyVoided
from apps.transactions.past_calls import Lineage, PastCall
from apps.transactions.under_lock import Scene


class NotACheckout(Refusal):
    """The reference is none of a completed checkout (31)."""

    code = ErrorCode.REQUEST_TYPE_NOT_VALID
    message = "checkoutRequestRef is not the reference of a completed checkout."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Entries of the checkout as they were made: what campaigns' results issued, both halves of conversions, and what
    paid, as far as that was not voided. `reversed` is what returns have undone of them. `heirs`: where the value of
    wallets that were transferred is now; `families` must be locked to undo any of it."""

    issued: list[PastEntry] = field(default_factory=list)
    converted: list[PastEntry] = field(default_factory=list)
    paid: list[PastEntry] = field(default_factory=list)
    reversed: Reversed = field(default_factory=dict)
    heirs: Heirs = NO_HEIRS
    families: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Original:
    """A completed checkout that was not voided. An anonymous one moved nothing."""

    id: UUID
    is_anonymous: bool
    bought: Bought
    state: Returnable
    moved: Moved


def read_original(cursor: Cursor, stage: Stage, id: UUID | None, *, payments: bool) -> Original:
    """Read it, and (`payments`) the redemptions that paid for it.

    Unknown or another card's: 29; a card's, where the call names none: 9; no completed checkout: 31; voided: 30. Four
    statements with a card, three without; one more each for earlier returns, a transfer, and two for payments.
    """
    scene, brand_id = stage.scene, stage.call.brand_id
    lineage = Lineage(cursor, scene) if scene is not None else None
    found = lineage.find(id) if lineage is not None else None
    call_type = found.call_type if found is not None else _anonymous(cursor, brand_id, id)
    if call_type is not CallType.CHECKOUT_COMPLETE:
        raise NotACheckout
    assert id is not None
    state = read_returnable(cursor, brand_id=brand_id, checkout_id=id)
    if state.is_voided:
        raise AlreadyVoided("The checkout was voided.")
    caused = caused_by(cursor, brand_id=brand_id, operation_id=id)
    moved = Moved()
    if lineage is not None and found is not None:
        moved = _moved(cursor, lineage, found, state, caused, payments=payments)
    return Original(id, scene is None, replace(state.bought, discounts=caused.discounts), state, moved)


def _anonymous(cursor: Cursor, brand_id: int, id: UUID | None) -> CallType:
    found = find_operations(cursor, brand_id=brand_id, ids=[id]).get(id) if id is not None else None
    if found is None:
        raise ReferencedRequestNotFound("There is no request with this reference.")
    if found.family_id is not None:
        raise InvalidInput("checkoutRequestRef needs the cardNumber of the checkout.")
    return found.call_type


def _moved(
    cursor: Cursor, lineage: Lineage, found: PastCall, state: Returnable, caused: Caused, *, payments: bool
) -> Moved:
    brand_id = lineage.scene.call.brand_id
    paying = _paying(cursor, lineage.scene, found.id) if payments else []
    entries = entries_of(cursor, brand_id=brand_id, operation_ids=[found.id, *paying])
    own = entries.pop(found.id)
    issued = [entry for entry in own if entry.mutation_no in caused.issued]
    converted = [entry for entry in own if entry.mutation_no in caused.converted]
    paid = _redeemed(entry for entry in own if entry.mutation_no not in caused.all)
    paid += _redeemed(entry for each in entries.values() for entry in each)
    heirs, families = lineage.heirs_of([*issued, *converted, *paid])
    return Moved(
        issued=issued,
        converted=converted,
        paid=paid,
        reversed=reversed_by(cursor, brand_id=brand_id, return_ids=state.return_ids),
        heirs=heirs,
        families=frozenset({*families, found.family_id}),
    )


def _paying(cursor: Cursor, scene: Scene, checkout_id: UUID) -> list[UUID]:
    """The updateBalance calls that paid and were not voided for themselves since."""
    brand_id = scene.call.brand_id
    ids = referenced_payments(cursor, brand_id=brand_id, checkout_id=checkout_id)
    standing = standing_of(cursor, brand_id=brand_id, ids=ids) if ids else {}
    return [id for id in ids if not standing[id].is_voided]


def _redeemed(entries: Iterable[PastEntry]) -> list[PastEntry]:
    return [entry for entry in entries if entry.kind == EntryKind.REDEEM]
