"""Many active cards with one open lot each, made inside the database: through the API a million would take an hour.

The rows are those that allocate and a first issue leave, so that `verify_ledger` agrees with them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from bench.brand import CARDS_START_WITH, FIRST_NUMBER, Till

_OPERATION_ID = "('01900000-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid"
_AT = "timestamptz '2024-06-01 12:00:00+00'"
_EACH = "FROM generate_series(1, %(cards)s::bigint) g"

_STEPS = (
    f"""INSERT INTO ledger_wallet (brand_id, id, program_id, card_set_id, owner_location_id, is_demo, last_seq,
 last_lot, last_at)
 SELECT %(brand_id)s, g, %(program_id)s, %(card_set_id)s, %(location_id)s, false, 1, 1, {_AT} {_EACH}""",
    f"""INSERT INTO requestlog_operation (brand_id, id, origin, call_type, occurred_at, recorded_at, family_id,
 location_id) SELECT %(brand_id)s, {_OPERATION_ID}, 1, 4, {_AT}, {_AT}, g, %(location_id)s {_EACH}""",
    f"""INSERT INTO ledger_lot (brand_id, wallet_id, no, value_type_id, return_related, remaining)
 SELECT %(brand_id)s, g, 1, %(value_type_id)s, false, %(amount)s {_EACH}""",
    f"""INSERT INTO ledger_entry (brand_id, wallet_id, seq, operation_id, lot_no, value_type_id, kind, amount,
 lot_after, balance_after, occurred_at, recorded_at, booked_on, program_id, card_set_id, owner_location_id, is_demo,
 location_id, mutation_no)
 SELECT %(brand_id)s, g, 1, {_OPERATION_ID}, 1, %(value_type_id)s, 1, %(amount)s, %(amount)s, %(amount)s,
 {_AT}, {_AT}, '2024-06-01', %(program_id)s, %(card_set_id)s, %(location_id)s, false, %(location_id)s, 1 {_EACH}""",
    f"""INSERT INTO cards_card (brand_id, number, card_set_id, status, shuffle, is_demo, family_id, wallet_id,
 activated_at) SELECT %(brand_id)s, (%(first)s::bigint + g - 1)::text, %(card_set_id)s, 3,
 (random() * 4e18)::bigint, false, g, g, {_AT} {_EACH}""",
    "SELECT setval('ledger_wallet_id_seq', %(cards)s::bigint + 1)",
)

_EACH_LOT = f"{_EACH} CROSS JOIN generate_series(2, %(lots)s::int) n"
_MORE_LOTS = (
    f"""INSERT INTO ledger_lot (brand_id, wallet_id, no, value_type_id, return_related, expires_at, remaining)
 SELECT %(brand_id)s, g, n, %(value_type_id)s, false, timestamptz '2199-01-01' + n * interval '1 day', %(amount)s
 {_EACH_LOT}""",
    f"""INSERT INTO ledger_entry (brand_id, wallet_id, seq, operation_id, lot_no, value_type_id, kind, amount,
 lot_after, balance_after, occurred_at, recorded_at, booked_on, program_id, card_set_id, owner_location_id, is_demo,
 location_id, mutation_no) SELECT %(brand_id)s, g, n, {_OPERATION_ID}, n, %(value_type_id)s, 1, %(amount)s,
 %(amount)s, n * %(amount)s, {_AT}, {_AT}, '2024-06-01', %(program_id)s, %(card_set_id)s, %(location_id)s, false,
 %(location_id)s, n {_EACH_LOT}""",
    """UPDATE ledger_wallet SET last_seq = %(lots)s, last_lot = %(lots)s
 WHERE brand_id = %(brand_id)s AND id <= %(cards)s""",
)

_FILLED = """SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
 AND pg_relation_size(c.oid) > 0"""


def load_cards(connection: psycopg.Connection, till: Till, cards: int) -> None:
    """Give the brand so many cards with 100,000.00 each, then bring statistics and visibility up to date."""
    params = till.facts() | {"cards": cards, "first": FIRST_NUMBER, "amount": CARDS_START_WITH}
    _load(connection, _STEPS, params)


def load_lots(connection: psycopg.Connection, till: Till, *, cards: int, lots: int) -> None:
    """Give the first so many cards further lots, up to `lots` each, that expire one day after the other."""
    params = till.facts() | {"cards": cards, "lots": lots, "amount": CARDS_START_WITH}
    _load(connection, _MORE_LOTS, params)


def _load(connection: psycopg.Connection, steps: Sequence[str], params: Mapping[str, Any]) -> None:
    connection.execute("SET session_replication_role = replica")  # foreign keys hold by construction
    connection.execute("SET synchronous_commit = off")
    for step in steps:
        connection.execute(step, params)
    settle(connection)


def settle(connection: psycopg.Connection[Any]) -> None:
    """Bring statistics and visibility of the tables that hold something up to date, and write all down.

    Empty tables stay as they are: once the planner has been told that a table is empty it reads all of it, for foreign
    keys too, until the table has grown and been analysed again. No installation begins its life like that.
    """
    filled = connection.execute(_FILLED).fetchall()
    connection.execute(SQL("VACUUM (ANALYZE) {}").format(SQL(", ").join(Identifier(name) for (name,) in filled)))
    connection.execute("CHECKPOINT")
