"""Earlier calls of a card, of its children, and of the cards that were transferred into it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.cards.queries.heirs import Predecessor, predecessors
from apps.checkouts.core.payments import ReferencedRequestNotFound
from apps.kernel.db.hot import Cursor
from apps.ledger.core.book import Book
from apps.ledger.core.heirs import NO_HEIRS, Heirs
from apps.ledger.core.lots import PastEntry
from apps.ledger.queries.read_wallet import read_wallets
from apps.requestlog.core.kinds import CallType
from apps.requestlog.queries.find_operations import find_operations
from apps.requestlog.unit import ReadAgain
from apps.transactions.under_lock import Scene, same_kinds


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call on a card: `wallet_id` is the child card's, or else the root's."""

    id: UUID
    call_type: CallType
    family_id: int
    wallet_id: int


@dataclass(slots=True)
class Families:
    """The families of cards that were transferred, as far as a unit of work learned that it must lock them, too."""

    found: set[int] = field(default_factory=set)

    def require(self, wanted: Collection[int], locked: frozenset[int]) -> None:
        """The unit runs again unless it holds them all."""
        if not locked.issuperset(wanted):
            self.found.update(wanted)
            raise ReadAgain


@dataclass(slots=True)
class Lineage:
    """The scene's card and what was transferred into it; read when first asked for."""

    cursor: Cursor
    scene: Scene
    _before: Sequence[Predecessor] | None = None

    @property
    def before(self) -> Sequence[Predecessor]:
        """The wallets whose value came to the card or its children by transfers."""
        if self._before is None:
            scene = self.scene
            self._before = predecessors(self.cursor, brand_id=scene.call.brand_id, family_id=scene.family_id)
        return self._before

    def find(self, id: UUID | None) -> PastCall:
        """A call of the card, or of the child card that was named; or 29. It may be older than a transfer."""
        if id is None:
            raise ReferencedRequestNotFound
        found = find_operations(self.cursor, brand_id=self.scene.call.brand_id, ids=[id]).get(id)
        if found is None or found.family_id is None:
            raise ReferencedRequestNotFound
        about = self.scene.child_id or self.scene.family_id
        wallet_id = found.child_id or found.family_id
        if wallet_id != about and (wallet_id, about) not in {(each.wallet_id, each.heir_id) for each in self.before}:
            raise ReferencedRequestNotFound
        return PastCall(id, found.call_type, found.family_id, wallet_id)

    def heirs_of(self, entries: Collection[PastEntry]) -> tuple[Heirs, set[int]]:
        """Where the value of the wallets that `entries` moved is now, and the families whose locks that takes."""
        scene = self.scene
        if {entry.wallet_id for entry in entries} <= {scene.family_id, scene.child_id}:
            return NO_HEIRS, {scene.family_id}
        configuration, before = scene.configuration, self.before
        value_types = same_kinds(configuration, {each.program_id for each in before}, scene.program)
        heirs = Heirs(
            wallets={each.wallet_id: each.heir_id for each in before},
            value_types=value_types,
            scales={id: configuration.value_types[id].scale for id in value_types},
        )
        return heirs, {scene.family_id, *(each.family_id for each in before)}


def book_of(cursor: Cursor, scene: Scene, entries: Collection[PastEntry], heirs: Heirs) -> Book:
    """The scene's own book, or one with all wallets that undoing these entries touches: a child's checkout may have
    been paid by its root, a transferred card's value is on its heir."""
    touched = {entry.wallet_id for entry in entries}
    if touched <= {scene.wallet_id}:
        return scene.book
    wanted = {scene.wallet_id} | touched
    wanted |= {heir for each in touched if (heir := heirs.of_wallet(each)) is not None}
    wallets, lots = read_wallets(cursor, brand_id=scene.call.brand_id, wallet_ids=wanted)
    return Book.open(operation_id=scene.call.id, moment=scene.call.moment, wallets=wallets, lots=lots)
