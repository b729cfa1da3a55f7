"""Rates for tests."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from apps.programs.models import ExchangeRate
from apps.programs.operations.add_exchange_rate import add_exchange_rate
from tests.shop import Shop

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def rated(shop: Shop, base: str, quote: str, rate: Any, *, since: datetime = LONG_AGO) -> ExchangeRate:
    """From `since` on, one unit of `base` is worth `rate` units of `quote`."""
    there, _ = add_exchange_rate(
        brand=shop.brand, base=base, quote=quote, rate=Decimal(str(rate)), valid_from=since, source="test"
    )
    return there
