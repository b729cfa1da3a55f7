"""Servers shared by several processes of one checkout."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clutch_portal.embedded import EmbeddedError, Redis, processes, servers, sharing
from clutch_portal.embedded.locks import locked
from clutch_portal.embedded.places import CHECKOUT, Places
from clutch_portal.embedded.wipe import wipe

HOLD = Path(__file__).with_name("hold.py")
Hold = Callable[[str], "subprocess.Popen[str]"]


def another_user(hold: Hold) -> "subprocess.Popen[str]":
    process = hold("shared")
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_the_last_one_out_stops_them(checkout: Places, hold: Hold) -> None:
    other = another_user(hold)
    with servers(checkout) as shared:
        assert shared.postgres and shared.redis
    assert shared.postgres.is_ready() and shared.redis.is_ready()

    other.communicate()

    assert shared.postgres.pid() is None and shared.redis.pid() is None


def test_a_user_that_is_killed_counts_no_longer(checkout: Places, hold: Hold) -> None:
    other = another_user(hold)
    with servers(checkout) as shared:
        assert shared.postgres and shared.redis
        other.kill()
        other.wait()

    assert shared.postgres.pid() is None and shared.redis.pid() is None


def test_what_dies_meanwhile_is_repaired(checkout: Places) -> None:
    with servers(checkout) as shared:
        assert shared.postgres and shared.redis
        shared.postgres.kill()
        shared.redis.kill()

        assert shared.repair() == ["Redis", "PostgreSQL"]
        assert shared.repair() == []

        assert shared.postgres.is_ready() and shared.redis.is_ready()


def test_nothing_starts_where_the_urls_name_real_servers(checkout: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example.com/clutch")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example.com/0")

    with servers(checkout) as shared:
        assert shared.postgres is None and shared.redis is None

    assert not checkout.var.exists()


def test_wiping_is_refused_while_somebody_uses_them(checkout: Places, hold: Hold) -> None:
    other = another_user(hold)
    with pytest.raises(EmbeddedError, match="in use"):
        wipe(checkout)

    other.communicate()
    wipe(checkout)

    assert not checkout.var.exists()


def test_wiping_ends_servers_that_outlived_their_users(checkout: Places, hold: Hold) -> None:
    other = another_user(hold)
    left = Redis(checkout.var / "redis", checkout.sockets / "redis" / "redis.sock", log=checkout.log / "redis.log")
    pids = [left.pid(), int((checkout.var / "postgres" / "postmaster.pid").read_text().split()[0])]
    other.kill()
    other.wait()

    wipe(checkout)

    assert all(pids) and not any(processes.command_line(pid) for pid in pids if pid)
    assert not checkout.var.exists()


def test_celery_gets_its_own_name_for_a_redis_on_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    monkeypatch.setenv("REDIS_URL", "unix:///run/redis.sock?db=2")

    assert sharing.broker_url() == "redis+socket:///run/redis.sock?virtual_host=2"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as somebody else")
def test_an_ordinary_user_can_run_them_too(checkout: Places) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(checkout.checkout, nobody.pw_uid, nobody.pw_gid)

    answer = run_as(nobody, [python_for(nobody), HOLD, "shared", checkout.checkout])

    assert (answer.stdout, answer.stderr) == ("up\n", "")
    assert (checkout.var / "postgres" / "PG_VERSION").stat().st_uid == nobody.pw_uid


def python_for(user: pwd.struct_passwd) -> str:
    """A Python of our version that the other user can run together with our packages."""
    for python in (sys.executable, "/usr/bin/python3"):
        answer = run_as(user, [python, "-c", "import sys, clutch_portal; print(sys.version_info[:2])"])
        if answer.stdout.strip() == str(sys.version_info[:2]):
            return python
    pytest.skip("Python or the checkout lies in a folder that is closed to other users")


def run_as(user: pwd.struct_passwd, command: list[str | Path]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            env=os.environ | {"PYTHONPATH": f"{CHECKOUT}:{sysconfig.get_path('purelib')}"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            check=False,
        )
    except PermissionError:
        return subprocess.CompletedProcess(command, 126, "", "")


def test_who_waits_while_everything_is_wiped_is_told(checkout: Places) -> None:
    checkout.prepare()
    refused: list[str] = []

    def wait() -> None:
        try:
            with locked(checkout.var / "servers.lock"):
                pass
        except EmbeddedError as error:
            refused.append(str(error))

    with locked(checkout.var / "servers.lock"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.2)
        shutil.rmtree(checkout.var)
    waiting.join(5)

    assert refused == [f"{checkout.var} was removed meanwhile: try again."]
