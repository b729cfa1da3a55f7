"""Score the customers of a brand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import psycopg

from apps.brands.models import Brand
from apps.facts.core.score import FEWEST, LOWEST_RANK, Terms, Weights, quintile, total
from apps.facts.queries.history import SPEND
from apps.facts.queries.scoring import scoring_of
from apps.kernel.db.copying import copy_rows, refresh_statistics
from apps.kernel.db.hot import Cursor, hot_cursor, is_idle, roll_back

BATCH = 5_000
"""Scores that are written in one transaction."""
_ROWS = 10_000

_SCORED = """CREATE TEMPORARY TABLE facts_scored (wallet_id bigint PRIMARY KEY, recency numeric(4,3) NOT NULL,
 frequency numeric(4,3) NOT NULL, monetary numeric(4,3) NOT NULL, total smallint NOT NULL)"""
_DROP = "DROP TABLE IF EXISTS facts_scored"
_COLUMNS = ("wallet_id", "recency", "frequency", "monetary", "total")

# A purchase on a card that was transferred is its successor's. Twice the mean rank of equals is a whole number.
_RANKS = f"""WITH RECURSIVE heir (wallet_id, target_id) AS (
  SELECT t.source_wallet_id, t.target_wallet_id FROM cards_transfer t
  WHERE t.brand_id = %(brand)s AND t.target_wallet_id IS NOT NULL
  UNION ALL
  SELECT h.wallet_id, t.target_wallet_id FROM heir h
  JOIN cards_transfer t ON t.brand_id = %(brand)s AND t.source_wallet_id = h.target_id
  WHERE t.target_wallet_id IS NOT NULL),
 last_heir AS (SELECT h.wallet_id, h.target_id FROM heir h
  WHERE NOT EXISTS (SELECT FROM heir x WHERE x.wallet_id = h.target_id)),
 call (operation_id, wallet_id, bought_at, spend) AS (
  SELECT c.operation_id, c.wallet_id, c.happened_at, CASE WHEN c.currency = %(currency)s THEN {SPEND} ELSE 0 END
  FROM checkouts_checkout c
  WHERE c.brand_id = %(brand)s AND c.wallet_id IS NOT NULL AND c.happened_at >= %(since)s AND c.happened_at <= %(now)s
  UNION ALL
  SELECT r.operation_id, r.wallet_id, NULL, CASE WHEN r.currency = %(currency)s THEN -r.total ELSE 0 END
  FROM checkouts_return r
  WHERE r.brand_id = %(brand)s AND r.wallet_id IS NOT NULL AND r.happened_at >= %(since)s AND r.happened_at <= %(now)s),
 buyer AS MATERIALIZED (
  SELECT w.id, max(k.bought_at) AS recency, count(k.bought_at) AS frequency, sum(k.spend) AS monetary
  FROM call k LEFT JOIN last_heir h ON h.wallet_id = k.wallet_id
  JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = coalesce(h.target_id, k.wallet_id) AND NOT w.is_demo
  WHERE NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = %(brand)s AND v.operation_id = k.operation_id)
  GROUP BY w.id HAVING count(k.bought_at) > 0)
 SELECT b.id, count(*) OVER (),
  2 * rank() OVER (ORDER BY b.recency) + count(*) OVER (PARTITION BY b.recency) - 1,
  2 * rank() OVER (ORDER BY b.frequency) + count(*) OVER (PARTITION BY b.frequency) - 1,
  2 * rank() OVER (ORDER BY b.monetary) + count(*) OVER (PARTITION BY b.monetary) - 1
 FROM buyer b"""

_INACTIVE = """INSERT INTO facts_scored (wallet_id, recency, frequency, monetary, total)
 SELECT DISTINCT f.wallet_id, %(lowest)s, %(lowest)s, %(lowest)s, 0 FROM facts_purchases f
 JOIN ledger_wallet w ON w.brand_id = f.brand_id AND w.id = f.wallet_id AND NOT w.is_demo
 WHERE f.brand_id = %(brand)s AND f.checkouts > 0
  AND NOT EXISTS (SELECT FROM facts_scored s WHERE s.wallet_id = f.wallet_id)"""

_BATCHES = """SELECT n.wallet_id FROM (SELECT x.wallet_id, row_number() OVER (ORDER BY x.wallet_id) AS place
  FROM (SELECT s.wallet_id FROM facts_scored s
   UNION SELECT f.wallet_id FROM facts_score f WHERE f.brand_id = %(brand)s) x) n
 WHERE n.place %% %(count)s = 0 ORDER BY n.wallet_id"""
_WRITE = """WITH gone AS (
  DELETE FROM facts_score f WHERE f.brand_id = %(brand)s AND f.wallet_id > %(above)s AND f.wallet_id <= %(upto)s
   AND NOT EXISTS (SELECT FROM facts_scored s WHERE s.wallet_id = f.wallet_id))
 INSERT INTO facts_score AS f (brand_id, wallet_id, recency, frequency, monetary, total, scored_at)
 SELECT %(brand)s, s.wallet_id, s.recency, s.frequency, s.monetary, s.total, %(now)s FROM facts_scored s
 WHERE s.wallet_id > %(above)s AND s.wallet_id <= %(upto)s
 ON CONFLICT (brand_id, wallet_id) DO UPDATE SET recency = excluded.recency, frequency = excluded.frequency,
 monetary = excluded.monetary, total = excluded.total, scored_at = excluded.scored_at
 WHERE (f.recency, f.frequency, f.monetary, f.total)
  IS DISTINCT FROM (excluded.recency, excluded.frequency, excluded.monetary, excluded.total)"""
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Scored:
    """How many customers bought something in the window, and how many only before it."""

    active: int
    inactive: int


def score_customers(*, brand: Brand, now: datetime) -> Scored:
    """Score all cards and child cards of a brand that ever bought something, but for Demo cards; purchases of the
    brand's window count, money only in the brand's currency and less what was returned. A card that was transferred
    has none: its successor has it.

    Where fewer than five bought something in the window, or the brand does not score, nobody has a score. Scores are
    written in batches. Not to be called in a transaction.
    """
    terms = scoring_of(brand_id=brand.pk)
    cursor = hot_cursor()
    assert is_idle(cursor), "the batches would be locked for as long as the caller's transaction"
    try:
        with _long_transaction(cursor):
            cursor.execute(_SCORED, prepare=False)
            scored = _score(cursor, brand, terms, now) if terms is not None else Scored(0, 0)
            refresh_statistics(cursor, ["facts_scored"])
            ends = [row[0] for row in cursor.execute(_BATCHES, {"brand": brand.pk, "count": BATCH}, prepare=False)]
        _write(cursor, brand.pk, ends, now)
    finally:
        with suppress(psycopg.Error):  # it ends with the connection in any case
            cursor.execute(_DROP, prepare=False)
    return scored


def _score(cursor: Cursor, brand: Brand, terms: Terms, now: datetime) -> Scored:
    since = now - timedelta(days=terms.window_days)
    params = {"brand": brand.pk, "currency": brand.currency, "since": since, "now": now}
    active = 0
    with psycopg.ServerCursor(cursor.connection, "facts_ranks") as ranks:
        ranks.execute(_RANKS, params)
        while rows := ranks.fetchmany(_ROWS):
            if rows[0][1] < FEWEST:
                return Scored(0, 0)
            copy_rows(cursor, "facts_scored", _COLUMNS, _parts(rows, terms.weights))
            active += len(rows)
    if not active:
        return Scored(0, 0)
    inactive = cursor.execute(_INACTIVE, {"brand": brand.pk, "lowest": LOWEST_RANK}, prepare=False).rowcount
    return Scored(active, inactive)


def _parts(rows: Sequence[tuple[Any, ...]], weights: Weights) -> Iterator[tuple[int, Decimal, Decimal, Decimal, int]]:
    for wallet_id, count, *ranks in rows:
        recency, frequency, monetary = (quintile(rank, count) for rank in ranks)
        yield wallet_id, recency, frequency, monetary, total(recency, frequency, monetary, weights)


def _write(cursor: Cursor, brand_id: int, ends: Sequence[int], now: datetime) -> None:
    for above, upto in pairwise((_LOWEST, *ends, _HIGHEST)):
        cursor.execute(_WRITE, {"brand": brand_id, "above": above, "upto": upto, "now": now}, prepare=False)


@contextmanager
def _long_transaction(cursor: Cursor) -> Iterator[None]:
    cursor.execute("BEGIN")
    try:
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield
        cursor.execute("COMMIT")
    except BaseException:
        roll_back(cursor)
        raise
