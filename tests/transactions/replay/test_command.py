"""`manage.py replay_purchases`: a process of its own, as an operator starts it."""

import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.checkouts.models import Checkout
from clutch_portal.embedded.places import CHECKOUT
from tests.journeys.storm.server import environment_here
from tests.shop import Shop
from tests.transactions.replay.conftest import CDNOW

PURCHASES = 53


def run(*arguments: str) -> tuple[str, int]:
    """The command in this process: what it says, and its exit code."""
    out, code = StringIO(), 0
    try:
        call_command("replay_purchases", str(CDNOW), *arguments, stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    return out.getvalue(), code


def test_the_summary_agrees_with_the_request_log(shop: Shop, demo_file: Path) -> None:
    said, code = run("--rate", "0", "--demo", str(demo_file))
    assert code == 0
    assert "refused    0" in said
    assert "cards      13 (13 new, 0 known)" in said
    assert "checkouts  53 of 53 (53 now, 0 by earlier runs)" in said
    assert "sum        1,192.39" in said
    assert "log        agrees: 92 calls" in said


def test_the_rate_is_kept(shop: Shop, demo_file: Path) -> None:
    said, code = run("--rate", "150", "--demo", str(demo_file), "--concurrency", "8")
    assert code == 0
    rate = float(said.partition(" calls/s\n           allocate")[0].rpartition(": ")[2])
    assert rate <= 155


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_it_can_be_stopped_and_goes_on(shop: Shop, demo_file: Path, number: signal.Signals) -> None:
    line = [sys.executable, "manage.py", "replay_purchases", str(CDNOW), "--rate", "30", "--demo", str(demo_file)]
    child = subprocess.Popen(line, cwd=CHECKOUT, env=os.environ | environment_here(), stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    first = child.stdout.readline()
    child.send_signal(number)
    rest, _ = child.communicate(timeout=30)
    assert "of 53 purchases" in first
    assert 0 < Checkout.objects.filter(brand=shop.brand).count() < PURCHASES
    if number == signal.SIGINT:
        assert child.returncode == 130
        assert "The same command goes on where this one ended." in rest
        assert "agrees" in rest
    said, code = run("--rate", "0", "--demo", str(demo_file))
    assert (code, Checkout.objects.filter(brand=shop.brand).count()) == (0, PURCHASES)
    assert "checkouts  53 of 53" in said
    assert "sum        1,192.39" in said


def test_a_wrong_secret_ends_at_once(shop: Shop, demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUTCH_API_SECRET", "guessed")
    said, code = run("--rate", "0", "--demo", str(demo_file), "--api-key", shop.key)
    assert code == 1
    assert "Given up: line" in said
    assert "search: 5" in said


def test_without_a_demo_file_the_address_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="base_url, brand, location, terminal, key, secret"):
        call_command("replay_purchases", str(CDNOW), "--rate", "0", "--demo", str(tmp_path / "none.json"))


def test_an_unreadable_log_is_said(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("customer,date,amount\nAda,yesterday,3\n")
    with pytest.raises(CommandError, match="Line 2"):
        call_command("replay_purchases", str(file), "--rate", "0")
