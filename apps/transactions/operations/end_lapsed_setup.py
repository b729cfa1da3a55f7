"""Tidy up after a locking setup whose time is over and that nobody ended."""

from uuid import UUID

from apps.checkouts.queries.setups import read_setup
from apps.coupons.queries.lock_coupon import ConcurrentCoupon
from apps.coupons.queries.setup_coupons import setup_coupons
from apps.kernel.db.hot import Cursor
from apps.ledger.core.book import Book
from apps.ledger.core.days import book_days
from apps.ledger.fragments import posting
from apps.ledger.queries.read_wallet import lock_family_if_free, read_wallet
from apps.requestlog.core.call import Call, ConcurrentCard
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from apps.transactions.checkouts.ends import given_up


class _Leave(Exception):
    """There is nothing to write: end the unit of work without a trace."""


def end_lapsed_setup(*, call: Call, setup_id: UUID, wallet_id: int) -> bool:
    """End a setup that lapsed by `call.now`, in whose name value of a wallet was held; whether it was done.

    Nothing waits for it: a lapsed lock counts no more, and its hold is over. It gives budgets back what was reserved,
    frees the coupons and clears the card, unless the next setup has locked it by then. A family that somebody else has
    locked is left to the next run; so is a setup of which a coupon is busy. A setup that is over already is left alone.
    """

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[bool]:
        setup = read_setup(cursor, brand_id=call.brand_id, operation_id=setup_id)
        if not locked or setup is None or setup.ended_by is not None or setup.until > call.now:
            raise _Leave
        found = read_wallet(cursor, brand_id=call.brand_id, wallet_id=wallet_id)
        book = Book.open(operation_id=call.id, moment=call.now, wallets=[found.wallet], lots=found.lots)
        coupons = setup_coupons(cursor, brand_id=call.brand_id, setup_id=setup_id)
        return Plan(
            answer=True,
            call_type=CallType.SWEEP,
            occurred_at=book.at,
            fragments=[
                *given_up(call, setup, on_date=call.now.astimezone(found.zone).date(), coupons=coupons),
                *posting(
                    brand_id=call.brand_id,
                    book=book,
                    recorded_at=call.now,
                    book_day=book_days(found.zone, found.closed_through),
                    location_id=call.location_id,
                ),
            ],
            family_id=found.family_id,
        )

    try:
        return change(call=call, lock=lock_family_if_free(wallet_id), decide=decide)
    except (_Leave, ConcurrentCard, ConcurrentCoupon):
        return False
