"""What a return undoes: how much of what was issued, from where, and how a void takes that back again."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from apps.ledger.core.book import Book
from apps.ledger.core.heirs import Heirs
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.lots import PastEntry
from apps.ledger.core.returns import left_of, to_take_back, undo_for_return
from apps.ledger.core.voids import void
from tests.ledger.core.test_book import (
    CARD,
    NOW,
    POINTS,
    TOMORROW,
    USD,
    D,
    book,
    hold,
    lot,
    moves,
    next_call,
    past,
    redeem,
    redeem_hold,
)

SCALES = {USD: 2, POINTS: 0}


def gave(seq: int, amount: object, value_type: int = POINTS, lot_no: int = 1) -> PastEntry:
    facts = (EntryKind.ISSUE, D(str(amount)), False, None, None)
    return PastEntry(CARD, seq, lot_no, value_type, None, *facts)


def wanted(entries: list[PastEntry], part: object, **more: object) -> dict[int, Decimal]:
    return to_take_back(entries, share=Fraction(str(part)), scales=SCALES, **more)  # type: ignore[arg-type]


def take(opened: Book, entries: list[PastEntry], amount: object) -> dict[int, Decimal]:
    return undo_for_return(opened, given=entries, wanted={entries[0].value_type_id: D(str(amount))})


@pytest.mark.parametrize(("part", "amount"), [("0.1", 1), ("0.05", 1), ("0.04", None), ("0.25", 3), ("1", 10)])
def test_the_share_is_taken_half_up_at_the_value_types_scale(part: str, amount: int | None) -> None:
    assert wanted([gave(1, 10)], part).get(POINTS) == amount


def test_many_small_issues_are_rounded_together() -> None:
    assert wanted([gave(number, 1) for number in range(1, 11)], "0.5") == {POINTS: D(5)}


def test_value_types_are_counted_apart() -> None:
    entries = [gave(1, 10), gave(2, "3.33", USD)]
    assert wanted(entries, "1/3") == {POINTS: D(3), USD: D("1.11")}


def test_what_was_taken_before_counts_and_so_does_what_was_looked_for_in_vain() -> None:
    assert wanted([gave(1, 10)], "0.5", reversed={(CARD, 1): D(-3)}) == {POINTS: D(2)}
    assert wanted([gave(1, 10)], "0.5", reversed={(CARD, 1): D(-3)}, short={POINTS: D(2)}) == {}
    assert wanted([gave(1, 10)], "0.2", reversed={(CARD, 1): D(-3)}) == {}


@pytest.mark.parametrize("seed", range(20))
def test_in_however_many_steps_a_full_return_takes_exactly_all(seed: int) -> None:
    random = Random(seed)
    entries = [gave(number, random.randint(1, 9)) for number in range(1, random.randint(2, 6))]
    steps = sorted(random.randint(0, 1000) for _ in range(5))
    reversed: dict[tuple[int, int], Decimal] = {}
    for share in [*steps, 1000]:
        amounts = wanted(entries, Fraction(share, 1000), reversed=reversed)
        left = amounts.get(POINTS, D(0))
        for entry in left_of(entries, reversed):
            part = min(left, entry.amount)
            reversed[CARD, entry.seq] = reversed.get((CARD, entry.seq), D(0)) - part
            left -= part
        assert not left
    assert left_of(entries, reversed) == []


def test_the_same_lot_comes_first_then_spending_order() -> None:
    opened = book(
        lot(1, 4, value_type_id=POINTS),
        lot(2, 9, value_type_id=POINTS, expires_at=NOW + timedelta(days=9)),
        lot(3, 9, value_type_id=POINTS, expires_at=TOMORROW),
    )
    assert take(opened, [gave(1, 20)], 15) == {}
    assert moves(opened) == [(11, 1, D(-4)), (11, 3, D(-9)), (11, 2, D(-2))]
    assert {posting.reverses_seq for posting in opened.postings} == {1}


def test_never_below_zero_what_is_spent_is_a_shortfall() -> None:
    opened = book(lot(1, 4, value_type_id=POINTS), lot(2, 9))
    assert take(opened, [gave(1, 6), gave(2, 4)], 10) == {POINTS: D(6)}
    assert opened.total(CARD, POINTS) == 0
    assert opened.total(CARD, USD) == 9


def test_payments_come_back_to_their_kind_before_anything_is_taken() -> None:
    first = book(lot(1, 5, expires_at=TOMORROW), lot(2, 5))
    redeem(first, 7)
    opened = next_call(first)
    assert undo_for_return(opened, paid=past(first), given=[gave(90, 10, USD, 2)], wanted={USD: D(10)}) == {}
    assert [posting.mutation_no for posting in opened.postings] == [1, 1, 2, 2]
    assert moves(opened)[:2] == [(11, 51, D(5)), (11, 2, D(2))]
    assert opened.total(CARD, USD) == 0


def test_a_payment_from_a_hold_goes_back_to_the_open_hold_and_a_void_takes_it_from_there() -> None:
    holding = book(lot(1, 10))
    held = hold(holding, 6)
    paying = next_call(holding)
    redeem_hold(paying, held, 4)
    returning = next_call(paying)
    undo_for_return(returning, paid=past(paying), wanted={})
    assert [(each.hold_id, each.remaining) for each in returning.lots] == [(None, D(4)), (held, D(6))]
    voiding = next_call(returning)
    void(voiding, past(returning), take_what_is_free=False)
    assert [(each.hold_id, each.remaining) for each in voiding.lots] == [(None, D(4)), (held, D(2))]


def test_a_voided_return_gives_back_what_it_took_and_takes_what_it_gave() -> None:
    first = book(lot(1, 9), lot(2, 5, value_type_id=POINTS))
    redeem(first, 7)
    returning = next_call(first)
    undo_for_return(returning, paid=past(first), given=[gave(90, 8, POINTS, 2)], wanted={POINTS: D(8)})
    voiding = next_call(returning)
    assert void(voiding, past(returning), take_what_is_free=False) == {}
    assert (voiding.total(CARD, USD), voiding.total(CARD, POINTS)) == (2, 5)


def test_what_a_campaign_took_comes_back_with_a_void_whatever_it_was_called() -> None:
    first = book(lot(1, 9, expires_at=TOMORROW), lot(2, 9, value_type_id=POINTS))
    redeem(first, 4, kind=EntryKind.EXPIRE)
    first.redeem(wallet_id=CARD, value_type_id=POINTS, amount=D(5), kind=EntryKind.CONVERT)
    first.issue(wallet_id=CARD, value_type_id=USD, amount=D(2), kind=EntryKind.CONVERT)
    voiding = next_call(first)
    void(voiding, past(first), take_what_is_free=False)
    assert (voiding.total(CARD, USD), voiding.total(CARD, POINTS)) == (9, 9)


def test_what_comes_back_late_expires_at_once() -> None:
    first = book(lot(1, 5, expires_at=TOMORROW))
    redeem(first, 5)
    opened = next_call(first, at=TOMORROW + timedelta(days=1))
    undo_for_return(opened, paid=past(first), wanted={})
    assert [kind for kind, _, _ in moves(opened)] == [EntryKind.RETURN, EntryKind.EXPIRE]
    assert opened.total(CARD, USD) == 0


def test_an_heir_that_cannot_have_the_kind_of_value_has_none_of_it() -> None:
    opened, heirs = book(lot(1, 5)), Heirs(wallets={7: CARD}, value_types={}, scales={})
    old = replace(gave(1, 10), wallet_id=7)
    assert undo_for_return(opened, given=[old], wanted={POINTS: D(4)}, heirs=heirs) == {POINTS: D(4)}
    assert moves(opened) == []
