"""cardHistory: the transactions of a card."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from apps.campaigns.core.caused import CausedLine
from apps.campaigns.queries.caused_lines import caused_lines
from apps.cards.core.status import CardNotFound
from apps.cards.queries.read_cards import read_cards
from apps.kernel.amounts import at_scale
from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput
from apps.ledger.queries.mutations import mutations_of
from apps.lookups.core.movements import Movements, movements_seen
from apps.lookups.queries.history_page import Event, HistoryPage, history_page
from apps.lookups.queries.history_wallets import history_wallets
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.transactions.answers import MutationSeen
from apps.transactions.under_lock import current

LONGEST_IN_DETAIL = 20
"""How many transactions are shown at most with external ids or campaigns."""
SECOND = timedelta(seconds=1)


class NoSuchCard(CardNotFound):
    """No card of the brand has this number (2). Clients compare the words."""

    message = "Could not find the specified card."


class NoSuchAccount(CardNotFound):
    """The card was never activated (2). Clients compare the words."""

    message = "Could not find the account that goes with the specified card."


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRange:
    """Which transactions to show. Both ends are included, `end` with its whole second, since clients cannot say more;
    no `call_types`: all, expiries too."""

    begin: datetime | None = None
    end: datetime | None = None
    call_types: Sequence[CallType] = ()
    newest_first: bool = True
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionSeen:
    """A call that changed something, or an expiry, which has neither `reference` nor `call_type`. `child_number`: the
    child card that it was about; `caused` what campaigns caused, if that was asked for."""

    transaction_id: UUID
    reference: UUID | None
    at: datetime
    call_type: str | None
    location_code: str | None
    external_id: str | None
    child_number: str | None
    movements: Movements
    caused: Sequence[CausedLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of transactions; how many match the range; how many there are, from when to when."""

    transactions: list[TransactionSeen] = field(default_factory=list)
    match_count: int
    transaction_count: int
    oldest: datetime | None
    newest: datetime | None


EVERYTHING = HistoryRange()
LATEST = datetime.max.replace(tzinfo=UTC) - SECOND
"""An end at the end of time is none: clients send one for "until now"."""


def check_length(wanted: HistoryRange, *, in_detail: bool) -> None:
    """Refuse (9) more detailed transactions than are answered at once."""
    if in_detail and wanted.limit > LONGEST_IN_DETAIL:
        raise InvalidInput(f"With external ids or campaign data, at most {LONGEST_IN_DETAIL} results are possible.")


def card_history(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    child_number: str | None = None,
    wanted: HistoryRange = EVERYTHING,
    split_holds: bool = False,
    with_external_ids: bool = False,
    with_campaigns: bool = False,
) -> History:
    """What happened to a card that was ever activated (with its children), or to one child card, and what of their
    value expired; also on the cards that were transferred into it. Four statements, one more for campaigns.

    Unknown card or child, or never activated: 2. External ids or campaigns of more than 20 transactions: 9.
    """
    check_length(wanted, in_detail=with_external_ids or with_campaigns)
    cursor = hot_cursor()
    found = read_cards(cursor, brand_id=call.brand_id, numbers=[card_number], child_number=child_number)
    configuration = current(configuration, found.config, call)
    card = found.cards.get(card_number)
    if card is None:
        raise NoSuchCard
    if card.wallet_id is None or card.family_id is None:
        raise NoSuchAccount
    wallets = history_wallets(
        cursor,
        brand_id=call.brand_id,
        family_id=card.family_id,
        wallet_id=found.require_child().wallet_id if child_number is not None else card.family_id,
    )
    page = history_page(
        cursor,
        brand_id=call.brand_id,
        wallets=wallets,
        begin=wanted.begin,
        before=wanted.end + SECOND if wanted.end is not None and wanted.end < LATEST else None,
        call_types=[int(call_type) for call_type in wanted.call_types] or None,
        newest_first=wanted.newest_first,
        offset=wanted.offset,
        limit=wanted.limit,
        now=call.moment,
    )
    ids = [event.operation_id for event in page.events if event.operation_id is not None]
    moved = mutations_of(cursor, brand_id=call.brand_id, operation_ids=ids)
    known = caused_lines(cursor, brand_id=call.brand_id, operation_ids=ids) if with_campaigns else {}

    def seen(event: Event) -> TransactionSeen:
        if event.operation_id is None:
            return _expiry(event, call.brand_id, configuration)
        told = [each for each in moved[event.operation_id] if each.wallet_id in wallets.wallets]
        caused = known.get(event.operation_id, ())
        movements = movements_seen(told, split_holds=split_holds, configuration=configuration, caused=caused)
        return _transaction(event, event.operation_id, movements, configuration, caused)

    return _history(page, [seen(event) for event in page.events])


def _transaction(
    event: Event,
    operation_id: UUID,
    movements: Movements,
    configuration: Configuration,
    caused: Sequence[CausedLine],
) -> TransactionSeen:
    assert event.call_type is not None
    return TransactionSeen(
        transaction_id=operation_id,
        reference=operation_id,
        at=event.at,
        call_type=CallType(event.call_type).wire_name,
        location_code=configuration.location_codes.get(event.location_id) if event.location_id is not None else None,
        external_id=event.external_id,
        child_number=event.child_number,
        movements=movements,
        caused=caused,
    )


def _expiry(event: Event, brand_id: int, configuration: Configuration) -> TransactionSeen:
    """What expires at one moment is one transaction.

    Its id is made from the wallet and that moment, which never change: it is the same before and after the sweep.
    """
    lines = []
    for value_type_id, amount in event.expired:
        value_type = configuration.value_types[value_type_id]
        lines.append(MutationSeen(value_type, at_scale(amount, value_type.scale)))
    return TransactionSeen(
        transaction_id=uuid5(NAMESPACE_OID, f"expiry:{brand_id}:{event.wallet_id}:{event.at.isoformat()}"),
        reference=None,
        at=event.at,
        call_type=None,
        location_code=None,
        external_id=None,
        child_number=event.child_number,
        movements=Movements(lines, []),
    )


def _history(page: HistoryPage, transactions: list[TransactionSeen]) -> History:
    return History(
        transactions=transactions,
        match_count=page.matching,
        transaction_count=page.count,
        oldest=page.oldest,
        newest=page.newest,
    )
