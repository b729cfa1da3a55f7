"""The servers of a test run."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg

from clutch_portal import embedded
from clutch_portal.embedded import processes
from clutch_portal.embedded.places import Places


def test_they_are_fast_and_gone_afterwards(checkout: Places) -> None:
    with embedded.test_servers(checkout.checkout) as pair:
        with psycopg.connect(pair.environment()["DATABASE_URL"]) as connection:
            assert connection.execute("show fsync").fetchone() == ("off",)
        folder = pair.folder

    assert not folder.exists()
    assert pair.postgres.pid() is None and pair.redis.pid() is None


def test_they_die_with_a_run_that_is_killed_and_the_next_run_tidies_up(
    checkout: Places, hold: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    run = hold("throwaway")
    assert run.stdout is not None
    folder, *pids = run.stdout.readline().split()
    os.kill(run.pid, signal.SIGKILL)
    run.communicate()

    assert processes.wait_until(lambda: not any(processes.command_line(int(pid)) for pid in pids), 10)
    assert Path(folder).exists()
    with embedded.test_servers(checkout.checkout):
        assert not Path(folder).exists()


def test_two_runs_do_not_disturb_each_other(checkout: Places) -> None:
    with embedded.test_servers(checkout.checkout) as one, embedded.test_servers(checkout.checkout) as two:
        assert one.postgres.pid() != two.postgres.pid()
        assert one.postgres.is_ready() and one.redis.is_ready()
