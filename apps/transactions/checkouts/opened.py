"""A locking setup that is to be completed or cancelled, found on the card that the call names."""

from dataclasses import dataclass
from uuid import UUID

from apps.checkouts.queries.setups import SETUP, SetupRead, setup_read, setup_reading
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.ids import parse_id
from apps.ledger.core.book import Book
from apps.ledger.queries.read_wallet import read_wallets
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.queries.find_operations import find_operations
from apps.transactions.checkouts.basket import Shopper
from apps.transactions.checkouts.ends import NotLocked
from apps.transactions.checkouts.kept import KeptCheckout, decode
from apps.transactions.under_lock import Scene, open_card, open_to_all


class SetupNotFound(Refusal):
    """The card has no setup with this transaction id (8)."""

    code = ErrorCode.TRANSACTION_NOT_FOUND
    message = "The card has no checkout setup with this transaction id."


@dataclass(frozen=True, slots=True)
class Opened:
    """The card, whose book is that of the wallet in whose name the setup reserved, the setup, and what it keeps."""

    scene: Scene
    setup: SetupRead
    kept: KeptCheckout


def check_reference(shopper: Shopper, reference: str | None) -> tuple[str, str]:
    """The card's number and the setup's id as text; 9 without either, or where the card's parts do not fit together."""
    if reference is None:
        raise InvalidInput("cancelSetup needs a relatedSetupTransactionId.")
    if shopper.card_number is None:
        raise InvalidInput("relatedSetupTransactionId needs the cardNumber of the setup.")
    if shopper.uses_parent_balances and shopper.child_number is None:
        raise InvalidInput("useParentBalancesOnly needs a childCardNumber.")
    return shopper.card_number, reference


def open_kept(
    cursor: Cursor,
    *,
    call: Call,
    configuration: Configuration,
    locked: frozenset[int],
    shopper: Shopper,
    card_number: str,
    reference: str,
) -> Opened:
    """Read the card and the setup: one statement, two where a child's setup moves its parent's value.

    Refuses what `open_card` refuses but a lock; an unknown setup, or one of another card or child card: 8; one that did
    not lock, or is completed, cancelled, released or over by itself: 15.
    """
    setup_id = parse_id(reference)
    scene = open_card(
        cursor,
        call=call,
        configuration=configuration,
        locked=locked,
        number=card_number,
        claim=shopper.claim,
        child_number=shopper.child_number,
        readings=[setup_reading(setup_id)],
        passes=open_to_all,
    )
    setup = setup_read(scene.readings[SETUP])
    if setup is None or not setup.is_open(call.now):
        raise _why_not(cursor, scene, setup_id)
    kept = decode(setup.plan)
    if (setup.family_id, kept.child_id) != (scene.family_id, scene.child_id):
        raise SetupNotFound
    if kept.wallet_id != scene.wallet_id:
        wallets, lots = read_wallets(cursor, brand_id=call.brand_id, wallet_ids=[kept.wallet_id])
        scene.wallet_id = kept.wallet_id
        scene.book = Book.open(operation_id=call.id, moment=call.moment, wallets=wallets, lots=lots)
    # of a wallet that last moved by a clock ahead of ours: a book that has released the hold cannot keep the promise
    if not setup.is_open(scene.book.at):
        raise NotLocked
    return Opened(scene, setup, kept)


def _why_not(cursor: Cursor, scene: Scene, setup_id: UUID | None) -> Refusal:
    """What to say of a reference that is no open lock: a setup of this card, or not even that."""
    if setup_id is None:
        return SetupNotFound()
    found = find_operations(cursor, brand_id=scene.call.brand_id, ids=[setup_id]).get(setup_id)
    about = (CallType.CHECKOUT_SETUP, scene.family_id, scene.child_id)
    if found is None or (found.call_type, found.family_id, found.child_id) != about:
        return SetupNotFound()
    return NotLocked()
