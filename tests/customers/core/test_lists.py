"""Opt-in to lists, without a database."""

from typing import Any

import pytest

from apps.customers.core.lists import (
    OUT,
    ChannelList,
    ListState,
    ListUpdate,
    ListWrite,
    UnknownList,
    check_list_update,
    find_list,
    state_after,
    writes_after,
    writes_of_opt_out,
)
from apps.kernel.errors import InvalidInput

UUID = "fbb60f63-9bd8-4a32-ac84-91a8aa150831"
PENDING = ListState(opt_in=True, is_pending=True)
CONFIRMED = ListState(opt_in=True, is_confirmed=True)
NEWS = ChannelList(id=1, uuid=UUID, channel="phone", name="News", is_active=True)
GONE = ChannelList(id=2, uuid="other", channel="phone", name="Gone", is_active=False)
MAIL = ChannelList(id=3, uuid="third", channel="email", name="News", is_active=True, state=ListState(opt_in=True))


def update(**changes: Any) -> ListUpdate:
    return ListUpdate(**({"opt_in": True, "name": "News"} | changes))


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        (OUT, {}, PENDING),
        (OUT, {"is_pending": True}, PENDING),
        (OUT, {"is_pending": False}, PENDING),
        (OUT, {"is_confirmed": True}, CONFIRMED),
        (OUT, {"is_confirmed": True, "opt_in": False}, CONFIRMED),
        (OUT, {"opt_in": False}, OUT),
        (PENDING, {}, PENDING),
        (PENDING, {"is_confirmed": True}, CONFIRMED),
        (PENDING, {"opt_in": False}, OUT),
        (CONFIRMED, {}, CONFIRMED),
        (CONFIRMED, {"is_pending": True}, PENDING),
        (CONFIRMED, {"is_confirmed": False}, PENDING),
        (CONFIRMED, {"opt_in": False}, OUT),
    ],
)
def test_a_text_message_needs_a_confirmation(before: ListState, changes: dict[str, Any], after: ListState) -> None:
    assert state_after(before, update(**changes), needs_confirmation=True) == after


@pytest.mark.parametrize("opt_in", [True, False])
def test_an_email_needs_none(opt_in: bool) -> None:
    assert state_after(OUT, update(opt_in=opt_in), needs_confirmation=False) == ListState(opt_in=opt_in)


@pytest.mark.parametrize("names", [{"name": "news"}, {"name": None, "uuid": UUID.upper()}, {"uuid": UUID}])
def test_a_list_is_found_by_uuid_or_name(names: dict[str, Any]) -> None:
    assert find_list([GONE, MAIL, NEWS], update(**names), channel="phone") is NEWS


@pytest.mark.parametrize("names", [{"name": "none"}, {"name": "Gone"}, {"uuid": "third"}, {"name": None, "uuid": "x"}])
def test_unknown_archived_and_other_channels_lists_are_not_found(names: dict[str, Any]) -> None:
    with pytest.raises(UnknownList):
        find_list([GONE, MAIL, NEWS], update(**names), channel="phone")


@pytest.mark.parametrize(
    ("changes", "takes_confirmation"),
    [
        ({"name": None}, True),
        ({"name": "", "uuid": ""}, True),
        ({"is_pending": True}, False),
        ({"is_confirmed": True}, False),
        ({"is_pending": True, "is_confirmed": True}, True),
    ],
)
def test_updates_that_make_no_sense_are_refused(changes: dict[str, Any], takes_confirmation: bool) -> None:
    with pytest.raises(InvalidInput):
        check_list_update(update(**changes), takes_confirmation=takes_confirmation)


def test_false_says_nothing_of_a_confirmation() -> None:
    check_list_update(update(is_pending=False, is_confirmed=False), takes_confirmation=False)


def test_a_list_that_is_named_twice_is_written_once() -> None:
    updates = [update(is_confirmed=True, source_id="a"), update(uuid=UUID, name=None, source_id="b")]
    found = writes_after([NEWS], updates, channel="phone", needs_confirmation=True)
    assert found == [ListWrite(1, CONFIRMED, "b")]


def test_the_source_is_kept_of_phones_only() -> None:
    found = writes_after([MAIL], [update(source_id="a")], channel="email", needs_confirmation=False)
    assert found == [ListWrite(3, ListState(opt_in=True), None)]


def test_an_opt_out_ends_the_lists_of_its_channel() -> None:
    assert writes_of_opt_out([NEWS, MAIL], channel="email") == [ListWrite(3, OUT)]
