"""`seed_exchange_rates`: the European Central Bank's history in a brand's table."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput
from apps.programs.models import ExchangeRate
from apps.programs.operations.add_exchange_rate import add_exchange_rate
from apps.programs.operations.seed_exchange_rates import Seeded, seed_exchange_rates
from apps.programs.queries.exchange_rates import exchange_rates
from tests.portal.acme import Acme, make_acme

# like the bank's file: the newest day first, holes for currencies that were not quoted
HISTORY = """Date,USD,GBP,TRY,
2024-01-08,1.0946,0.86093,32.7,
2024-01-05,1.0921,0.8616,N/A,
2024-01-04,1.0953,0.86278,32.6,
2023-12-29,1.105,0.86905,32.6,
2023-12-28,1.1114,0.8693,32.7,
"""


@pytest.fixture
def acme() -> Acme:
    return make_acme()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "history.csv"
    path.write_text(HISTORY)
    return str(path)


def days(acme: Acme, base: str, quote: str) -> dict[str, Decimal]:
    rows = ExchangeRate.objects.filter(brand=acme.brand, base=base, quote=quote).order_by("valid_from")
    return {f"{row.valid_from:%Y-%m-%d %H:%M}": row.rate for row in rows}


def test_every_day_since_the_first_and_the_last_one_before_it(acme: Acme, file: str) -> None:
    seeded = seed_exchange_rates(brand=acme.brand, currencies=["EUR", "USD"], first=date(2024, 1, 1), file=file)
    assert days(acme, "EUR", "USD") == {
        "2023-12-29 15:00": Decimal("1.105"),
        "2024-01-04 15:00": Decimal("1.0953"),
        "2024-01-05 15:00": Decimal("1.0921"),
        "2024-01-08 15:00": Decimal("1.0946"),
    }
    assert days(acme, "USD", "EUR")["2023-12-29 15:00"] == Decimal("0.904977375566")
    assert seeded == Seeded(date(2024, 1, 8), 8, 8)


def test_crosses_go_through_the_euro_and_holes_are_left_out(acme: Acme, file: str) -> None:
    seed_exchange_rates(brand=acme.brand, currencies=["USD", "GBP", "TRY"], first=date(2024, 1, 5), file=file)
    assert days(acme, "GBP", "USD") == {
        "2024-01-05 15:00": Decimal("1.267525533890"),
        "2024-01-08 15:00": Decimal("1.271415794548"),
    }
    assert list(days(acme, "TRY", "USD")) == ["2024-01-08 15:00"]
    assert not ExchangeRate.objects.filter(brand=acme.brand, base="EUR").exists()


def test_a_second_run_adds_only_what_is_missing(acme: Acme, file: str) -> None:
    add_exchange_rate(
        brand=acme.brand,
        base="EUR",
        quote="USD",
        rate=Decimal(2),
        valid_from=datetime(2024, 1, 4, 15, tzinfo=UTC),
        source="ours",
    )
    wanted = {"brand": acme.brand, "first": date(2024, 1, 5), "file": file}
    assert seed_exchange_rates(currencies=["EUR", "USD"], **wanted).added == 4
    assert seed_exchange_rates(currencies=["EUR", "USD"], **wanted).added == 0
    everything = seed_exchange_rates(currencies=["EUR", "USD", "GBP"], **wanted | {"first": date(2024, 1, 1)})
    assert everything == Seeded(date(2024, 1, 8), 24, 24 - 4 - 2)
    assert days(acme, "EUR", "USD")["2024-01-04 15:00"] == 2


def test_batches_report_how_far_they_are(acme: Acme, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.programs.operations.seed_exchange_rates.BATCH", 3)
    seen: list[Seeded] = []
    seed_exchange_rates(
        brand=acme.brand, currencies=["EUR", "USD"], first=date(2020, 1, 1), file=file, progress=seen.append
    )
    assert seen == [Seeded(date(2024, 1, 4), 6, 6), Seeded(date(2024, 1, 8), 10, 10)]


@pytest.mark.parametrize("currencies", [[], ["EUR"], ["EUR", "EUR"], ["EUR", "XXX"], ["EUR", "AED"]])
def test_currencies_without_rates_are_refused(acme: Acme, file: str, currencies: list[str]) -> None:
    with pytest.raises(InvalidInput):
        seed_exchange_rates(brand=acme.brand, currencies=currencies, first=date(2024, 1, 1), file=file)
    assert not ExchangeRate.objects.filter(brand=acme.brand).exists()


def test_the_history_at_hand_is_enough_for_the_command(acme: Acme) -> None:
    out = StringIO()
    options = ["--brand", acme.brand.code, "--currencies", "USD, EUR,GBP,JPY", "--from", "2024-01-01"]
    call_command("seed_exchange_rates", *options, stdout=out)
    assert "European Central Bank" in out.getvalue()
    pair = ("EUR", "USD")
    moment = datetime(2024, 1, 6, tzinfo=UTC)
    found = exchange_rates(hot_cursor(), brand_id=acme.brand.pk, pairs=[pair], at=moment)
    assert found[pair].rate == Decimal("1.0921")
    rows = ExchangeRate.objects.filter(brand=acme.brand)
    assert rows.count() > 12 * 250
    assert set(rows.values_list("source", flat=True)) == {"ECB"}


@pytest.mark.parametrize(
    "wrong", [["--brand", "nobody"], ["--currencies", "USD,XXX"], ["--file", "/nowhere.zip"], ["--from", "yesterday"]]
)
def test_the_command_says_what_is_wrong(acme: Acme, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("seed_exchange_rates", "--brand", acme.brand.code, "--currencies", "EUR,USD", *wrong)
    assert not ExchangeRate.objects.filter(brand=acme.brand).exists()
