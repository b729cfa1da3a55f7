"""Demographics and phones, without a database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.customers.core.customer import Demographics, check_changes, updated
from apps.customers.core.phones import require_e164, to_e164
from apps.kernel.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("123 456 7890", "US", "+11234567890"),
        ("(415) 555-0123", "US", "+14155550123"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+442079460018", "US", "+442079460018"),
        ("+442079460018", "", "+442079460018"),
        ("12", "US", None),
        ("4155550123", "", None),
        ("nobody", "US", None),
        ("", "US", None),
        ("+999123456789", "US", None),
    ],
)
def test_a_possible_number_becomes_e164(text: str, country: str, number: str | None) -> None:
    assert to_e164(text, country=country) == number


def test_what_is_none_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="mobilePhone"):
        require_e164("12", country="US", name="primaryCustomer.mobilePhone")


def test_an_update_changes_what_is_sent_only() -> None:
    before = Demographics(first_name="Ada", email="a@b")
    assert updated(before, {"last_name": "King"}, country="US") == Demographics(
        first_name="Ada", last_name="King", email="a@b"
    )
    assert updated(before, {"email": ""}, country="US") == Demographics(first_name="Ada")


def test_dates_and_degrees_are_read() -> None:
    changes = {"birthday": "1815-12-10", "latitude": Decimal("51.5")}
    now = updated(Demographics(anniversary=date(2000, 1, 1)), changes | {"anniversary": ""}, country="US")
    assert (now.birthday, now.anniversary) == (date(1815, 12, 10), None)
    assert str(now.latitude) == "51.500000"


@pytest.mark.parametrize(
    ("stored", "sent", "expected"),
    [("", {}, "+14155550123"), ("CA", {}, "+14155550123"), ("GB", {"country": "us"}, "+14155550123")],
)
def test_the_country_sent_beats_the_stored_and_that_the_locations(
    stored: str, sent: dict[str, Any], expected: str
) -> None:
    changes = {"phone": "(415) 555-0123"} | sent
    assert updated(Demographics(country=stored), changes, country="US").phone == expected


def test_a_country_is_kept_in_capitals() -> None:
    assert updated(Demographics(), {"country": "gb"}, country="US").country == "GB"


@pytest.mark.parametrize("changes", [{"country": "G"}, {"country": "\u00e91"}, {"email": "x"}, {"email": "a b@c"}])
def test_what_cannot_be_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        check_changes(changes)


@pytest.mark.parametrize("changes", [{}, {"country": ""}, {"country": "gb"}, {"email": ""}, {"email": "a@b"}])
def test_what_can_be_passes(changes: dict[str, str]) -> None:
    check_changes(changes)


def test_a_phone_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="phone number"):
        updated(Demographics(), {"phone": "1"}, country="US")
