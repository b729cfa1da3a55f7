"""How far a day's date triggers are."""

from uuid import uuid4

from apps.campaigns.core.date_runs import Progress

A, B = sorted([uuid4(), uuid4()])


def test_a_pass_goes_on_where_it_was() -> None:
    progress = Progress().towards([A]).past(100, [7]).past(200, [])
    assert progress.towards([A]) == progress
    assert (progress.last_card_id, progress.waiting) == (200, (7,))


def test_a_new_revision_begins_another_pass_for_all_that_is_not_finished() -> None:
    progress = Progress().towards([A]).past(100, [7]).towards([A, B])
    assert progress == Progress(revisions=frozenset((A, B)))


def test_after_a_pass_only_what_is_new_needs_another() -> None:
    over = Progress().towards([A]).past(100, []).at_the_end([])
    assert over.is_over
    assert over.towards([A]).is_over
    assert over.towards([]).is_over
    assert over.towards([A, B]).revisions == {B}


def test_what_is_gone_leaves_the_pass_and_begins_anew_when_it_comes_back() -> None:
    progress = Progress().towards([A, B]).past(100, []).towards([B])
    assert (progress.revisions, progress.last_card_id) == ({B}, 100)
    assert progress.towards([A, B]).last_card_id == 0


def test_a_pass_is_not_over_while_cards_wait() -> None:
    progress = Progress().towards([A]).past(100, [7, 8]).at_the_end([8])
    assert not progress.is_over
    assert progress.waiting == (8,)
    assert progress.at_the_end([]).is_over
