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
from clutch_portal.embedded.places import CHECKOUT
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


def test_a_log_that_is_gone_or_moved_ends_nothing(tmp_path: Path) -> None:
    supervisor = Supervisor([service(tmp_path, SLEEPER)], dict(os.environ))
    supervisor.tend()
    web = supervisor.services[0]
    web.log.unlink()

    supervisor.tend()
    web.signal_group(signal.SIGKILL)
    assert processes.wait_until(lambda: _alive_after_tending(supervisor) and web.log.exists(), 5)

    supervisor.end(hurry=lambda: True)


def test_a_long_log_is_kept_once_and_begun_anew_while_it_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    talker = service(tmp_path, "import time\nwhile True: print('ERROR again', flush=True); time.sleep(0.05)")
    talker.log.write_bytes(b"x" * (processes.LOG_LIMIT + 1))
    talker.start(dict(os.environ))
    assert talker.log.with_name("web.log.1").stat().st_size == processes.LOG_LIMIT + 1
    assert processes.wait_until(lambda: talker.log.stat().st_size > 0, 10)
    with talker.log.open("ab") as log:
        log.write(b"y" * processes.LOG_LIMIT + b"\n")
    talker.show_trouble()
    processes.keep_short(talker.log)

    assert processes.wait_until(lambda: talker.log.stat().st_size > 0, 5)

    assert talker.log.stat().st_size < 10_000
    assert talker.log.with_name("web.log.1").read_bytes().startswith(b"ERROR again")
    assert talker.log.with_name("web.log.1").stat().st_mode & 0o777 == 0o600
    capfd.readouterr()
    talker.show_trouble()
    assert "web: ERROR again" in capfd.readouterr().err
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


@pytest.mark.parametrize("port", ["0", "65536", "http", "\u00b2"])
def test_what_is_no_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(run.CannotRunError, match="no port number"):
        run._port()


def test_the_readme_shows_the_call_that_is_printed() -> None:
    demo = {"brand": "demo", "location": "pier-4", "terminal": "till-1", "apiKey": "KEY", "apiSecret": "SECRET"}
    call = run.welcome("http://127.0.0.1:8000", demo).split("Call     ")[1].splitlines()[0]

    readme = (CHECKOUT / "README.md").read_text()

    assert call in " ".join(readme.replace("\\\n", " ").split())
