"""Moments: text and epoch milliseconds on the wire, aware and UTC inside."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from apps.kernel.ids import new_id, parse_id
from apps.kernel.moments import (
    epoch_milliseconds,
    format_moment,
    from_epoch_milliseconds,
    parse_date,
    parse_moment,
    typed_moment,
)

NOON = datetime(2024, 2, 29, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_moment_goes_to_text_and_back_without_its_fraction() -> None:
    assert format_moment(NOON) == "2024-02-29 12:00:00"
    assert parse_moment("2024-02-29 12:00:00") == NOON.replace(microsecond=0)


def test_a_moment_is_written_in_utc() -> None:
    assert format_moment(NOON.astimezone(timezone(timedelta(hours=9)))) == "2024-02-29 12:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29",
        "2024-02-29T12:00:00",
        "2024-02-29 12:00",
        "2024-02-29 12:00:00Z",
        " 2024-02-29 12:00:00",
        "2023-02-29 12:00:00",
        "2024-02-29 24:00:00",
        "2024-02-29 12:00:60",
        "24-02-29 12:00:00",
        "0000-01-01 00:00:00",
        "\u0662024-02-29 12:00:00",
        "",
    ],
)
def test_other_forms_and_days_that_do_not_exist_are_no_moments(text: str) -> None:
    with pytest.raises(ValueError):
        parse_moment(text)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-2-9", "20240229", "2024-W01-1", "29.02.2024", ""])
def test_other_forms_are_no_dates(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date(text)


def test_a_date_is_read() -> None:
    assert parse_date("2024-02-29") == date(2024, 2, 29)


def test_milliseconds_go_forth_and_back() -> None:
    assert epoch_milliseconds(NOON) == 1709208000123
    assert from_epoch_milliseconds(1709208000123) == NOON.replace(microsecond=123000)
    assert epoch_milliseconds(datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)) == -1


def test_ids_come_in_the_order_of_creation_and_are_read_back() -> None:
    ids = [new_id() for _ in range(100)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 100
    assert parse_id(str(ids[0])) == ids[0]
    assert {each.version for each in ids} == {7}


@pytest.mark.parametrize("text", ["", "x", "17", "x" * 36, "{01a1f7e9-9638-73fe-b50a-f023df04e345}"])
def test_a_malformed_reference_is_none(text: str) -> None:
    assert parse_id(text) is None


@pytest.mark.parametrize("text", ["2024-02-29", "2024-02-29 00:00", "2024-02-29T00:00Z", "2024-02-29T09:00+09:00"])
def test_what_people_type_is_utc_unless_it_says_else(text: str) -> None:
    assert typed_moment(text) == datetime(2024, 2, 29, tzinfo=UTC)


def test_what_people_type_must_be_a_moment() -> None:
    with pytest.raises(ValueError):
        typed_moment("tomorrow")
