"""`add_exchange_rate`, the operation and the command, and which rate is valid when."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput
from apps.programs.core.conversion import Pair, Rate
from apps.programs.models import ExchangeRate
from apps.programs.operations.add_exchange_rate import add_exchange_rate
from apps.programs.queries.exchange_rates import exchange_rates
from tests.merchant_api.statements import statements
from tests.portal.acme import Acme, make_acme

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def acme() -> Acme:
    return make_acme()


def add(acme: Acme, **changes: Any) -> tuple[ExchangeRate, ExchangeRate]:
    usual = {"base": "EUR", "quote": "USD", "rate": Decimal("1.25"), "valid_from": NOON, "source": "contract"}
    return add_exchange_rate(brand=acme.brand, **(usual | changes))


def at(acme: Acme, moment: datetime, *pairs: Pair) -> dict[Pair, Rate]:
    return exchange_rates(hot_cursor(), brand_id=acme.brand.pk, pairs=pairs, at=moment)


def test_both_directions_are_written(acme: Acme) -> None:
    there, back = add(acme)
    assert (there.base, there.quote, there.rate) == ("EUR", "USD", Decimal("1.25"))
    assert (back.base, back.quote, back.rate, back.source) == ("USD", "EUR", Decimal("0.8"), "contract")


def test_the_way_back_can_have_a_rate_of_its_own(acme: Acme) -> None:
    _, back = add(acme, rate_back=Decimal("0.79"))
    assert back.rate == Decimal("0.79")


@pytest.mark.parametrize(
    "wrong",
    [
        {"base": "EURO"},
        {"quote": "XXX"},
        {"base": "USD"},
        {"rate": Decimal(0)},
        {"rate": Decimal(-1)},
        {"rate": Decimal("NaN")},
        {"rate": Decimal("1.0000000000001")},
        {"rate": Decimal("1e-12")},  # its inverse is too large for a column
        {"rate_back": Decimal(0)},
        {"source": " "},
    ],
)
def test_what_cannot_be_is_refused(acme: Acme, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        add(acme, **wrong)
    assert not ExchangeRate.objects.filter(brand=acme.brand).exists()


def test_a_second_rate_from_the_same_moment_is_refused_in_either_direction(acme: Acme) -> None:
    add(acme)
    for pair in (("EUR", "USD"), ("USD", "EUR")):
        with pytest.raises(InvalidInput, match="already"):
            add(acme, base=pair[0], quote=pair[1], rate=Decimal(2))
    assert ExchangeRate.objects.filter(brand=acme.brand).count() == 2


def test_rates_are_never_changed_or_removed(acme: Acme) -> None:
    add(acme)
    rows = ExchangeRate.objects.filter(brand=acme.brand)
    with pytest.raises(IntegrityError):
        rows.update(rate=2)
    with pytest.raises(IntegrityError):
        rows.delete()


def test_a_rate_is_valid_from_its_moment_until_the_next(acme: Acme) -> None:
    first, _ = add(acme)
    second, _ = add(acme, rate=Decimal("1.5"), valid_from=NOON + timedelta(hours=1))
    pair, moment = ("EUR", "USD"), timedelta(microseconds=1)
    assert at(acme, NOON - moment, pair) == {}
    assert at(acme, NOON, pair) == {pair: Rate(first.pk, Decimal("1.25"))}
    assert at(acme, second.valid_from - moment, pair)[pair].id == first.pk
    assert at(acme, second.valid_from, pair) == {pair: Rate(second.pk, Decimal("1.5"))}


def test_only_rates_of_the_very_pair_are_found_in_one_statement(acme: Acme) -> None:
    add(acme)
    add(acme, base="GBP", rate=Decimal("1.4"))
    pairs = [("EUR", "USD"), ("USD", "GBP"), ("EUR", "GBP")]
    with statements() as seen:
        found = at(acme, NOON, *pairs)
    assert set(found) == {("EUR", "USD"), ("USD", "GBP")}
    assert seen.count == 1
    with statements() as seen:
        assert at(acme, NOON) == {}
    assert seen.count == 0


def test_another_brands_rates_are_not_found(acme: Acme) -> None:
    add(make_acme())
    assert at(acme, NOON, ("EUR", "USD")) == {}


# --- the command -----------------------------------------------------------------------------------------------------


def command(acme: Acme, *options: str) -> str:
    out = StringIO()
    usual = ["--brand", acme.brand.code, "--base", "EUR", "--quote", "USD", "--rate", "1.25"]
    call_command("add_exchange_rate", *usual, *options, stdout=out)
    return out.getvalue()


def test_the_command_says_both_directions(acme: Acme) -> None:
    said = command(acme, "--valid-from", "2026-01-31T12:00", "--rate-back", "0.79", "--source", "the bank")
    assert said.splitlines() == [
        "1 EUR = 1.25 USD from 2026-01-31 12:00:00 UTC on",
        "1 USD = 0.79 EUR from 2026-01-31 12:00:00 UTC on",
    ]
    assert set(ExchangeRate.objects.filter(brand=acme.brand).values_list("source", flat=True)) == {"the bank"}


def test_the_command_takes_moments_of_any_zone_and_now(acme: Acme) -> None:
    assert "2026-01-31 11:00:00 UTC" in command(acme, "--valid-from", "2026-01-31T12:00+01:00")
    before = datetime.now(UTC)
    command(acme)
    assert ExchangeRate.objects.filter(brand=acme.brand, valid_from__gte=before).count() == 2


@pytest.mark.parametrize(
    "wrong", [["--rate", "0"], ["--rate", "much"], ["--base", "USD"], ["--brand", "nobody"], ["--valid-from", "soon"]]
)
def test_the_command_says_what_is_wrong(acme: Acme, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        command(acme, *wrong)
    assert not ExchangeRate.objects.filter(brand=acme.brand).exists()
