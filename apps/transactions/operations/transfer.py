"""transfer: a card's value goes out, and into another card; or it is written off."""

from dataclasses import dataclass
from typing import Literal

from apps.cards.core.status import CardStatus
from apps.cards.fragments import set_status, transfer_out
from apps.cards.queries.heirs import child_wallets
from apps.cards.queries.locks import lock_families
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.ledger.core import transfers
from apps.ledger.core.book import Book
from apps.ledger.queries.read_wallet import read_wallets
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.transfer_in import NOWHERE, Arrival, arrive
from apps.transactions.under_lock import NO_PIN, PinClaim, Scene, open_card

Action = Literal["out", "in", "zero"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferWanted:
    """What to do with the card. All but `action` and `release_holds` concern the way in."""

    action: Action
    release_holds: bool = False
    arrival: Arrival = NOWHERE


@dataclass(frozen=True, slots=True)
class Transferred:
    """The card that the call named."""

    card_number: str


def transfer(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    wanted: TransferWanted,
    claim: PinClaim = NO_PIN,
    record: Record[Transferred] | None = None,
) -> Transferred:
    """Take everything out of a card and close it (`out`), put it into this card (`in`), or write it off (`zero`).

    Child cards go along: below the new root they get successors with their numbers and people. Unknown card: 2; not
    active: 11; wrong PIN: 10; holds: 21 unless released; the way in also: value that this card cannot hold: 20; over
    its maximum: 13; same card, not transferred out, used already, a child number on both sides, a Demo card: 9.
    """
    arrival = wanted.arrival
    if wanted.action == "in":
        if arrival.old_number is None:
            raise InvalidInput("A transfer in needs oldCardNumber.")
        if arrival.old_number == card_number:
            raise InvalidInput("A card cannot be transferred into itself.")

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Transferred]:
        scene = open_card(
            cursor, call=call, configuration=configuration, locked=locked, number=card_number, claim=claim
        )
        if scene.card.status is CardStatus.DEMO and wanted.action != "zero":
            raise InvalidInput("A Demo card is not transferred.")
        if wanted.action == "in":
            fragments = arrive(cursor, scene, locked, arrival)
        elif wanted.action == "out":
            fragments = _leave(cursor, scene, wanted)
        else:
            transfers.write_off(scene.book, release_holds=wanted.release_holds)
            fragments = []
        return Plan(
            answer=Transferred(card_number),
            call_type=CallType.TRANSFER,
            occurred_at=scene.book.at,
            fragments=[*fragments, *scene.posting()],
            family_id=scene.family_id,
        )

    numbers = [card_number] if arrival.old_number is None else [card_number, arrival.old_number]
    return change(call=call, lock=lock_families(numbers), decide=decide, record=record)


def _leave(cursor: Cursor, scene: Scene, wanted: TransferWanted) -> list[Fragment]:
    brand_id = scene.call.brand_id
    children = child_wallets(cursor, brand_id=brand_id, family_id=scene.family_id)
    if children:
        wallets, lots = read_wallets(cursor, brand_id=brand_id, wallet_ids=[scene.family_id, *children])
        scene.book = Book.open(operation_id=scene.call.id, moment=scene.call.moment, wallets=wallets, lots=lots)
    transfers.transfer_out(scene.book, release_holds=wanted.release_holds)
    return [
        set_status(brand_id=brand_id, card_id=scene.card.id, status=CardStatus.TRANSFER),
        transfer_out(brand_id=brand_id, operation_id=scene.call.id, wallet_ids=[scene.family_id, *children]),
    ]
