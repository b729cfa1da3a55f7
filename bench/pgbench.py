"""pgbench with the very statements that one call sends: what the database alone can do on this machine.

The texts are recorded at the psycopg connection while one updateBalance runs. What differs from call to call (card,
ids, running numbers, amounts, moments) is given by pgbench's own variables, so that every transaction is a right one;
everything else is sent with the values of the recorded call. A list of one value is written ARRAY[$1] instead of $1.
"""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg

from apps.kernel.fragments import Fragment
from bench.brand import FIRST_NUMBER
from clutch_portal.embedded import programs

Statement = tuple[str, Mapping[str, Any]]

_OPERATION = "(:stamp::text || :n::text)::uuid"
_VARYING = {
    "digest": "uuid_send((:salt::text || :r::text)::uuid)",
    "operation": _OPERATION,
    "operation_id": _OPERATION,
    "request_id": _OPERATION,
    "entries_operation": _OPERATION,
    "numbers": ":card",
    "number_0": ":card",
    "operation_family": ":wallet_id",
    "operation_occurred": "statement_timestamp()",
    "operation_recorded": "statement_timestamp()",
    "visit_wallet": ":wallet_id",
    "visit_at": "statement_timestamp()",
    "request_card": ":card",
    "request_custom": ":r",
    "wallets_id": ":wallet_id",
    "wallets_seq": ":seq",
    "wallets_lot": ":last_lot",
    "wallets_at": "statement_timestamp()",
    "lots_wallet": ":wallet_id",
    "lots_no": ":first_no",
    "lots_remaining": ":left",
    "entries_wallet": ":wallet_id",
    "entries_seq": ":seq",
    "entries_lot": ":first_no",
    "entries_kind": ":kind",
    "entries_amount": ":delta",
    "entries_lot_after": ":left",
    "entries_balance_after": ":left",
    "entries_occurred": "statement_timestamp()",
    "entries_recorded": "statement_timestamp()",
}
_BEFORE = """\\set card {first} + random(0, {last})
\\set n {base} + :client_id * 10000000000000 + :i
\\set i :i + 1
\\set r random(100000000000000, 999999999999999)
\\set kind random(1, 2)
\\set delta 3 - 2 * :kind
"""
_AFTER_READ = """\\gset
\\set seq :last_seq + 1
\\set left :first_remaining + :delta
"""


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Collect what is executed at psycopg's cursors, in order; the write with the names of its parameters."""
    from apps.requestlog import unit

    seen: list[Statement] = []
    written: list[Statement] = []
    execute, compose = psycopg.Cursor.execute, unit.compose

    def record(cursor: psycopg.Cursor[Any], query: Any, params: Any = None, **options: Any) -> psycopg.Cursor[Any]:
        seen.append(written.pop() if isinstance(params, list) else (str(query), dict(params or {})))
        return execute(cursor, query, params, **options)

    def remember(fragments: Sequence[Fragment]) -> tuple[str, list[Any]]:
        written.append(_named(fragments))
        return compose(fragments)

    with patch.object(psycopg.Cursor, "execute", record), patch.object(unit, "compose", remember):
        yield seen


def _named(fragments: Sequence[Fragment]) -> Statement:
    """The one write statement with `%(fragment_parameter)s` where the product sends `$1`."""
    parts = [f"{part.name} AS ({part.sql.replace('%(', f'%({part.name}_')})" for part in fragments]
    params = {f"{part.name}_{name}": value for part in fragments for name, value in part.params.items()}
    return f"WITH {', '.join(parts)} SELECT 1", params


def script(statements: list[Statement], *, cards: int, run: int) -> tuple[str, dict[str, str]]:
    """pgbench's script for the five statements, and its variables. `run` keeps the ids of several runs apart."""
    variables = {"i": "0", "stamp": f"01999999{run:04d}7999a", "salt": "5" * 17}
    text = _BEFORE.format(first=FIRST_NUMBER, last=cards - 1, base=100_000_000_000_000)
    for number, (statement, params) in enumerate(statements):
        is_read = "k.closed_through" in statement
        text += _translated(_with_first_lot(statement) if is_read else statement, params, variables, number)
        text += f" {_AFTER_READ}" if is_read else ";\n"
    return text, variables


def _with_first_lot(read: str) -> str:
    """pgbench cannot look into arrays: the read gives it the card's only lot besides."""
    return read.replace(" l.*", " l.*, l.no[1] AS first_no, l.remaining[1] AS first_remaining")


def _translated(statement: str, params: Mapping[str, Any], variables: dict[str, str], number: int) -> str:
    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name in _VARYING:
            return f"ARRAY[{_VARYING[name]}]" if isinstance(params[name], list) else _VARYING[name]
        value = _literal(params[name])
        if value is None:
            return "NULL"
        variables[f"s{number}_{name}"] = value
        return f":s{number}_{name}"

    text = re.sub(r"%\((\w+)\)s", put, statement).replace("%%", "%")
    return " ".join(text.split())


def _literal(value: Any) -> str | None:
    """A parameter as text; None stays NULL."""
    if value is None or (isinstance(value, list) and value == [None]):
        return None if value is None else "{NULL}"
    if isinstance(value, list):
        return "{" + ",".join(_literal(each) or "NULL" for each in value) + "}"
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | Decimal | str | UUID | date):
        return str(value)
    raise TypeError(f"no literal for {value!r}")


def run_pgbench(
    url: str, statements: list[Statement], *, cards: int, clients: int, seconds: float, run: int, folder: Path
) -> float:
    """Transactions per second of the recorded statements."""
    text, variables = script(statements, cards=cards, run=run)
    file = folder / f"update_balance-{run}.sql"
    file.write_text(text)
    command = [str(programs() / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=2"]
    command += [f"--time={max(1, round(seconds))}", f"--file={file}"]
    command += [part for name, value in variables.items() for part in ("-D", f"{name}={value}")]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=False)
    rate = re.search(r"tps = ([0-9.]+)", done.stdout)
    if done.returncode or rate is None or "ERROR" in done.stderr:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}\n{done.stderr[-3000:]}")
    return float(rate[1])
