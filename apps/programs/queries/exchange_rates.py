"""Reading the brand's rate table."""

from collections.abc import Collection
from datetime import datetime

from apps.kernel.db.hot import Cursor
from apps.programs.core.conversion import Pair, Rate

VALID = """FROM programs_exchangerate x
   WHERE x.brand_id = %(brand)s AND x.base = {base} AND x.quote = {quote} AND x.valid_from <= {at}
   ORDER BY x.valid_from DESC LIMIT 1"""
"""The row of a pair that is valid at a moment, if there is one."""

_RATES = f"""SELECT p.base, p.quote, r.id, r.rate FROM unnest(%(bases)s::text[], %(quotes)s::text[]) p (base, quote)
 CROSS JOIN LATERAL (SELECT x.id, x.rate {VALID.format(base="p.base", quote="p.quote", at="%(at)s")}) r"""


def exchange_rates(cursor: Cursor, *, brand_id: int, pairs: Collection[Pair], at: datetime) -> dict[Pair, Rate]:
    """The rate of each pair that is valid at a moment: its latest one that is valid from then or earlier.

    A pair without a rate of its own is missing: no rate is derived from others, so that each names its row. One
    statement; none without pairs.
    """
    if not pairs:
        return {}
    bases, quotes = zip(*pairs, strict=True)
    rows = cursor.execute(_RATES, {"brand": brand_id, "bases": list(bases), "quotes": list(quotes), "at": at})
    return {(base, quote): Rate(number, rate) for base, quote, number, rate in rows}
