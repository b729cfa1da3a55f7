"""SKUs that checkouts name and the catalog does not: derived for lists, never kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from apps.kernel.db.hot import Cursor

# Jumps from SKU to SKU in the index of the lines: a product that was sold a million times costs one step.
_SOLD = """WITH RECURSIVE sold (sku, step) AS (
  (SELECT l.sku, 1 FROM checkouts_line l WHERE l.brand_id = %(brand)s AND l.sku > %(after)s ORDER BY l.sku LIMIT 1)
  UNION ALL
  SELECT (SELECT l.sku FROM checkouts_line l WHERE l.brand_id = %(brand)s AND l.sku > sold.sku
   ORDER BY l.sku LIMIT 1), sold.step + 1
  FROM sold WHERE sold.sku IS NOT NULL AND sold.step < %(steps)s)
 SELECT sold.sku, EXISTS (SELECT FROM catalog_product p WHERE p.brand_id = %(brand)s AND p.sku = sold.sku)
 FROM sold WHERE sold.sku IS NOT NULL ORDER BY sold.step"""

_COUNTS = """SELECT u.sku, t.* FROM unnest(%(skus)s::text[]) u (sku) CROSS JOIN LATERAL (
  SELECT count(*), sum(l.quantity), min(c.happened_at), max(c.happened_at)
  FROM checkouts_line l
  JOIN checkouts_checkout c ON c.brand_id = l.brand_id AND c.operation_id = l.operation_id
  WHERE l.brand_id = %(brand)s AND l.sku = u.sku) t
 ORDER BY u.sku"""

STEPS = 2_000
"""SKUs that one statement walks."""
BATCH = 20
"""SKUs that one statement counts: it reads every line of theirs."""


@dataclass(frozen=True, slots=True)
class UnknownSku:
    """How many lines of checkouts name it (voided and anonymous ones too), for how many units, and when."""

    sku: str
    lines: int
    units: Decimal
    first_seen: datetime
    last_seen: datetime


def unknown_skus(cursor: Cursor, *, brand_id: int, count: int, after: str = "") -> list[UnknownSku]:
    """The first `count` unknown SKUs that sort behind `after`. Only these are counted."""
    return _counted(cursor, brand_id, list(islice(_unknown(cursor, brand_id, after), count)))


def all_unknown_skus(cursor: Cursor, *, brand_id: int) -> Iterator[UnknownSku]:
    """All of them in their order, counted batch by batch."""
    unknown = _unknown(cursor, brand_id, "")
    while skus := list(islice(unknown, BATCH)):
        yield from _counted(cursor, brand_id, skus)


def _counted(cursor: Cursor, brand_id: int, skus: list[str]) -> list[UnknownSku]:
    rows = cursor.execute(_COUNTS, {"brand": brand_id, "skus": skus}).fetchall()
    return [UnknownSku(*row) for row in rows]


def _unknown(cursor: Cursor, brand_id: int, after: str) -> Iterator[str]:
    while sold := cursor.execute(_SOLD, {"brand": brand_id, "after": after, "steps": STEPS}).fetchall():
        yield from (sku for sku, is_known in sold if not is_known)
        after = sold[-1][0]
