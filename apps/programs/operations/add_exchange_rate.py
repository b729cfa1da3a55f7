"""Add a rate to the brand's table."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.kernel.errors import InvalidInput
from apps.programs.core.conversion import check_pair, check_rate, inverse
from apps.programs.models import ExchangeRate


def add_exchange_rate(
    *,
    brand: Brand,
    base: str,
    quote: str,
    rate: Decimal,
    valid_from: datetime,
    source: str,
    rate_back: Decimal | None = None,
) -> tuple[ExchangeRate, ExchangeRate]:
    """From `valid_from` on, one unit of `base` is worth `rate` units of `quote`; returns both directions.

    `rate_back` is the rate from `quote` to `base`; where it is not given, 1 / rate at 12 decimals. Refuses (9) unknown
    currencies, a currency against itself, rates that are not above zero or have more than 12 decimals, an empty
    source, and a second rate of a pair from the same moment: history is not rewritten.
    """
    check_pair(base, quote)
    check_rate(rate)
    back = inverse(rate) if rate_back is None else rate_back
    check_rate(back)
    if not source.strip():
        raise InvalidInput("A rate needs a source: where it comes from.")
    with transaction.atomic():
        return _add(brand, base, quote, rate, valid_from, source), _add(brand, quote, base, back, valid_from, source)


def _add(brand: Brand, base: str, quote: str, rate: Decimal, valid_from: datetime, source: str) -> ExchangeRate:
    return insert_row(
        row=ExchangeRate(brand=brand, base=base, quote=quote, rate=rate, valid_from=valid_from, source=source),
        duplicate=f"There is a rate from {base} to {quote} from {valid_from:%Y-%m-%d %H:%M:%S%z} on already.",
    )
