"""Web server and workers give up on long statements; commands take the time they need."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from clutch_portal.embedded.places import CHECKOUT

SHOW = "from django.db import connection as c; k = c.cursor(); k.execute('SHOW {}'); print(k.fetchone()[0])"
LIMITS = [
    ("statement_timeout", "10s", "0"),
    ("idle_in_transaction_session_timeout", "5s", "0"),
    ("lock_timeout", "2s", "2s"),
]


@pytest.mark.parametrize(("name", "served", "_"), LIMITS)
def test_serving_processes_are_limited(name: str, served: str, _: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone() == (served,)


@pytest.mark.parametrize(("name", "_", "free"), LIMITS)
def test_commands_are_not_but_for_locks(name: str, _: str, free: str) -> None:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", SHOW.format(name)]
    answer = subprocess.run(command, cwd=CHECKOUT, env=os.environ, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == free


def test_no_connection_is_waited_for_longer_than_five_seconds() -> None:
    assert connection.settings_dict["OPTIONS"]["connect_timeout"] == 5
