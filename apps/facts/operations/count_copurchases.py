"""Count which products are bought together, a batch at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.kernel.db.hot import Cursor, hot_cursor, is_idle, roll_back
from apps.kernel.ids import lowest_id

BATCH = 500
"""Checkouts that are counted in one transaction, and the voids of the same time."""
LATE = timedelta(minutes=10)
"""A call gets its id when it comes in, and writes no later than this."""
MOST_SKUS = 50
"""Of a larger basket, the first products count."""
MOST_PAIRS = 100
"""So many pairs of a product are kept, the most frequent ones, once it has twice as many: new ones need some time."""
LONGEST_SKU = 1000
"""In bytes; an index has no room for a pair of longer ones."""

NOTHING_COUNTED = UUID(int=0)

_BEGIN = """INSERT INTO facts_copurchasemark (brand_id, counted_to, safe_to, fence_at, fence_xid)
 VALUES (%(brand)s, %(nothing)s, %(nothing)s, %(now)s, pg_current_xact_id()::text::bigint)
 ON CONFLICT (brand_id) DO NOTHING"""
_MARK = """SELECT m.counted_to, m.safe_to, m.fence_at,
 pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= m.fence_xid
 FROM facts_copurchasemark m WHERE m.brand_id = %(brand)s FOR UPDATE SKIP LOCKED"""
_SAVE = """UPDATE facts_copurchasemark SET counted_to = %(to)s, safe_to = %(safe)s WHERE brand_id = %(brand)s"""
_FENCE = """UPDATE facts_copurchasemark SET fence_at = %(now)s, fence_xid = pg_current_xact_id()::text::bigint
 WHERE brand_id = %(brand)s"""
_NEXT = """SELECT c.operation_id FROM checkouts_checkout c
 WHERE c.brand_id = %(brand)s AND c.operation_id >= %(from)s AND c.operation_id < %(to)s
 ORDER BY c.operation_id OFFSET %(batch)s LIMIT 1"""

# A voided checkout was counted with its own id and is taken back with that of the void: in whatever runs they come.
_COUNT = """WITH basket AS (
  SELECT c.operation_id, 1 AS sign FROM checkouts_checkout c
  WHERE c.brand_id = %(brand)s AND c.operation_id >= %(from)s AND c.operation_id < %(to)s
  UNION ALL
  SELECT c.operation_id, -1 FROM ledger_void v
  JOIN checkouts_checkout c ON c.brand_id = v.brand_id AND c.operation_id = v.operation_id
  WHERE v.brand_id = %(brand)s AND v.by_operation_id >= %(from)s AND v.by_operation_id < %(to)s),
 item AS MATERIALIZED (
  SELECT b.operation_id, b.sign, x.sku FROM basket b CROSS JOIN LATERAL (
   SELECT l.sku FROM checkouts_line l WHERE l.brand_id = %(brand)s AND l.operation_id = b.operation_id
    AND l.quantity > 0 AND octet_length(l.sku) <= %(longest)s
   GROUP BY l.sku ORDER BY min(l.no) LIMIT %(skus)s) x),
 change AS MATERIALIZED (
  SELECT i.sku, o.sku AS other, sum(i.sign)::int AS checkouts FROM item i
  JOIN item o ON o.operation_id = i.operation_id AND o.sign = i.sign AND o.sku <> i.sku
  GROUP BY i.sku, o.sku HAVING sum(i.sign) <> 0),
 gone AS (
  DELETE FROM facts_copurchase p USING change d
  WHERE p.brand_id = %(brand)s AND p.sku = d.sku AND p.other = d.other AND p.checkouts + d.checkouts <= 0),
 less AS (
  UPDATE facts_copurchase p SET checkouts = p.checkouts + d.checkouts FROM change d
  WHERE p.brand_id = %(brand)s AND p.sku = d.sku AND p.other = d.other
   AND d.checkouts < 0 AND p.checkouts + d.checkouts > 0),
 more AS (
  INSERT INTO facts_copurchase AS p (brand_id, sku, other, checkouts)
  SELECT %(brand)s, d.sku, d.other, d.checkouts FROM change d WHERE d.checkouts > 0
  ON CONFLICT (brand_id, sku, other) DO UPDATE SET checkouts = p.checkouts + excluded.checkouts)
 SELECT (SELECT count(*) FROM basket), (SELECT array_agg(DISTINCT d.sku) FROM change d WHERE d.checkouts > 0)"""
_PRUNE = """DELETE FROM facts_copurchase p USING (
  SELECT f.sku, f.other, row_number() OVER (PARTITION BY f.sku ORDER BY f.checkouts DESC, f.other) AS place,
   count(*) OVER (PARTITION BY f.sku) AS pairs
  FROM facts_copurchase f WHERE f.brand_id = %(brand)s AND f.sku = ANY(%(skus)s::text[])) r
 WHERE p.brand_id = %(brand)s AND p.sku = r.sku AND p.other = r.other
  AND r.pairs > 2 * %(pairs)s AND r.place > %(pairs)s"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many checkouts and voids were counted, and whether that were all that can be counted now."""

    calls: int
    is_done: bool


def count_copurchases(*, brand_id: int, now: datetime, batch: int = BATCH) -> Counted:
    """Count the next checkouts of a brand, and take back those that were voided. Returned goods stay counted: they were
    bought together.

    No checkout is counted twice or missed: the mark is moved in the same transaction, and never past a moment before
    which a transaction is still open. So a checkout is counted ten minutes after it was made, or later. Where another
    worker counts this brand, it does nothing. Not to be called in a transaction.
    """
    cursor = hot_cursor()
    assert is_idle(cursor), "the mark would be locked for as long as the caller's transaction"
    cursor.execute(_BEGIN, {"brand": brand_id, "nothing": NOTHING_COUNTED, "now": now})
    cursor.execute("BEGIN")
    try:
        cursor.execute("SET LOCAL statement_timeout = 0")
        counted = _count(cursor, brand_id, now, batch)
        cursor.execute("COMMIT")
    except BaseException:
        roll_back(cursor)
        raise
    return counted


def _count(cursor: Cursor, brand_id: int, now: datetime, batch: int) -> Counted:
    mark = cursor.execute(_MARK, {"brand": brand_id}).fetchone()
    if mark is None:
        return Counted(0, True)
    start, safe, fence_at, is_behind = mark
    if is_behind:
        safe = max(safe, lowest_id(fence_at - LATE))
        cursor.execute(_FENCE, {"brand": brand_id, "now": now})
    window = {"brand": brand_id, "from": start, "to": safe, "batch": batch}
    after = cursor.execute(_NEXT, window).fetchone()
    window["to"] = after[0] if after is not None else safe
    calls = _count_window(cursor, window)
    cursor.execute(_SAVE, {"brand": brand_id, "to": window["to"], "safe": safe})
    return Counted(calls, after is None)


def _count_window(cursor: Cursor, window: dict[str, object]) -> int:
    params = window | {"skus": MOST_SKUS, "longest": LONGEST_SKU}
    row = cursor.execute(_COUNT, params, prepare=False).fetchone()
    assert row is not None
    calls, skus = row
    if skus:
        cursor.execute(_PRUNE, {"brand": window["brand"], "skus": skus, "pairs": MOST_PAIRS}, prepare=False)
    return int(calls)
