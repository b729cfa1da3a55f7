"""What a locking setup reserves, and that its complete can always do what was promised."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.kernel.amounts import ZERO
from apps.ledger.core.balances import balances_at
from apps.ledger.core.book import Book, TooLittleBalance
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import Lot
from apps.ledger.core.promises import Movement, Purse, carry_out, let_go, reserve
from apps.ledger.core.voids import void
from tests.ledger.core.test_book import CARD, NOW, POINTS, TOMORROW, USD, D, book, lot, next_call, past

UNTIL = NOW + timedelta(hours=1)
SOON = NOW + timedelta(minutes=30)
"""A moment while the lock lasts."""
PURSES: tuple[Purse, ...] = ((CARD, USD), (CARD, POINTS))


def move(
    amount: int, value_type: int = USD, *, expires: datetime | None = None, active: datetime | None = None
) -> Movement:
    kind = EntryKind.ISSUE if amount > 0 else EntryKind.REDEEM
    return Movement(
        wallet_id=CARD, value_type_id=value_type, amount=D(amount), kind=kind, expires_at=expires, active_at=active
    )


def locked(opened: Book, *movements: Movement, at: datetime = NOW) -> Book:
    """What the next call reads after a locking setup."""
    reserve(opened, movements, until=UNTIL)
    return next_call(opened, at)


def held(opened: Book, value_type: int = USD) -> Decimal:
    return sum((each.remaining for each in opened.lots if each.hold_id and each.value_type_id == value_type), ZERO)


def free(opened: Book, value_type: int = USD) -> Decimal:
    return sum((each.remaining for each in opened.spending_order(CARD, value_type)), ZERO)


# --- what is reserved ------------------------------------------------------------------------------------------------


def test_only_what_the_movements_do_not_give_themselves_is_held() -> None:
    opened = book(lot(1, 60, value_type_id=POINTS))
    room = reserve(opened, [move(65, POINTS), move(-100, POINTS), move(5)], until=UNTIL)
    assert (held(opened, POINTS), free(opened, POINTS), held(opened)) == (35, 25, 0)
    assert room == {(CARD, POINTS): 65, (CARD, USD): 5}


def test_what_is_taken_before_it_is_given_is_held() -> None:
    opened = book(lot(1, 60))
    room = reserve(opened, [move(-40), move(65), move(-30)], until=UNTIL)
    assert held(opened) == 40
    assert room == {(CARD, USD): 25}


def test_what_is_given_for_later_helps_nobody_now_but_needs_room() -> None:
    opened = book(lot(1, 60))
    room = reserve(opened, [move(20, active=TOMORROW), move(-50)], until=UNTIL)
    assert held(opened) == 50
    assert room == {(CARD, USD): 20}


def test_movements_that_only_take_need_no_room() -> None:
    assert reserve(book(lot(1, 60)), [move(-5), move(-6)], until=UNTIL) == {}


def test_too_little_refuses() -> None:
    with pytest.raises(TooLittleBalance):
        reserve(book(lot(1, 60)), [move(-40), move(10), move(-31)], until=UNTIL)


def test_the_hold_follows_the_spending_order_and_ends_by_itself() -> None:
    opened = book(lot(1, 5), lot(2, 5, expires_at=TOMORROW))
    later = locked(opened, move(-7), at=UNTIL)
    assert (held(later), free(later)) == (0, 10)


# --- what is carried out ---------------------------------------------------------------------------------------------


def test_the_hold_pays_first_and_what_remains_of_it_is_free_again() -> None:
    movements = [move(-40), move(65), move(-30)]
    opened = book(lot(1, 60))
    later = locked(opened, *movements, at=SOON)
    numbers = carry_out(later, movements, hold_id=opened.operation_id)
    assert numbers == [1, 2, 3]
    assert (held(later), free(later)) == (0, 55)


def test_promised_value_that_expired_in_between_is_still_there() -> None:
    opened = book(lot(1, 60, expires_at=SOON))
    later = locked(opened, move(-40), at=SOON)
    assert free(later) == 0
    carry_out(later, [move(-40)], hold_id=opened.operation_id)
    assert later.total(CARD, USD) == 0


def test_given_value_whose_expiry_has_passed_pays_and_the_rest_expires() -> None:
    movements = [move(65, expires=SOON), move(-50)]
    opened = book(lot(1, 10))
    later = locked(opened, *movements, at=SOON)
    carry_out(later, movements, hold_id=opened.operation_id)
    assert free(later) == 10
    assert [(each.kind, each.amount) for each in later.postings] == [
        (EntryKind.ISSUE, D(65)),
        (EntryKind.REDEEM, D(-50)),
        (EntryKind.EXPIRE, D(-15)),
    ]


def test_what_expires_first_is_taken_first_as_in_one_step() -> None:
    movements = [move(65), move(-100)]
    opened = book(lot(1, 125, expires_at=TOMORROW))
    later = locked(opened, *movements, at=SOON)
    carry_out(later, movements, hold_id=opened.operation_id)
    assert {each.expires_at: each.remaining for each in later.spending_order(CARD, USD)} == {
        TOMORROW: D(25),
        None: D(65),
    }


def test_letting_go_gives_everything_back() -> None:
    opened = book(lot(1, 60), lot(2, 5, value_type_id=POINTS, expires_at=SOON))
    later = locked(opened, move(-40), move(-5, POINTS), at=SOON)
    let_go(later, opened.operation_id)
    assert (free(later), held(later), later.total(CARD, POINTS)) == (60, 0, 0)


def test_without_its_hold_a_promise_is_broken_and_not_refused() -> None:
    with pytest.raises(AssertionError, match="short of 5"):
        carry_out(book(lot(1, 5)), [move(-10)], hold_id=book().operation_id)


def test_what_was_carried_out_can_be_undone() -> None:
    movements = [move(-40), move(65, POINTS), move(-30, POINTS), move(5)]
    opened = book(lot(1, 60, expires_at=TOMORROW))
    later = locked(opened, *movements, at=SOON)
    carry_out(later, movements, hold_id=opened.operation_id)
    undone = next_call(later, SOON)
    assert void(undone, past(later), take_what_is_free=False) == {}
    assert (free(undone), free(undone, POINTS), held(undone)) == (60, 0, 0)
    assert [each.expires_at for each in undone.spending_order(CARD, USD)] == [TOMORROW]


# --- whatever happens in between -------------------------------------------------------------------------------------

AMOUNTS = st.integers(1, 60)
DATES = st.sampled_from([None, SOON, TOMORROW])
LOTS = st.lists(st.tuples(AMOUNTS, st.sampled_from([USD, POINTS]), DATES, st.booleans()), max_size=6)
STEPS = st.lists(
    st.builds(
        move,
        st.integers(-60, 60).filter(bool),
        st.sampled_from([USD, POINTS]),
        expires=DATES,
        active=st.sampled_from([None, None, NOW + timedelta(minutes=10)]),
    ),
    max_size=8,
)
BETWEEN = st.lists(st.tuples(st.sampled_from(["issue", "redeem", "wait"]), AMOUNTS, st.sampled_from([USD, POINTS])))


def purse_of(rows: Sequence[tuple[int, int, datetime | None, bool]]) -> list[Lot]:
    """Lots of different kinds."""
    kinds = {(kind, expires, back): amount for amount, kind, expires, back in rows}
    return [
        lot(number, amount, value_type_id=kind, expires_at=expires, return_related=back)
        for number, ((kind, expires, back), amount) in enumerate(kinds.items(), 1)
    ]


def in_one_step(opened: Book, movements: Sequence[Movement]) -> None:
    for each in movements:
        facts = {"wallet_id": CARD, "value_type_id": each.value_type_id}
        if each.amount > 0:
            opened.issue(**facts, amount=each.amount, expires_at=each.expires_at, active_at=each.active_at)
        else:
            opened.redeem(**facts, amount=-each.amount)


def disturb(opened: Book, does: str, amount: int, value_type: int, room: Decimal, maximum: Decimal) -> None:
    """What a call on an excluded value type may do while the card is locked."""
    facts = {"wallet_id": CARD, "value_type_id": value_type}
    if does == "redeem":
        opened.redeem(**facts, amount=D(amount), take_what_is_there=True)
    elif does == "issue" and opened.total(CARD, value_type) + amount + room <= maximum:
        opened.issue(**facts, amount=D(amount))


@settings(deadline=None, max_examples=400)
@given(rows=LOTS, movements=STEPS, between=BETWEEN)
def test_a_promise_is_kept_to_the_unit_whatever_happens_in_between(
    rows: list[tuple[int, int, datetime | None, bool]],
    movements: list[Movement],
    between: list[tuple[str, int, int]],
) -> None:
    shown, opened = book(*purse_of(rows)), book(*purse_of(rows))
    before = {purse: opened.total(*purse) for purse in PURSES}
    try:
        in_one_step(shown, movements)
    except TooLittleBalance:
        with pytest.raises(TooLittleBalance):
            reserve(opened, movements, until=UNTIL)
        return
    room = reserve(opened, movements, until=UNTIL)
    maxima = {purse: before[purse] + room.get(purse, ZERO) for purse in PURSES}
    later = next_call(opened)
    for number, (does, amount, kind) in enumerate(between):
        later = next_call(later, NOW + timedelta(minutes=(number + 1) * 50 // len(between)))
        disturb(later, does, amount, kind, room.get((CARD, kind), ZERO), maxima[CARD, kind])
    done = next_call(later, NOW + timedelta(minutes=55))
    numbers = carry_out(done, movements, hold_id=opened.operation_id)
    moved = {
        number: sum((each.amount for each in done.postings if each.mutation_no == number), ZERO) for number in numbers
    }
    assert list(moved.values()) == [each.amount for each in movements]
    assert not any(each.hold_id and each.remaining for each in done.lots)
    assert all(each.balance_after <= maxima[each.wallet_id, each.value_type_id] for each in done.postings)
    assert all(each.remaining >= 0 for each in done.lots)


@settings(deadline=None, max_examples=200)
@given(rows=LOTS, movements=STEPS)
def test_undisturbed_it_is_the_same_as_in_one_step(
    rows: list[tuple[int, int, datetime | None, bool]], movements: list[Movement]
) -> None:
    movements = [replace(each, active_at=None) for each in movements]
    shown, opened = book(*purse_of(rows)), book(*purse_of(rows))
    try:
        in_one_step(shown, movements)
    except TooLittleBalance:
        return
    done = locked(opened, *movements, at=NOW + timedelta(seconds=1))
    carry_out(done, movements, hold_id=opened.operation_id)
    assert balances_at(done.lots, done.at) == balances_at(shown.lots, shown.at)
