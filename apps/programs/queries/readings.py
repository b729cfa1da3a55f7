"""What campaigns ask of the brand's rate table: a reading for the one read statement."""

from datetime import datetime

from apps.kernel.readings import Reading
from apps.programs.queries.exchange_rates import VALID

_RATE = "SELECT x.rate " + VALID.format(base="%(rate_base)s", quote="%(rate_quote)s", at="%(rate_at)s")


def exchange_rate(base: str, quote: str, *, at: datetime) -> Reading:
    """How much of `quote` one unit of `base` is worth at a moment, or nothing: see `exchange_rates`."""
    return Reading("exchange_rate", _RATE, {"rate_base": base, "rate_quote": quote, "rate_at": at})
