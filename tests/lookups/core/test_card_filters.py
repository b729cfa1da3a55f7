"""Which combinations of filters a search takes."""

import pytest

from apps.kernel.errors import InvalidInput
from apps.lookups.core.card_filters import CardFilters, CardQuery, check_query

NAME = CardFilters(first_name="Ann")
LONG = CardFilters(first_name_prefix="Ann", last_name_prefix="Üna")
IN_SET = CardFilters(card_set="gift")
EXCLUDED = CardFilters(excluded_sets=("gift",))
PREFIX = CardFilters(last_name_prefix="Smith")


@pytest.mark.parametrize(
    "query",
    [
        CardQuery(),
        CardQuery(filters=CardFilters()),
        CardQuery(filters=CardFilters(card_set="")),
        CardQuery(filters=CardFilters(card_set="gift", email="")),
        CardQuery(filters=CardFilters(card_set="gift", first_name="Ann")),
        CardQuery(filters=CardFilters(card_set="gift", program_types=("gift",))),
        CardQuery(filters=CardFilters(program_types=("gift",))),
        CardQuery(filters=IN_SET, children=NAME),
        CardQuery(filters=CardFilters(card_set="gift", demographics=(("colour", "red"),))),
        CardQuery(filters=LONG),
        CardQuery(filters=LONG, all_must_match=False),
        CardQuery(children=LONG),
        CardQuery(filters=CardFilters(last_name_prefix="S", email="a@example.com")),
        CardQuery(filters=CardFilters(last_name_prefix="S", program_types=("gift",))),
        CardQuery(filters=NAME, children=CardFilters(last_name_prefix="S")),
        CardQuery(filters=CardFilters(card_number="1", custom_number="2"), shows_inactive=True),
    ],
)
def test_what_finds_few_enough_is_taken(query: CardQuery) -> None:
    check_query(query)


@pytest.mark.parametrize(
    "query",
    [
        CardQuery(filters=IN_SET),
        CardQuery(filters=EXCLUDED),
        CardQuery(filters=CardFilters(card_set="gift", excluded_sets=("other",))),
        CardQuery(filters=PREFIX),
        CardQuery(filters=CardFilters(first_name_prefix="Jo", last_name_prefix="Smith")),
        CardQuery(filters=CardFilters(card_set="gift", last_name_prefix="Smith")),
        CardQuery(filters=CardFilters(last_name_prefix="Smith", email="a@example.com"), all_must_match=False),
        CardQuery(children=PREFIX),
        CardQuery(filters=PREFIX, children=PREFIX),
        CardQuery(children=IN_SET),
        CardQuery(children=CardFilters(program_types=("gift",))),
        CardQuery(children=CardFilters(excluded_sets=("gift",), first_name="Ann")),
        CardQuery(shows_inactive=True),
        CardQuery(filters=CardFilters(card_number="1", first_name="Ann"), shows_inactive=True),
        CardQuery(filters=CardFilters(card_number="1"), children=NAME, shows_inactive=True),
        CardQuery(filters=CardFilters(demographics=(("colour", "red"),) * 11)),
    ],
)
def test_what_finds_too_much_or_makes_no_sense_is_refused(query: CardQuery) -> None:
    with pytest.raises(InvalidInput):
        check_query(query)


@pytest.mark.parametrize(
    "query",
    [
        CardQuery(filters=CardFilters()),
        CardQuery(filters=CardFilters(email="")),
        CardQuery(filters=CardFilters(email="", first_name="Ann")),
        CardQuery(filters=CardFilters(email="", first_name="Ann"), all_must_match=False),
        CardQuery(filters=CardFilters(first_name="Ann", demographics=(("colour", ""),))),
        CardQuery(filters=NAME, children=CardFilters()),
        CardQuery(children=CardFilters(custom_number="mine")),
        CardQuery(children=CardFilters(custom_number="mine"), all_must_match=False),
        CardQuery(children=CardFilters(custom_number="mine", email="a@x.org")),
    ],
)
def test_nothing_matches_without_a_value(query: CardQuery) -> None:
    assert query.match_nothing
