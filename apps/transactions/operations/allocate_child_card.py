"""allocateChildCard: a card below a root card, with value and customers of its own."""

from dataclasses import dataclass

from apps.cards.core.numbers import check_child_number
from apps.cards.fragments import create_child
from apps.cards.queries.locks import lock_families
from apps.cards.queries.read_cards import read_cards
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.ledger.fragments import open_wallet
from apps.ledger.queries.read_wallet import next_wallet_ids
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import ReadAgain, Record, change
from apps.transactions.under_lock import check_moment, current


class ChildNumberTaken(InvalidInput):
    """The root card has a child card with this number already (9)."""

    message = "The card has a child card with this number already."


@dataclass(frozen=True, slots=True)
class ChildAllocated:
    """The root card, and the number of its new child."""

    card_number: str
    child_number: str


def allocate_child_card(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    child_number: str,
    record: Record[ChildAllocated] | None = None,
) -> ChildAllocated:
    """Create a child of an active root card. The location of the call owns it.

    Unknown or inactive root: 2, 11; locked by a checkout: 14. A number that is no child number, or that the root has
    given already: 9.
    """
    check_child_number(child_number)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[ChildAllocated]:
        found = read_cards(cursor, brand_id=call.brand_id, numbers=[card_number], child_number=child_number)
        fresh = current(configuration, found.config, call)
        card = found.card(card_number)
        family_id, _ = card.require_active()
        if family_id not in locked:
            raise ReadAgain
        card.require_unlocked(call.now)
        if found.child is not None:
            raise ChildNumberTaken
        check_moment(call, fresh.zone, found.closed_through)
        program_id, card_set_id, _, is_demo = found.wallets[family_id].dimensions
        assert call.location_id is not None, "a child card is activated at a location, which then owns it"
        (wallet_id,) = next_wallet_ids(cursor, 1)
        wallet = open_wallet(
            brand_id=call.brand_id,
            wallet_id=wallet_id,
            program_id=program_id,
            card_set_id=card_set_id,
            owner_location_id=call.location_id,
            is_demo=is_demo,
            at=call.moment,
            root_id=family_id,
        )
        child = create_child(
            brand_id=call.brand_id, number=child_number, family_id=family_id, wallet_id=wallet_id, at=call.moment
        )
        return Plan(
            answer=ChildAllocated(card_number, child_number),
            call_type=CallType.ALLOCATE,
            occurred_at=call.moment,
            fragments=[wallet, child],
            family_id=family_id,
            child_id=wallet_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)
