"""Every line that the product's processes log is JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clutch_portal import run
from clutch_portal.embedded.places import CHECKOUT

FAILS = """
import logging, django
django.setup()
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("somebody.else").exception("it broke")
"""
GRANIAN = """
import json, logging
from pathlib import Path
from granian.log import LogLevels, configure_logging
configure_logging(LogLevels.warning, json.loads(Path("clutch_portal/granian.json").read_text()))
logging.getLogger("_granian").error("worker %s died", 1)
"""


def lines_of(command: list[str], **environment: str) -> list[dict[str, str]]:
    """What a command prints until it ends, or for some seconds."""
    known = {**os.environ, "DJANGO_SETTINGS_MODULE": "clutch_portal.settings", **environment}
    process = subprocess.Popen(
        command, cwd=CHECKOUT, env=known, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        output, _ = process.communicate(timeout=6)
    except subprocess.TimeoutExpired:
        process.kill()  # asked to end, Celery says goodbye in plain words
        output, _ = process.communicate()
    return [json.loads(line) for line in output.splitlines()]


def test_a_traceback_of_a_foreign_logger_is_text() -> None:
    (line,) = lines_of([sys.executable, "-c", FAILS])

    assert (line["event"], line["level"], line["logger"]) == ("it broke", "error", "somebody.else")
    assert line["exception"].startswith("Traceback")
    assert "ZeroDivisionError" in line["exception"]


def test_the_web_servers_own_lines_are_json() -> None:
    (line,) = lines_of([sys.executable, "-c", GRANIAN])

    assert (line["event"], line["level"], line["logger"]) == ("worker 1 died", "error", "_granian")


@pytest.mark.parametrize(("name", "said"), [("worker", " ready."), ("beat", "beat: Starting...")])
def test_what_celery_says_is_json(name: str, said: str, tmp_path: Path) -> None:
    command, _ = run.commands(0, beat_schedule=tmp_path / "beat")[name]

    lines = lines_of(command)

    assert any(said in line["event"] for line in lines)
    assert all(line["timestamp"] for line in lines)
