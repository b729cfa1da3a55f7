"""The supervisor behind `make run`, with small programs in the place of the real ones."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from clutch_portal import run
from clutch_portal.embedded import processes
from clutch_portal.supervisor import Service, Supervisor

SLEEPER = "import time; time.sleep(60)"
PARENT = (
    f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', '{SLEEPER}']).pid, flush=True); {SLEEPER}"
)


def service(folder: Path, program: str) -> Service:
    return Service(
        name="web", command=[sys.executable, "-c", program], log=folder / "web.log", folder=folder, grace=2.0
    )


def test_a_service_that_is_killed_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor([service(tmp_path, SLEEPER)], dict(os.environ))
    supervisor.tend()
    first = supervisor.services[0].process
    assert first
    first.kill()
    first.wait()

    assert processes.wait_until(lambda: _alive_after_tending(supervisor), 5)

    assert supervisor.services[0].process is not first
    supervisor.end(hurry=lambda: True)


def _alive_after_tending(supervisor: Supervisor) -> bool:
    supervisor.tend()
    return supervisor.services[0].alive()


def test_what_a_killed_service_had_started_ends_with_it(tmp_path: Path) -> None:
    parent = service(tmp_path, PARENT)
    parent.start(dict(os.environ))
    assert parent.process
    assert processes.wait_until(lambda: parent.log.read_text().strip().isdigit(), 5)
    parent.process.kill()
    parent.process.wait()

    parent.bury(time.monotonic())

    assert processes.wait_until(lambda: processes.command_line(int(parent.log.read_text())) is None, 5)


def test_a_service_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    deaf = service(tmp_path, f"import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); {SLEEPER}")
    deaf.grace = 0.2
    deaf.start(dict(os.environ))
    assert processes.wait_until(lambda: "deaf" in deaf.log.read_text(), 5)

    Supervisor([deaf], {}).end(hurry=lambda: False)

    assert deaf.process
    assert deaf.process.returncode == -signal.SIGKILL


def test_errors_in_a_log_are_shown_on_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    talker = service(tmp_path, SLEEPER)
    talker.log.write_text("[ERROR] of yesterday\n")
    talker.start(dict(os.environ))
    with talker.log.open("a") as log:
        log.write('all well\n{"event": "boom", "level": "error"}\n')

    talker.show_trouble()
    talker.show_trouble()

    assert capfd.readouterr().err == 'web: {"event": "boom", "level": "error"}\n'
    talker.end(lambda: True)


def test_a_port_that_is_taken_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(run.CannotRunError, match=f"Port {port} .*make run PORT={port + 1}"):
            run._check_port(port)


def test_the_welcome_shows_logins_and_a_call_to_paste() -> None:
    demo = {
        "brand": "acme",
        "location": "L1",
        "terminal": "T1",
        "apiKey": "key",
        "apiSecret": "se'cret",
        "users": {"admin": {"username": "alice", "password": "a b"}},
    }

    text = run.welcome("http://127.0.0.1:8000", demo)

    assert "alice / a b" in text
    assert "curl http://127.0.0.1:8000/merchant/search -u 'key:se'\"'\"'cret' -H 'brand: acme'" in text
    assert """-d '{"filters": {}}'""" in text


def test_the_welcome_does_without_demo_data() -> None:
    assert "http://127.0.0.1:8000/" in run.welcome("http://127.0.0.1:8000", {})
