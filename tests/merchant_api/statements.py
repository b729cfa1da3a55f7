"""Counting what goes to PostgreSQL at the connection itself: libpq writes down every message, whoever sends it."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import pq

_SENT = re.compile(rb"^F\t\d+\t(?:Execute|Query)\b", re.MULTILINE)


class Statements:
    """How many statements were sent; known once the block has ended."""

    count = 0


@contextmanager
def statements() -> Iterator[Statements]:
    """Count the statements of this thread's connection, BEGIN and COMMIT too."""
    connection.ensure_connection()
    link = connection.connection.pgconn
    seen = Statements()
    with tempfile.TemporaryFile() as file:
        link.trace(file.fileno())
        link.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield seen
        finally:
            link.untrace()
            file.seek(0)
            seen.count = len(_SENT.findall(file.read()))
