"""reactivate: a suspended card becomes active again."""

from dataclasses import dataclass

from apps.cards.core.status import CardNotActive, CardStatus
from apps.cards.fragments import set_status
from apps.cards.queries.locks import lock_families
from apps.cards.queries.read_cards import read_cards
from apps.kernel.db.hot import Cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import ReadAgain, Record, change
from apps.transactions.under_lock import NO_PIN, PinClaim, current, known_card, require_pin


@dataclass(frozen=True, slots=True)
class Reactivated:
    """The card that is active again."""

    card_number: str


def reactivate(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    claim: PinClaim = NO_PIN,
    record: Record[Reactivated] | None = None,
) -> Reactivated:
    """Suspended -> Activated. Unknown card: 2; any other status: 11; wrong PIN: 10."""

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Reactivated]:
        found = read_cards(cursor, brand_id=call.brand_id, numbers=[card_number])
        fresh = current(configuration, found.config, call)
        card = known_card(found, card_number, call=call, claim=claim)
        if card.status is not CardStatus.SUSPENDED or card.wallet_id is None:
            raise CardNotActive("Only a suspended card can be reactivated.")
        if card.family_id not in locked:
            raise ReadAgain
        require_pin(card, call=call, program=fresh.program_of(card.card_set_id), claim=claim)
        return Plan(
            answer=Reactivated(card_number),
            call_type=CallType.REACTIVATE,
            occurred_at=max(call.moment, found.wallets[card.wallet_id].last_at),
            fragments=[set_status(brand_id=call.brand_id, card_id=card.id, status=CardStatus.ACTIVATED)],
            family_id=card.family_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)
