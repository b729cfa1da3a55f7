"""Settle one wallet that nobody touches: release holds that lapsed, expire value whose moment has come."""

from dataclasses import dataclass
from enum import Enum, auto

from apps.kernel.db.hot import Cursor
from apps.ledger.core.book import Book
from apps.ledger.core.days import book_days
from apps.ledger.core.kinds import EntryKind
from apps.ledger.fragments import posting
from apps.ledger.queries.read_wallet import lock_family_if_free, read_wallet
from apps.requestlog.core.call import Call, ConcurrentCard
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change


class Outcome(Enum):
    """What became of a wallet: settled, found settled already, or left to the next run."""

    SETTLED = auto()
    NOTHING_DUE = auto()
    BUSY = auto()


@dataclass(frozen=True, slots=True)
class Settled:
    """How many lots expired and how many held lots were released. Nothing of either unless `outcome` is SETTLED."""

    outcome: Outcome
    expired: int = 0
    released: int = 0


class _Leave(Exception):
    """There is nothing to write: end the unit of work without a trace."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def settle_wallet(*, call: Call, wallet_id: int) -> Settled:
    """Do what a call on this wallet would do before its own work, booked at the moments when it fell due.

    A family that somebody else has locked is left alone. An operation is written only if something was due, so that
    the same run twice, or two at once, change nothing more.
    """

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Settled]:
        if not locked:
            raise _Leave(Outcome.BUSY)
        found = read_wallet(cursor, brand_id=call.brand_id, wallet_id=wallet_id)
        book = Book.open(operation_id=call.id, moment=call.moment, wallets=[found.wallet], lots=found.lots)
        if not book.postings:
            raise _Leave(Outcome.NOTHING_DUE)
        return Plan(
            answer=_answer(book),
            call_type=CallType.SWEEP,
            occurred_at=book.postings[-1].occurred_at,
            fragments=posting(
                brand_id=call.brand_id,
                book=book,
                recorded_at=call.now,
                book_day=book_days(found.zone, found.closed_through),
                location_id=call.location_id,
            ),
            family_id=found.family_id,
        )

    try:
        return change(call=call, lock=lock_family_if_free(wallet_id), decide=decide)
    except _Leave as left:
        return Settled(left.outcome)
    except ConcurrentCard:
        return Settled(Outcome.BUSY)


def _answer(book: Book) -> Settled:
    expired = sum(each.kind == EntryKind.EXPIRE for each in book.postings)
    released = sum(each.kind == EntryKind.RELEASE and each.amount < 0 for each in book.postings)
    return Settled(Outcome.SETTLED, expired, released)
