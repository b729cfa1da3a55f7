"""Derive the facts of some families from their history, beside running calls."""

from collections.abc import Sequence

import psycopg

from apps.facts.queries.history import LINES_OF_FAMILIES, TABLES, Derived
from apps.kernel.db.hot import Cursor, hot_cursor, is_idle, roll_back

ATTEMPTS = 20

# All families of the batch are locked before anything is read: what they did cannot change any more, and the facts
# that follow from it cannot either. A call that was in between has committed its facts together with its history.
_LOCK = """SELECT id FROM ledger_wallet WHERE brand_id = %(brand)s AND id = ANY(%(families)s)
 ORDER BY id FOR NO KEY UPDATE"""
_LIMITS = (
    # while it waits for one busy card it holds others up
    "SET LOCAL lock_timeout = '500ms'",
    "SET LOCAL statement_timeout = 0",
)


def rebuild_facts(*, brand_id: int, families: Sequence[int]) -> int:
    """Make the stored facts of these families what their history says; returns how many rows were wrong.

    One transaction, which holds the families' locks: keep batches small. A second time changes nothing. Repeats itself
    when a card is busy; after many times the database's own error gets through.
    """
    cursor = hot_cursor()
    assert is_idle(cursor), "the locks would be held for as long as the caller's transaction"
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _attempt(cursor, {"brand": brand_id, "families": list(families)})
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _attempt(cursor: Cursor, params: dict[str, object]) -> int:
    cursor.execute("BEGIN")
    try:
        for limit in _LIMITS:
            cursor.execute(limit)
        cursor.execute(_LOCK, params)
        wrong = sum(_count(cursor.execute(text, params, prepare=False)) for text in _REPAIRS)
        cursor.execute("COMMIT")
    except BaseException:
        roll_back(cursor)
        raise
    return wrong


def _count(cursor: Cursor) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _repair(facts: Derived) -> str:
    """Rows that should not be there go, rows that are missing or differ are written; how many there were of both."""
    keys = ("wallet_id", *facts.keys)
    values = ", ".join(facts.values)
    # materialized: the planner would derive everything once more for each stored row
    return f"""{LINES_OF_FAMILIES}, derived AS MATERIALIZED ({facts.sql}), gone AS (
 DELETE FROM {facts.table} f USING ledger_wallet w
 WHERE f.brand_id = %(brand)s AND w.brand_id = f.brand_id AND w.id = f.wallet_id
  AND (w.id = ANY(%(families)s) OR w.root_id = ANY(%(families)s))
  AND NOT EXISTS (SELECT FROM derived d WHERE {" AND ".join(f"d.{key} = f.{key}" for key in keys)})
 RETURNING 1), written AS (
 INSERT INTO {facts.table} AS f (brand_id, {", ".join(keys)}, {values})
 SELECT %(brand)s, {", ".join(keys)}, {values} FROM derived
 ON CONFLICT (brand_id, {", ".join(keys)}) DO UPDATE
 SET {", ".join(f"{value} = excluded.{value}" for value in facts.values)}
 WHERE ROW({", ".join(f"f.{value}" for value in facts.values)})
  IS DISTINCT FROM ROW({", ".join(f"excluded.{value}" for value in facts.values)})
 RETURNING 1)
 SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)"""


_REPAIRS = tuple(_repair(facts) for facts in TABLES)
