"""Who is in a segment follows from lists, beside running calls."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.kernel.db.hot import hot_cursor
from apps.segments.models import Member, Segment
from apps.segments.operations import set_members as module
from apps.segments.operations.set_members import Change, SegmentBusy
from tests.merchant_api.steady import rack, set_status
from tests.segments.lists import LATER, NOW, load, members, segment_of
from tests.shop import Shop


def cards(shop: Shop, count: int) -> list[str]:
    return [shop.card() for _ in range(count)]


def child_of(shop: Shop, card: str, number: str = "kid") -> str:
    shop.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": number})
    return f"{card}/{number}"


def transfer(shop: Shop, old: str, new: str) -> None:
    shop.ok("transfer", {"cardNumber": old, "action": "out"})
    shop.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})


def test_a_list_replaces_the_one_before(acme: Shop) -> None:
    one, two, three = cards(acme, 3)
    segment = segment_of(acme, "vip", one, two)
    done = load(segment, [two, three])
    assert members(segment) == {two, three}
    assert (done.listed, done.found, done.unknown, done.added, done.removed) == (2, 2, 0, 1, 1)


def test_cards_come_in_and_go_out(acme: Shop) -> None:
    one, two, three = cards(acme, 3)
    segment = segment_of(acme, "vip", one)
    assert load(segment, [one, two], change=Change.ADD).added == 1
    done = load(segment, [one, three], change=Change.REMOVE)
    assert (done.added, done.removed) == (0, 1)
    assert members(segment) == {two}


def test_a_second_time_changes_nothing(acme: Shop) -> None:
    one, two = cards(acme, 2)
    segment = segment_of(acme, "vip", one)
    for change in (Change.REPLACE, Change.ADD):
        load(segment, [one, two], change=change)
        done = load(segment, [one, two], change=change, now=LATER)
        assert (done.added, done.removed) == (0, 0)
    assert set(Member.objects.filter(brand=acme.brand).values_list("since", flat=True)) == {NOW}


def test_what_is_unknown_is_counted_and_told(acme: Shop, charlie: Shop) -> None:
    card, other, never = acme.card(), charlie.card(), rack(acme, "NEVER")
    segment = segment_of(acme)
    done = load(segment, [card, card, other, never, "none", "no number", f"{card}/kid"])
    assert (done.listed, done.found, done.unknown, done.added) == (7, 1, 5, 1)
    assert set(done.unknown_names) == {other, never, "none", "no number", f"{card}/kid"}
    assert members(segment) == {card}


def test_a_child_card_is_a_member_of_its_own(acme: Shop) -> None:
    card = acme.card()
    child = child_of(acme, card)
    segment = segment_of(acme, "vip", child)
    assert members(segment) == {child}
    load(segment, [card], change=Change.ADD)
    load(segment, [child], change=Change.REMOVE)
    assert members(segment) == {card}


def test_an_inactive_card_is_a_member_too(acme: Shop) -> None:
    card = acme.card()
    set_status(acme, card, "Lost")
    assert members(segment_of(acme, "vip", card)) == {card}


def test_an_empty_list_empties_the_segment(acme: Shop) -> None:
    segment = segment_of(acme, "vip", *cards(acme, 2))
    assert load(segment, []).removed == 2
    assert members(segment) == set()


def test_a_dry_run_says_what_would_change(acme: Shop) -> None:
    one, two = cards(acme, 2)
    segment = segment_of(acme, "vip", one)
    done = load(segment, [two, "none"], dry_run=True, now=LATER)
    assert (done.found, done.unknown, done.added, done.removed) == (1, 1, 1, 1)
    assert members(segment) == {one}
    assert Segment.objects.get(pk=segment.pk).refreshed_at == NOW


def test_small_batches_come_to_the_same(acme: Shop) -> None:
    numbers, told = cards(acme, 5), []
    segment = segment_of(acme, "vip", *numbers[:2])
    load(segment, numbers[1:], batch=2, progress=lambda *seen: told.append(seen))
    assert members(segment) == set(numbers[1:])
    assert told == [(2, 4), (4, 4)]


def test_other_segments_and_other_brands_keep_theirs(acme: Shop, charlie: Shop) -> None:
    one, two = cards(acme, 2)
    theirs = charlie.card()
    other, foreign = segment_of(acme, "other", one), segment_of(charlie, "vip", theirs)
    load(segment_of(acme, "vip", one), [two, theirs])
    assert (members(other), members(foreign)) == ({one}, {theirs})


# --- transfers -------------------------------------------------------------------------------------------------------


def test_a_member_stays_one_on_its_new_card(acme: Shop) -> None:
    old, new, both = cards(acme, 3)
    child_of(acme, old)
    vip, other = segment_of(acme, "vip", old, f"{old}/kid"), segment_of(acme, "other", both)
    load(other, [new], change=Change.ADD, now=LATER)
    transfer(acme, old, new)
    assert members(vip) == {new, f"{new}/kid"}
    assert members(other) == {both, new}


def test_of_both_cards_the_earlier_membership_counts(acme: Shop) -> None:
    old, new = cards(acme, 2)
    segment = segment_of(acme, "vip", old)
    load(segment, [new], change=Change.ADD, now=LATER)
    transfer(acme, old, new)
    assert list(Member.objects.filter(brand=acme.brand).values_list("since", flat=True)) == [NOW]


def test_the_number_of_an_old_card_stands_for_its_successor(acme: Shop) -> None:
    oldest, old, new = cards(acme, 3)
    transfer(acme, oldest, old)
    segment = segment_of(acme, "vip", oldest)
    assert members(segment) == {old}
    transfer(acme, old, new)
    assert (load(segment, [oldest]).added, members(segment)) == (0, {new})
    assert load(segment, [old], change=Change.REMOVE).removed == 1


@pytest.mark.parametrize("change", list(Change))
def test_a_card_that_is_transferred_meanwhile_ends_up_right(
    acme: Shop, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    listed, old, stays = cards(acme, 3)
    target = acme.card()
    before = [stays] if change is Change.ADD else [stays, old]
    segment = segment_of(acme, "vip", *before)
    names = {Change.REPLACE: [listed, stays], Change.ADD: [listed, old], Change.REMOVE: [old]}[change]
    first = module._set_families
    calls = []

    def disturbed(*args: Any) -> tuple[int, int]:
        calls.append(1)
        if len(calls) == 1:
            transfer(acme, old, target)
        return first(*args)

    monkeypatch.setattr(module, "_set_families", disturbed)
    load(segment, names, change=change)
    expected = {Change.REPLACE: {listed, stays}, Change.ADD: {listed, stays, target}, Change.REMOVE: {stays}}
    assert members(segment) == expected[change]


# --- beside others ---------------------------------------------------------------------------------------------------


def test_two_lists_for_one_segment_do_not_mix(acme: Shop) -> None:
    segment, card = segment_of(acme), acme.card()

    def second() -> None:
        try:
            with pytest.raises(SegmentBusy):
                load(segment, [card])
        finally:
            connection.close()

    def names() -> Any:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(second).result()
        yield card

    assert load(segment, names()).added == 1
    assert load(segment, []).removed == 1


def test_a_list_that_breaks_leaves_nothing_behind(acme: Shop) -> None:
    segment, card = segment_of(acme), acme.card()

    def names() -> Any:
        yield card
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        load(segment, names())
    assert members(segment) == set()
    assert load(segment, [card]).added == 1


def test_a_busy_card_is_waited_for(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    segment, card = segment_of(acme), acme.card()
    monkeypatch.setattr(module, "_LIMITS", ("SET LOCAL lock_timeout = '50ms'",))

    def load_it() -> int:
        try:
            return load(segment, [card]).added
        finally:
            connection.close()

    cursor = hot_cursor()
    cursor.execute("BEGIN")
    cursor.execute(
        "SELECT id FROM ledger_wallet WHERE brand_id = %(brand)s FOR NO KEY UPDATE", {"brand": acme.brand.pk}
    )
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(load_it)
        cursor.execute("SELECT pg_sleep(0.2)")
        cursor.execute("COMMIT")
        assert done.result() == 1


# --- the command -----------------------------------------------------------------------------------------------------


def file_of(tmp_path: Path, *names: str) -> str:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["cardNumber", *names]))
    return str(path)


def command(shop: Shop, capsys: pytest.CaptureFixture[str], *args: str, segment: str = "vip") -> str:
    call_command("load_segment", *args, brand=shop.brand.code, segment=segment)
    told = capsys.readouterr()
    return told.out + told.err


def test_the_command_loads_a_file(acme: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two, three = cards(acme, 3)
    segment = segment_of(acme, "vip", one)
    path = file_of(tmp_path, two, "none")
    assert "1 cards would come in, 1 would go out" in command(acme, capsys, path, "--dry-run")
    told = command(acme, capsys, path)
    assert "2 names, 1 cards, 1 unknown; 1 cards came in, 1 went out." in told
    assert "Unknown or never activated: none" in told
    command(acme, capsys, file_of(tmp_path, three), "--add")
    command(acme, capsys, file_of(tmp_path, two), "--remove")
    assert members(segment) == {three}


def test_the_command_names_what_is_wrong(acme: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    segment_of(acme)
    good = file_of(tmp_path, "1")
    for args, segment, words in (
        ([good], "none", "Unknown"),
        ([str(tmp_path / "none.csv")], "vip", "cannot be read"),
    ):
        with pytest.raises(CommandError, match=words):
            command(acme, capsys, *args, segment=segment)
    (tmp_path / "bad.csv").write_text("number\n1\n")
    with pytest.raises(CommandError, match="cardNumber"):
        command(acme, capsys, str(tmp_path / "bad.csv"))
