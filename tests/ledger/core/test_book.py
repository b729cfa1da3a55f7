"""The pure heart of the ledger: what each verb does to lots, and what it posts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from uuid import UUID, uuid4

import pytest

from apps.ledger.core.balances import balances_at
from apps.ledger.core.book import Book, HoldNotFound, HoldOfAnotherType, TooLittleBalance, TooMuchBalance
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Lot, PastEntry, Wallet
from apps.ledger.core.voids import void

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)
CARD, USD, POINTS = 1, 10, 11
D = Decimal


def lot(no: int, amount: int, **facts: object) -> Lot:
    kind = {"return_related": False, "expires_at": None, "active_at": None, "hold_id": None, "hold_until": None} | facts
    return Lot(CARD, no, kind.pop("value_type_id", USD), remaining=D(amount), **kind)  # type: ignore[arg-type]


def book(*lots: Lot, at: datetime = NOW, last_at: datetime = YESTERDAY) -> Book:
    wallet = Wallet(CARD, (1, 1, 1, False), last_seq=100, last_lot=50, last_at=last_at)
    return Book.open(operation_id=uuid4(), moment=at, wallets=[wallet], lots=lots)


def moves(opened: Book) -> list[tuple[int, int, Decimal]]:
    """Kind, lot and amount of each posting."""
    return [(posting.kind, posting.lot_no, posting.amount) for posting in opened.postings]


def past(opened: Book) -> list[PastEntry]:
    """The postings of a book as a later void reads them."""
    lots = {each.no: each for each in opened.lots}
    return [
        PastEntry(
            each.wallet_id,
            each.seq,
            each.lot_no,
            each.value_type_id,
            each.hold_id,
            each.kind,
            each.amount,
            lots[each.lot_no].return_related,
            lots[each.lot_no].expires_at,
            lots[each.lot_no].active_at,
        )
        for each in opened.postings
        if each.mutation_no
    ]


def next_call(opened: Book, at: datetime = NOW) -> Book:
    """The state that the next call reads."""
    open_lots = [
        Lot(
            each.wallet_id,
            each.no,
            each.value_type_id,
            each.return_related,
            each.expires_at,
            each.active_at,
            each.hold_id,
            each.hold_until,
            each.remaining,
        )
        for each in opened.lots
        if each.remaining
    ]
    wallet = opened.wallets[CARD]
    again = Wallet(CARD, wallet.dimensions, wallet.last_seq, wallet.last_lot, wallet.last_at)
    return Book.open(operation_id=uuid4(), moment=at, wallets=[again], lots=open_lots)


def redeem(opened: Book, amount: int, **how: bool) -> Decimal:
    return opened.redeem(wallet_id=CARD, value_type_id=USD, amount=D(amount), **how)


def hold(opened: Book, amount: int, until: datetime | None = None) -> UUID:
    opened.hold(wallet_id=CARD, value_type_id=USD, amount=D(amount), until=until)
    return opened.operation_id


def redeem_hold(opened: Book, hold_id: UUID, amount: int, release: bool = False, value_type: int = USD) -> Decimal:
    return opened.redeem_hold(
        wallet_id=CARD, value_type_id=value_type, hold_id=hold_id, amount=D(amount), release_rest=release
    )


def test_redeem_takes_return_related_then_earliest_expiry_then_oldest() -> None:
    opened = book(
        lot(1, 5), lot(2, 5, expires_at=TOMORROW), lot(3, 5, return_related=True), lot(4, 5, value_type_id=POINTS)
    )
    redeem(opened, 12)
    assert moves(opened) == [(EntryKind.REDEEM, 3, D(-5)), (EntryKind.REDEEM, 2, D(-5)), (EntryKind.REDEEM, 1, D(-2))]


def test_too_little_refuses() -> None:
    with pytest.raises(TooLittleBalance):
        redeem(book(lot(1, 5)), 6)


def test_overdraw_takes_what_is_there_and_tells_what_was_missing() -> None:
    opened = book(lot(1, 5))
    assert redeem(opened, 7, take_what_is_there=True) == D(2)
    assert opened.total(CARD, USD) == 0


def test_delayed_value_is_not_spendable_before_its_moment() -> None:
    with pytest.raises(TooLittleBalance):
        redeem(book(lot(1, 5, active_at=TOMORROW)), 1)
    assert redeem(book(lot(1, 5, active_at=NOW)), 5) == 0


def test_equal_value_merges_into_one_lot() -> None:
    opened = book(lot(1, 5, expires_at=TOMORROW))
    opened.issue(wallet_id=CARD, value_type_id=USD, amount=D(3), expires_at=TOMORROW)
    opened.issue(wallet_id=CARD, value_type_id=USD, amount=D(4))
    assert moves(opened) == [(EntryKind.ISSUE, 1, D(3)), (EntryKind.ISSUE, 51, D(4))]


def test_an_activation_in_the_past_is_no_activation() -> None:
    opened = book(lot(1, 5))
    opened.issue(wallet_id=CARD, value_type_id=USD, amount=D(3), active_at=YESTERDAY)
    assert moves(opened) == [(EntryKind.ISSUE, 1, D(3))]


def test_expired_value_is_booked_at_its_own_moment_before_anything_else() -> None:
    gone = NOW - timedelta(hours=3)
    opened = book(lot(1, 5, expires_at=gone), lot(2, 5))
    redeem(opened, 1)
    assert [(each.kind, each.occurred_at, each.mutation_no) for each in opened.postings] == [
        (EntryKind.EXPIRE, gone, 0),
        (EntryKind.REDEEM, NOW, 1),
    ]


def test_time_never_runs_back_in_a_wallet() -> None:
    opened = book(lot(1, 5), at=YESTERDAY, last_at=NOW)
    redeem(opened, 1)
    assert opened.postings[0].occurred_at == NOW


def test_a_lapsed_hold_is_released_at_its_moment_and_then_expires_if_due() -> None:
    lapsed, expired = NOW - timedelta(hours=2), NOW - timedelta(hours=5)
    opened = book(lot(1, 5, hold_id=uuid4(), hold_until=lapsed, expires_at=expired))
    assert [(each.kind, each.amount, each.occurred_at) for each in opened.postings] == [
        (EntryKind.RELEASE, D(-5), lapsed),
        (EntryKind.RELEASE, D(5), lapsed),
        (EntryKind.EXPIRE, D(-5), lapsed),
    ]


def test_a_hold_keeps_its_value_past_expiry() -> None:
    opened = book(lot(1, 5, expires_at=TOMORROW))
    name = hold(opened, 5)
    later = next_call(opened, at=TOMORROW + timedelta(days=1))
    assert redeem_hold(later, name, 5) == 0


def test_released_after_its_moment_it_expires_at_once() -> None:
    opened = book(lot(1, 5, expires_at=TOMORROW))
    name = hold(opened, 5)
    later = next_call(opened, at=TOMORROW + timedelta(days=1))
    redeem_hold(later, name, 0, release=True)
    assert later.total(CARD, USD) == 0
    assert later.postings[-1].kind == EntryKind.EXPIRE


def test_more_than_the_hold_keeps_comes_from_free_value() -> None:
    opened = book(lot(1, 10))
    name = hold(opened, 4)
    later = next_call(opened)
    redeem_hold(later, name, 7)
    assert later.total(CARD, USD) == D(3)
    with pytest.raises(TooLittleBalance):
        redeem_hold(next_call(opened), name, 11)


def test_unknown_and_finished_holds_are_not_found() -> None:
    opened = book(lot(1, 10))
    with pytest.raises(HoldNotFound):
        redeem_hold(opened, uuid4(), 1)
    name = hold(opened, 4)
    later = next_call(opened)
    redeem_hold(later, name, 4)
    with pytest.raises(HoldNotFound):
        redeem_hold(next_call(later), name, 1)


def test_a_hold_of_another_value_type_is_refused() -> None:
    opened = book(lot(1, 10))
    name = hold(opened, 4)
    with pytest.raises(HoldOfAnotherType):
        redeem_hold(next_call(opened), name, 1, value_type=POINTS)


def test_balances_show_free_value_and_each_hold() -> None:
    opened = book(lot(1, 10), lot(2, 3, active_at=TOMORROW), lot(3, 2, value_type_id=POINTS))
    name = hold(opened, 4)
    seen = [(each.value_type_id, each.hold_id, each.amount) for each in balances_at(opened.lots, NOW)]
    assert seen == [(USD, None, D(6)), (POINTS, None, D(2)), (USD, name, D(4))]


def test_a_voided_issue_is_taken_from_its_own_lot_first() -> None:
    opened = book(lot(1, 5, return_related=True))
    opened.issue(wallet_id=CARD, value_type_id=USD, amount=D(3))
    later = next_call(opened)
    assert void(later, past(opened), take_what_is_free=False) == {}
    assert moves(later) == [(EntryKind.VOID, 51, D(-3))]


def test_a_void_that_finds_too_little_refuses_or_records_the_shortfall() -> None:
    opened = book()
    opened.issue(wallet_id=CARD, value_type_id=USD, amount=D(3))
    spent = next_call(opened)
    redeem(spent, 2)
    with pytest.raises(TooLittleBalance):
        void(next_call(spent), past(opened), take_what_is_free=False)
    later = next_call(spent)
    assert void(later, past(opened), take_what_is_free=True) == {USD: D(2)}
    assert later.total(CARD, USD) == 0


def test_a_voided_redemption_goes_back_to_its_kind() -> None:
    opened = book(lot(1, 5, return_related=True, expires_at=TOMORROW))
    redeem(opened, 5)
    later = next_call(opened)
    void(later, past(opened), take_what_is_free=False)
    back = later.lots[-1]
    assert (back.return_related, back.expires_at, back.remaining) == (True, TOMORROW, D(5))


def test_what_comes_back_after_its_expiry_expires_at_once() -> None:
    opened = book(lot(1, 5, expires_at=TOMORROW))
    redeem(opened, 5)
    later = next_call(opened, at=TOMORROW + timedelta(hours=1))
    void(later, past(opened), take_what_is_free=False)
    assert [each.kind for each in later.postings] == [EntryKind.VOID, EntryKind.EXPIRE]


def test_a_voided_hold_releases_what_is_left_of_it() -> None:
    opened = book(lot(1, 10, expires_at=TOMORROW))
    name = hold(opened, 6)
    used = next_call(opened)
    redeem_hold(used, name, 2)
    later = next_call(used)
    void(later, past(opened), take_what_is_free=False)
    assert [(each.hold_id, each.remaining) for each in later.lots if each.remaining] == [(None, D(8))]


def test_a_voided_hold_redemption_goes_back_to_the_open_hold_with_its_end() -> None:
    opened = book(lot(1, 10))
    name = hold(opened, 6, until=TOMORROW)
    used = next_call(opened)
    redeem_hold(used, name, 2)
    later = next_call(used)
    void(later, past(used), take_what_is_free=False)
    assert [(each.hold_until, each.remaining) for each in later.lots if each.hold_id == name] == [(TOMORROW, D(6))]


def test_a_voided_hold_redemption_is_free_once_the_hold_is_finished() -> None:
    opened = book(lot(1, 10))
    name = hold(opened, 6)
    used = next_call(opened)
    redeem_hold(used, name, 2, release=True)
    later = next_call(used)
    void(later, past(used), take_what_is_free=False)
    assert [(each.hold_id, each.remaining) for each in later.lots if each.remaining] == [(None, D(10))]


def test_what_a_call_merely_settled_is_not_undone_with_it() -> None:
    opened = book(lot(1, 5, expires_at=YESTERDAY), lot(2, 5), last_at=YESTERDAY - timedelta(days=1))
    redeem(opened, 1)
    later = next_call(opened)
    void(later, past(opened), take_what_is_free=False)
    assert moves(later) == [(EntryKind.VOID, 2, D(1))]


def test_several_operations_are_undone_in_one_plan() -> None:
    first = book(lot(1, 10))
    redeem(first, 3)
    second = next_call(first)
    second.issue(wallet_id=CARD, value_type_id=POINTS, amount=D(7))
    later = next_call(second)
    void(later, past(first) + past(second), take_what_is_free=False)
    assert later.total(CARD, USD) == D(10)
    assert later.total(CARD, POINTS) == 0


def test_a_voided_hold_keeps_nothing_also_after_a_voided_redemption() -> None:
    opened = book(lot(1, 5, expires_at=TOMORROW), lot(2, 5))
    name = hold(opened, 10)
    used = next_call(opened)
    redeem_hold(used, name, 5)
    back = next_call(used)
    void(back, past(used), take_what_is_free=False)
    later = next_call(back)
    void(later, past(opened), take_what_is_free=False)
    assert [each.hold_id for each in later.lots if each.remaining] == [None, None]
    assert later.total(CARD, USD) == D(10)


def test_an_expiry_at_the_end_of_time_is_spent_before_value_that_never_expires() -> None:
    opened = book(lot(1, 5), lot(2, 5, expires_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)))
    redeem(opened, 5)
    assert moves(opened) == [(EntryKind.REDEEM, 2, D(-5))]


def test_a_balance_that_no_column_can_hold_is_refused() -> None:
    opened = book(lot(1, 999_999_999_999))
    with pytest.raises(TooMuchBalance):
        opened.issue(wallet_id=CARD, value_type_id=USD, amount=D(1))


def test_thousands_of_due_lots_settle_in_one_pass() -> None:
    lots = [
        lot(no, 1, expires_at=YESTERDAY + timedelta(seconds=no), hold_id=uuid4(), hold_until=YESTERDAY)
        for no in range(1, 6001)
    ]
    started = perf_counter()
    opened = book(*lots, last_at=YESTERDAY - timedelta(days=1))
    assert opened.total(CARD, USD) == 0
    assert len(opened.postings) == 3 * 6000
    assert perf_counter() - started < 3
