"""The cursor of the hot path: server-side binding and prepared statements, beside Django's client-side bound ORM."""

from typing import Any

import psycopg
from django.db import connections
from psycopg.rows import TupleRow


def hot_cursor(using: str = "default") -> psycopg.Cursor[TupleRow]:
    """A plain psycopg cursor on Django's own connection, which is in autocommit: BEGIN is the caller's word."""
    wrapper = connections[using]
    wrapper.ensure_connection()
    raw: psycopg.Connection[Any] = wrapper.connection
    return psycopg.Cursor(raw)
