"""The unit of work, written once around every changing verb, whoever starts it.

    1 BEGIN
    2 the customRequestId is inserted and the family rows are locked, in one statement: the twin of a running call
      waits for the key and holds nothing else
    3 the verb reads what it needs, under the lock, and decides; every refusal is raised here
    4 one statement writes everything: operation, the verb's fragments, the request row
    5 COMMIT, then what was to happen after it

A refusal rolls back and leaves nothing behind. A deadlock, or a card that was activated between lock and read, repeats
the unit; nothing outside has happened yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import structlog

from apps.kernel.db.hot import Cursor, hot_cursor, is_idle, roll_back
from apps.kernel.errors import Refusal
from apps.kernel.fragments import Fragment, compose
from apps.requestlog import fragments
from apps.requestlog.core.call import Call, ConcurrentCard, ConcurrentRequest, DuplicateCustomRequestId
from apps.requestlog.core.plan import Plan

Answer = TypeVar("Answer")
Decide = Callable[[Cursor, frozenset[int]], Plan[Answer]]
Record = Callable[[Answer], Fragment]

ATTEMPTS = 3
log = structlog.get_logger(__name__)


class ReadAgain(Exception):
    """What was read is not what was locked: run the unit again."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Which rows a verb locks: a SELECT of one bigint column with a locking clause, naming `%(brand)s`.

    It must contain `{mine}`, the condition under which the call may go on; without it a twin would lock rows too.
    `busy` is the refusal when others keep these rows for too long.
    """

    sql: str
    params: Mapping[str, Any] = field(default_factory=dict)
    busy: type[Refusal] = ConcurrentCard


_KEY = """WITH k AS (INSERT INTO requestlog_key (brand_id, digest, operation_id)
 SELECT %(brand)s, %(digest)s, %(operation)s WHERE %(digest)s::bytea IS NOT NULL ON CONFLICT DO NOTHING RETURNING 1)
 SELECT NULL::bigint AS id, (%(digest)s::bytea IS NULL OR EXISTS (SELECT FROM k)) AS mine"""
_MINE = "(%(digest)s::bytea IS NULL OR EXISTS (SELECT FROM k))"
_WHO_USED_IT = "SELECT operation_id FROM requestlog_key WHERE brand_id = %(brand)s AND digest = %(digest)s"


def change(
    *,
    call: Call,
    lock: Lock | Callable[[], Lock] | None,
    decide: Decide[Answer],
    record: Record[Answer] | None = None,
) -> Answer:
    """Run one changing verb and return its answer.

    `decide` gets the cursor and the locked ids. A `lock` that depends on what an earlier attempt read is a function.
    `record` turns the answer into the request row's fragment; pages and
    tasks have none. Refuses with what `decide` raises, with 3 for a consumed customRequestId, with 28 (an id was sent)
    or the lock's own refusal (4 unless it says else) when a lock takes too long.
    """
    for attempt in range(1, ATTEMPTS + 1):
        wanted = lock() if callable(lock) else lock
        try:
            return _attempt(call, wanted, decide, record)
        except (psycopg.errors.DeadlockDetected, ReadAgain) as problem:
            level = log.info if isinstance(problem, ReadAgain) else log.warning
            level("unit repeated", operation=str(call.id), attempt=attempt, reason=type(problem).__name__)
            if attempt == ATTEMPTS:
                raise _busy(wanted) from problem
    raise AssertionError("unreachable")


def _busy(lock: Lock | None) -> type[Refusal]:
    return lock.busy if lock is not None else ConcurrentCard


def _attempt(call: Call, lock: Lock | None, decide: Decide[Answer], record: Record[Answer] | None) -> Answer:
    cursor = hot_cursor()
    assert is_idle(cursor), "a unit of work inside another transaction would commit it"
    cursor.execute("BEGIN")
    try:
        locked = _lock(cursor, call, lock)
        plan = decide(cursor, locked)
        parts = [fragments.operation(call, plan), *plan.fragments]
        if record is not None:
            parts.append(fragments.explained(record(plan.answer), plan.explanation))
        _write(cursor, plan, parts)
        cursor.execute("COMMIT")
        assert cursor.statusmessage == "COMMIT", "the server rolled back what was to be committed"
    except BaseException as problem:
        roll_back(cursor)
        if isinstance(problem, (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)):
            raise (ConcurrentRequest if call.custom_id else _busy(lock)) from problem
        raise
    _follow_up(call, plan)
    return plan.answer


def _follow_up(call: Call, plan: Plan[Any]) -> None:
    """What was to happen after the commit. The change is made; a follow-up that fails must not deny it."""
    for follow_up in plan.after_commit:
        try:
            follow_up()
        except Exception:
            log.exception("follow-up failed", operation=str(call.id))


def _write(cursor: Cursor, plan: Plan[Any], parts: list[Fragment]) -> None:
    # psycopg keeps no translation of named parameters for texts of this length: they are numbered already
    numbered = psycopg.RawCursor(cursor.connection)
    try:
        numbered.execute(*compose(parts))
    except (psycopg.errors.UniqueViolation, psycopg.errors.CheckViolation) as problem:
        if problem.diag.constraint_name in plan.contested:
            raise ReadAgain from problem
        raise


def _lock(cursor: Cursor, call: Call, lock: Lock | None) -> frozenset[int]:
    digest = call.digest
    if lock is None and digest is None:
        return frozenset()
    params = {"brand": call.brand_id, "digest": digest, "operation": call.id, **(lock.params if lock else {})}
    (_, mine), *rows = cursor.execute(_lock_text(lock.sql if lock else None), params).fetchall()
    if not mine:
        raise DuplicateCustomRequestId(_who_used(cursor, params))
    return frozenset(row[0] for row in rows)


@cache
def _lock_text(sql: str | None) -> str:
    if sql is None:
        return _KEY
    return f"{_KEY}\n UNION ALL SELECT locked.id, NULL FROM ({sql.replace('{mine}', _MINE)}) AS locked (id)"


def _who_used(cursor: Cursor, params: Mapping[str, Any]) -> UUID:
    row = cursor.execute(_WHO_USED_IT, params).fetchone()
    assert row is not None, "a key that was in the way is gone"
    original: UUID = row[0]
    return original


def consumed_by(*, brand_id: int, digest: bytes) -> UUID | None:
    """Which call consumed a customRequestId; None if none did."""
    row = hot_cursor().execute(_WHO_USED_IT, {"brand": brand_id, "digest": digest}).fetchone()
    return row[0] if row else None
