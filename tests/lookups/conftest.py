"""Counting of statements."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """A context in which every statement is noted, whoever sends it."""

    @contextlib.contextmanager
    def noting() -> Iterator[list[str]]:
        noted: list[str] = []
        execute = psycopg.Cursor.execute

        def note(self: Any, query: Any, *args: Any, **options: Any) -> Any:
            noted.append(str(query))
            return execute(self, query, *args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", note)
            yield noted

    return noting
