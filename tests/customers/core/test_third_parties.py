"""Links to third parties, without a database."""

from typing import Any

import pytest

from apps.customers.core.lists import OUT, ChannelList, ListState, ListUpdate, ListWrite
from apps.customers.core.third_parties import (
    NO_LINK,
    Link,
    LinkUpdate,
    check_link_update,
    link_after,
    list_writes,
    merged,
    preference_changed,
)
from apps.kernel.errors import InvalidInput

NEWS = ListUpdate(opt_in=True, name="News")


def update(
    third_party: str, *, cause: str | None = None, lists: tuple[ListUpdate, ...] = (), **sent: Any
) -> LinkUpdate:
    return LinkUpdate(third_party=third_party, sent=Link(**sent), cause=cause, lists=lists)


def test_none_keeps_and_an_empty_text_removes() -> None:
    before = Link(opt_in=True, username="ada", payload="p")
    assert link_after(before, Link(payload="")) == Link(opt_in=True, username="ada")
    assert link_after(before, Link(opt_in=False, payload="q")) == Link(opt_in=False, username="ada", payload="q")


@pytest.mark.parametrize(
    ("sent", "confirmed"),
    [
        (Link(opt_in=False), False),
        (Link(opt_in=False, opt_in_confirmed=True), True),
        (Link(opt_in=True), True),
        (Link(username="x"), True),
    ],
)
def test_an_opt_out_ends_the_confirmation(sent: Link, confirmed: bool) -> None:
    assert link_after(Link(opt_in=True, opt_in_confirmed=True), sent).opt_in_confirmed is confirmed


def test_an_opt_out_confirms_nothing_that_was_never_asked() -> None:
    assert link_after(NO_LINK, Link(opt_in=False)) == Link(opt_in=False)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [(None, True, True), (False, True, True), (True, False, True), (None, False, False), (True, True, False)],
)
def test_who_never_opted_in_cannot_opt_out(before: bool | None, after: bool, changed: bool) -> None:
    assert preference_changed(Link(opt_in=before), Link(opt_in=after)) is changed


def test_the_later_word_counts_field_by_field() -> None:
    first = update("phone", opt_in=True, cause="web", username="a", lists=(NEWS,))
    second = update("phone", opt_in=False, payload="p")
    assert merged([first, update("email", opt_in=True), second]) == [
        update("phone", opt_in=False, cause="web", username="a", payload="p", lists=(NEWS,)),
        update("email", opt_in=True),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        update("myspace"),
        update("email", custom_data="x"),
        update("email", lists=(NEWS,)),
        update("email", opt_in=False, lists=(NEWS,)),
        update("email", opt_in=True, lists=(ListUpdate(opt_in=True),)),
        update("email", opt_in=True, lists=(ListUpdate(opt_in=True, name="News", is_pending=True),)),
    ],
)
def test_updates_that_make_no_sense_are_refused(wrong: LinkUpdate) -> None:
    with pytest.raises(InvalidInput):
        check_link_update(wrong)


@pytest.mark.parametrize("fine", [update("custom", custom_data="x"), update("phone", opt_in=True, lists=(NEWS,))])
def test_others_pass(fine: LinkUpdate) -> None:
    check_link_update(fine)


def test_an_opt_out_of_the_channel_ends_its_lists() -> None:
    news = ChannelList(id=1, uuid="u", channel="email", name="News", is_active=True, state=ListState(opt_in=True))
    assert list_writes([news], update("email", opt_in=False, lists=(NEWS,))) == [ListWrite(1, OUT)]
    assert list_writes([news], update("email", opt_in=True)) == []
