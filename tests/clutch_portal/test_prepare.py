"""What `make run` does before it serves."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.test import override_settings

from clutch_portal import prepare
from clutch_portal.embedded import processes
from clutch_portal.embedded.locks import locked
from tests.shop import Shop

PARENT = """
import os, sys
from clutch_portal import run
sys.executable = {program!r}
run._prepare(dict(os.environ), run.StopRequest())
"""


def test_preparing_ends_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program, note = tmp_path / "program", tmp_path / "pid"
    program.write_text(f"#!/bin/sh\necho $$ > {note}.new; mv {note}.new {note}; exec sleep 60\n")
    program.chmod(0o755)
    supervisor = subprocess.Popen([sys.executable, "-c", PARENT.format(program=str(program))], env=os.environ)
    assert processes.wait_until(note.exists, 10)

    supervisor.kill()
    supervisor.wait()

    assert processes.wait_until(lambda: processes.command_line(int(note.read_text())) is None, 5)


def test_only_one_prepares_at_a_time(tmp_path: Path) -> None:
    entered = threading.Event()

    def enter() -> None:
        with locked(tmp_path / "prepare.lock"):
            entered.set()

    with locked(tmp_path / "prepare.lock"):
        other = threading.Thread(target=enter)
        other.start()
        assert not entered.wait(0.2)
    other.join(5)
    assert entered.is_set()


def test_no_demo_brand_is_made_in_production(capfd: pytest.CaptureFixture[str]) -> None:
    with override_settings(ENVIRONMENT="production"):
        prepare.make_demo()

    assert "ENVIRONMENT=production: no demo brand" in capfd.readouterr().err


def test_no_demo_brand_is_wanted_beside_a_brand_of_somebodys_own(acme: Shop) -> None:
    assert prepare.is_demo_wanted() is False
