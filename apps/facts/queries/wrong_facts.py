"""Where the stored facts of some families differ from their history."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.facts.queries.history import LINES_OF_FAMILIES, TABLES, Derived
from apps.kernel.db.hot import hot_cursor, is_idle, roll_back

_SNAPSHOT = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SET LOCAL statement_timeout = 0")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One row: whose, in which table, for which currency, SKU or place; None where there is or should be no row."""

    wallet_id: int
    table: str
    key: str
    stored: str | None
    derived: str | None


def wrong_facts(*, brand_id: int, families: Sequence[int]) -> list[Wrong]:
    """All rows that differ, by wallet. Reads one snapshot and locks nothing; not to be called in a transaction."""
    params = {"brand": brand_id, "families": list(families)}
    cursor = hot_cursor()
    assert is_idle(cursor), "the snapshot must be one of its own"
    try:
        for statement in _SNAPSHOT:
            cursor.execute(statement)
        found = [
            Wrong(wallet_id, facts.table, key, stored, derived)
            for facts in TABLES
            for wallet_id, key, stored, derived in cursor.execute(_DIFFERENCES[facts.table], params, prepare=False)
        ]
    finally:
        roll_back(cursor)
    return sorted(found, key=lambda wrong: wrong.wallet_id)


def _differences(facts: Derived) -> str:
    keys = ", ".join(("wallet_id", *facts.keys))
    key = f"concat_ws(' ', {', '.join(facts.keys)})" if facts.keys else "''"
    return f"""{LINES_OF_FAMILIES}, derived AS MATERIALIZED ({facts.sql}), stored AS (
 SELECT f.* FROM {facts.table} f JOIN ledger_wallet w ON w.brand_id = f.brand_id AND w.id = f.wallet_id
 WHERE f.brand_id = %(brand)s AND (w.id = ANY(%(families)s) OR w.root_id = ANY(%(families)s)))
 SELECT wallet_id, {key}, {_shown("s", facts)}, {_shown("d", facts)}
 FROM derived d FULL JOIN stored s USING ({keys})
 WHERE {_row("d", facts)} IS DISTINCT FROM {_row("s", facts)} ORDER BY {keys}"""


def _shown(alias: str, facts: Derived) -> str:
    """The values as text: `visits 3, first_at ...`; NULL for a row that is not there."""
    values = ", ".join(f"'{value} ' || {_plain(f'{alias}.{value}', value)}" for value in facts.values)
    return f"nullif(concat_ws(', ', {values}), '')"


def _plain(column: str, value: str) -> str:
    return f"trim_scale({column})" if value in ("spend", "quantity") else column


def _row(alias: str, facts: Derived) -> str:
    return f"ROW({', '.join(f'{alias}.{value}' for value in facts.values)})"


_DIFFERENCES: dict[str, str] = {facts.table: _differences(facts) for facts in TABLES}
