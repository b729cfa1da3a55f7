"""What the verbs read under the lock, and the checks that all of them share, in their order: card unknown (2), card
not active (11), PIN (10), locked by a checkout (14), moment of processing (9)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.cards.core.state import CardState, CheckoutInProgress, CheckoutLock, ChildState
from apps.cards.core.status import CardNotFound
from apps.cards.operations.check_pin import Guesser, check_pin, count_blind_guess
from apps.cards.queries.read_cards import CardsRead, read_cards
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.kernel.readings import Reading
from apps.ledger.core.book import Book
from apps.ledger.core.days import book_days
from apps.ledger.fragments import posting
from apps.programs.core.configuration import Configuration, InvalidCredentials, Program
from apps.programs.queries.configuration import reload_configuration
from apps.requestlog.core.call import Call, ConcurrentCard
from apps.requestlog.unit import ReadAgain


@dataclass(frozen=True, slots=True)
class PinClaim:
    """Whether the caller wants the PIN checked, and what was typed."""

    is_forced: bool = False
    pin: str | None = None


NO_PIN = PinClaim()
EARLIEST = datetime(1900, 1, 3, tzinfo=UTC)
"""Before this no period can be open, in whatever time zone."""


@dataclass(slots=True)
class Scene:
    """An active card under its family's lock, with its book opened and settled.

    `wallet_id` is whose value the call is about: the child card's where one was named, else the card's own.
    """

    call: Call
    configuration: Configuration
    closed_through: date
    card: CardState
    program: Program
    family_id: int
    wallet_id: int
    book: Book
    child: ChildState | None = None
    readings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lock(self) -> CheckoutLock | None:
        """The checkout lock in force, which then let this call pass."""
        return self.card.locked_at(self.call.now)

    @property
    def child_id(self) -> int | None:
        """The child card's wallet, as the operation row names it; None for the root card itself."""
        return self.child.wallet_id if self.child is not None else None

    @property
    def today(self) -> date:
        """The call's day in the brand's zone."""
        return self.call.moment.astimezone(self.configuration.zone).date()

    def posting(self) -> list[Fragment]:
        """The ledger's fragments for all that the book did."""
        return posted(self.call, self.configuration, self.closed_through, self.book)


Gate = Callable[[CheckoutLock, Program], bool]
"""Whether a call may change the card in spite of a checkout lock."""


def closed(_lock: CheckoutLock, _program: Program) -> bool:
    """The gate of almost all calls: nothing passes."""
    return False


def open_to_all(_lock: CheckoutLock, _program: Program) -> bool:
    """The gate of calls that are about the lock itself: they look at it themselves."""
    return True


def open_card(
    cursor: Cursor,
    *,
    call: Call,
    configuration: Configuration,
    locked: frozenset[int],
    number: str,
    claim: PinClaim = NO_PIN,
    child_number: str | None = None,
    uses_parent_balances: bool = False,
    readings: Sequence[Reading] = (),
    passes: Gate = closed,
) -> Scene:
    """Read an active card, and one of its children, after the family was locked. Unknown card or child: 2.

    The book has the child's value, or the root's where `uses_parent_balances`. `readings` are asked along. A checkout
    lock refuses everything (14) that its gate does not let pass.
    """
    found = read_cards(cursor, brand_id=call.brand_id, numbers=[number], child_number=child_number, readings=readings)
    configuration = current(configuration, found.config, call)
    card = known_card(found, number, call=call, claim=claim)
    family_id, wallet_id = card.require_active()
    if family_id not in locked:
        raise ReadAgain
    program = configuration.program_of(card.card_set_id)
    require_pin(card, call=call, program=program, claim=claim)
    lock = card.locked_at(call.now)
    if lock is not None and not passes(lock, program):
        raise CheckoutInProgress(lock.by)
    child = found.require_child() if child_number is not None else None
    check_moment(call, configuration.zone, found.closed_through)
    if child is not None and not uses_parent_balances:
        wallet_id = child.wallet_id
    book = Book.open(
        operation_id=call.id,
        moment=call.moment,
        wallets=[found.wallets[wallet_id]],
        lots=[lot for lot in found.lots if lot.wallet_id == wallet_id],
    )
    return Scene(
        call, configuration, found.closed_through, card, program, family_id, wallet_id, book, child, found.readings
    )


def known_card(found: CardsRead, number: str, *, call: Call, claim: PinClaim) -> CardState:
    """The card, or 2. A forced PIN on an unknown card counts as a guess."""
    try:
        return found.card(number)
    except CardNotFound:
        if claim.is_forced:
            count_blind_guess(guesser=guesser_of(call))
        raise


def require_pin(card: CardState, *, call: Call, program: Program, claim: PinClaim) -> None:
    """10 unless the PIN fits, where the caller wants it checked."""
    if claim.is_forced:
        check_pin(
            guesser=guesser_of(call), card_id=card.id, sealed=card.pin, pin=claim.pin, uses_pins=program.uses_pins
        )


def guesser_of(call: Call) -> Guesser:
    """Whose wrong PINs are counted together."""
    return Guesser(call.brand_id, call.terminal_id, call.credential_key)


class RulesChanged(ConcurrentCard):
    """The brand's API version or features changed after the call's body was read: it must be read again (4)."""


def current(configuration: Configuration, number: int, call: Call) -> Configuration:
    """The configuration that belongs to the clock's number: reloaded if this process had an older one.

    5 if the caller would not be let in any more; RulesChanged if its body would be read differently.
    """
    if number == configuration.number:
        return configuration
    loaded = reload_configuration(configuration)
    if loaded is None:
        raise InvalidCredentials
    require_admitted(loaded, call)
    reads_differently = (loaded.api_version, loaded.features) != (configuration.api_version, configuration.features)
    if reads_differently and call.credential_key is not None:
        raise RulesChanged
    return loaded


def require_admitted(configuration: Configuration, call: Call) -> None:
    """5 if a newer configuration would not let the caller in: key, scopes, place or employee."""
    if not configuration.admits(
        credential_key=call.credential_key,
        method=call.method,
        location_id=call.location_id,
        terminal_id=call.terminal_id,
        employee_id=call.employee_id,
    ):
        raise InvalidCredentials


def check_moment(call: Call, zone: ZoneInfo, closed_through: date) -> None:
    """A moment of processing that the client chose lies neither in the future nor in a closed period (9).

    The books are closed by days of the brand's time zone.
    """
    if call.moment == call.now:
        return
    if call.moment < EARLIEST:
        raise InvalidInput("customRequestDate lies before all books.")
    if call.moment > call.now:
        raise InvalidInput("customRequestDate must not be in the future.")
    if call.moment.astimezone(zone).date() <= closed_through:
        raise InvalidInput("customRequestDate lies in a period whose books are closed.")


def posted(call: Call, configuration: Configuration, closed_through: date, book: Book) -> list[Fragment]:
    """The ledger's fragments of a book, booked on the brand's days."""
    return posting(
        brand_id=call.brand_id,
        book=book,
        recorded_at=call.now,
        book_day=book_days(configuration.zone, closed_through),
        location_id=call.location_id,
    )


def require_after(moment: datetime | None, at: datetime, name: str) -> None:
    """9 unless a moment that the client sent lies after the moment of processing."""
    if moment is not None and moment <= at:
        raise InvalidInput(f"{name} must lie after the moment of processing.")


def same_kinds(configuration: Configuration, program_ids: Collection[int], program: Program) -> dict[int, int]:
    """For value types of some programs, the one of the same kind in `program`. Left out where there is none, or where
    it has fewer decimals."""
    into = {value_type.key: value_type for value_type in program.value_types}
    return {
        value_type.id: into[value_type.key].id
        for program_id in program_ids
        for value_type in configuration.programs[program_id].value_types
        if value_type.key in into and into[value_type.key].scale >= value_type.scale
    }
