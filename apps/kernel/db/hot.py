"""The cursor of the hot path: server-side binding and prepared statements, beside Django's client-side bound ORM."""

import select
from contextlib import suppress
from typing import Any

import psycopg
from django.db import connections
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.rows import TupleRow

Cursor = psycopg.Cursor[TupleRow]


def hot_cursor(using: str = "default") -> Cursor:
    """A plain psycopg cursor on Django's own connection, which is in autocommit: BEGIN is the caller's word.

    A connection that its server has left (a restart, say) is replaced.
    """
    wrapper = connections[using]
    wrapper.ensure_connection()
    raw: psycopg.Connection[Any] = wrapper.connection
    if _was_left(raw):
        wrapper.close()
        wrapper.ensure_connection()
        raw = wrapper.connection
    return psycopg.Cursor(raw)


def roll_back(cursor: Cursor, using: str = "default") -> None:
    """Roll back; a connection that is beyond that is closed, so that the next call opens a new one.

    psycopg forgets all prepared statements when it sees a ROLLBACK, in case a table was altered in between. Nothing
    here alters tables, so the word goes to the server past psycopg.
    """
    with suppress(psycopg.Error):
        if cursor.connection.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
            return
    connections[using].close()


def is_idle(cursor: Cursor) -> bool:
    """Whether no transaction is open on the cursor's connection. Asks libpq, not the server."""
    return cursor.connection.info.transaction_status == TransactionStatus.IDLE


def _was_left(raw: psycopg.Connection[Any]) -> bool:
    """Whether an idle connection is dead: the server says nothing on one, unless it says goodbye."""
    if raw.closed:
        return True
    if raw.info.transaction_status != TransactionStatus.IDLE:
        return False
    poll = select.poll()
    poll.register(raw.fileno(), select.POLLIN)
    return bool(poll.poll(0))
