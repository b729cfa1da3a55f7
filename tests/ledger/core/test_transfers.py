"""Everything out of a book and into another one, in plain Python."""

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
