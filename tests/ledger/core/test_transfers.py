"""Everything out of a book and into another one, in plain Python."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ledger.core.book import Book
from apps.ledger.core.heirs import Heirs, IncompatibleBalances
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Lot, PastEntry, Wallet
from apps.ledger.core.transfers import UnresolvedHolds, reclassify, transfer_in, transfer_out, write_off
from apps.ledger.core.voids import void

D = Decimal
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW, USD, DOLLARS = 1, 2, 10, 20
INTO = Heirs({OLD: NEW}, {USD: DOLLARS})


def book(*lots: Lot, wallet: int = OLD, at: datetime = NOW) -> Book:
    dimensions = (7, 8, 9, False)
    start = Wallet(wallet, dimensions, 0, len(lots), NOW - DAY)
    return Book.open(operation_id=uuid4(), moment=at, wallets=[start], lots=list(lots))


def lot(no: int, amount: str, **more: object) -> Lot:
    facts: dict[str, object] = {"return_related": False, "expires_at": None, "active_at": None}
    facts |= {"hold_id": None, "hold_until": None} | more
    return Lot(wallet_id=OLD, no=no, value_type_id=USD, remaining=D(amount), **facts)  # type: ignore[arg-type]


def past(opened: Book) -> list[PastEntry]:
    """What the book posted, as it is read again later."""
    by_no = {(each.wallet_id, each.no): each for each in opened.lots}
    return [
        PastEntry(
            each.wallet_id,
            each.seq,
            each.lot_no,
            each.value_type_id,
            each.hold_id,
            each.kind,
            each.amount,
            by_no[each.wallet_id, each.lot_no].return_related,
            by_no[each.wallet_id, each.lot_no].expires_at,
            by_no[each.wallet_id, each.lot_no].active_at,
        )
        for each in opened.postings
        if each.kind == EntryKind.TRANSFER_OUT
    ]


def test_everything_leaves_also_what_is_not_yet_active() -> None:
    old = book(lot(1, "5"), lot(2, "7", active_at=NOW + DAY))
    transfer_out(old, release_holds=False)
    assert [each.amount for each in old.postings] == [D(-5), D(-7)]
    assert old.total(OLD, USD) == 0


def test_holds_stand_in_the_way() -> None:
    with pytest.raises(UnresolvedHolds):
        transfer_out(book(lot(1, "5", hold_id=uuid4())), release_holds=False)


def test_released_holds_leave_with_the_rest_and_expire_if_they_are_late() -> None:
    held = uuid4()
    old = book(lot(1, "5", hold_id=held), lot(2, "3", hold_id=held, expires_at=NOW - DAY))
    transfer_out(old, release_holds=True)
    gone = [each.amount for each in old.postings if each.kind == EntryKind.TRANSFER_OUT]
    expired = [each.amount for each in old.postings if each.kind == EntryKind.EXPIRE]
    assert (gone, expired) == ([D(-5)], [D(-3)])


def test_what_arrives_keeps_flag_and_dates() -> None:
    old = book(lot(1, "5", return_related=True, expires_at=NOW + DAY), lot(2, "2", active_at=NOW + DAY))
    transfer_out(old, release_holds=False)
    new = book(wallet=NEW)
    transfer_in(new, past(old), INTO)
    kinds = [(each.value_type_id, each.return_related, each.expires_at, each.active_at) for each in new.lots]
    assert kinds == [(DOLLARS, True, NOW + DAY, None), (DOLLARS, False, None, NOW + DAY)]


def test_what_expired_on_the_way_arrives_and_expires() -> None:
    old = book(lot(1, "5", expires_at=NOW + DAY))
    transfer_out(old, release_holds=False)
    new = book(wallet=NEW, at=NOW + 2 * DAY)
    transfer_in(new, past(old), INTO)
    assert [each.kind for each in new.postings] == [EntryKind.TRANSFER_IN, EntryKind.EXPIRE]
    assert new.total(NEW, DOLLARS) == 0


def test_a_kind_that_the_receiver_lacks_is_refused() -> None:
    old = book(lot(1, "5"))
    transfer_out(old, release_holds=False)
    with pytest.raises(IncompatibleBalances):
        transfer_in(book(wallet=NEW), past(old), Heirs({OLD: NEW}, {}))


def test_a_write_off_is_an_adjustment() -> None:
    old = book(lot(1, "5"), lot(2, "7", active_at=NOW + DAY))
    write_off(old, release_holds=False)
    assert {each.kind for each in old.postings} == {EntryKind.ADJUST}
    assert old.total(OLD, USD) == 0


def test_another_owner_gets_what_the_wallet_holds_by_pairs_that_sum_to_zero() -> None:
    old = book(lot(1, "5"), lot(2, "7", hold_id=uuid4()))
    reclassify(old, OLD, owner_location_id=90)
    assert [(each.amount, each.dimensions[2]) for each in old.postings] == [(-5, 9), (5, 90), (-7, 9), (7, 90)]
    assert old.wallets[OLD].dimensions == (7, 8, 90, False)


def test_the_same_owner_changes_nothing() -> None:
    old = book(lot(1, "5"))
    reclassify(old, OLD, owner_location_id=9)
    assert old.postings == []


AMOUNTS = st.lists(st.tuples(st.integers(1, 9999), st.booleans(), st.sampled_from([None, 1, 2])), max_size=6)


@given(AMOUNTS)
def test_nothing_is_lost_on_the_way(parcels: list[tuple[int, bool, int | None]]) -> None:
    lots = [
        lot(no, str(cents), return_related=flag, expires_at=NOW + days * DAY if days else None)
        for no, (cents, flag, days) in enumerate(parcels, 1)
    ]
    old, new = book(*lots), book(wallet=NEW)
    before = sum((each.remaining for each in lots), D(0))
    transfer_out(old, release_holds=False)
    transfer_in(new, past(old), INTO)
    assert new.total(NEW, DOLLARS) == before
    assert sum(each.amount for each in old.postings + new.postings) == 0


def test_wallets_whose_lots_are_due_together_are_settled() -> None:
    lots = [replace(lot(1, "5", expires_at=NOW), wallet_id=wallet) for wallet in (OLD, NEW)]
    wallets = [Wallet(each.wallet_id, (7, 8, 9, False), 0, 1, NOW - DAY) for each in lots]
    both = Book.open(operation_id=uuid4(), moment=NOW, wallets=wallets, lots=lots)
    assert [(each.wallet_id, each.amount) for each in both.postings] == [(OLD, D(-5)), (NEW, D(-5))]


# --- undoing what happened before ------------------------------------------------------------------------------------

BACK = Heirs({OLD: NEW}, {USD: DOLLARS}, {USD: 2})


def undone(entry: PastEntry, *lots: Lot, take_what_is_free: bool = False) -> Book:
    """The book after a void of `entry` on the old wallet, whose heir has these lots."""
    wallets = [Wallet(wallet, (7, 8, 9, False), 9, 9, NOW - DAY) for wallet in (OLD, NEW)]
    heirs_lots = [replace(each, wallet_id=NEW, value_type_id=DOLLARS) for each in lots]
    opened = Book.open(operation_id=uuid4(), moment=NOW, wallets=wallets, lots=heirs_lots)
    void(opened, [entry], take_what_is_free=take_what_is_free, heirs=BACK)
    return opened


def issued(amount: str, **more: object) -> PastEntry:
    facts: dict[str, object] = {"return_related": False, "expires_at": None, "active_at": None} | more
    return PastEntry(OLD, 1, 1, USD, None, EntryKind.ISSUE, D(amount), **facts)  # type: ignore[arg-type]


def test_value_that_became_active_is_taken_from_its_own_lot_first() -> None:
    late = {"expires_at": NOW + 9 * DAY}
    soon = lot(1, "5", expires_at=NOW + DAY)
    for active_at in (None, NOW - DAY):
        own = lot(2, "5", active_at=active_at, **late)
        left = undone(issued("5", active_at=NOW - DAY, **late), replace(soon), own).lots
        assert [each.remaining for each in left if each.wallet_id == NEW] == [5, 0]


def test_what_goes_back_has_the_decimals_of_where_it_came_from() -> None:
    book_ = undone(issued("20"), lot(1, "9.995"), lot(2, "10.010", expires_at=NOW + DAY))
    assert {each.amount for each in book_.postings if each.wallet_id == OLD} == {D(20), D(-20)}
    assert sum(each.amount for each in book_.postings if each.wallet_id == NEW) == D(-20)


def test_a_shortfall_has_the_decimals_of_where_the_value_came_from() -> None:
    book_ = undone(issued("20"), lot(1, "9.995"), take_what_is_free=True)
    assert {each.amount for each in book_.postings if each.wallet_id == OLD} == {D("9.99"), D("-9.99")}
    assert book_.total(NEW, DOLLARS) == D("0.005")


def test_what_comes_back_too_late_expires_where_the_value_is_now() -> None:
    entry = replace(issued("5", expires_at=NOW - DAY), kind=EntryKind.REDEEM, amount=D(-5))
    kinds = [(each.wallet_id, each.kind) for each in undone(entry).postings]
    assert kinds == [
        (OLD, EntryKind.VOID),
        (OLD, EntryKind.TRANSFER_OUT),
        (NEW, EntryKind.TRANSFER_IN),
        (NEW, EntryKind.EXPIRE),
    ]
