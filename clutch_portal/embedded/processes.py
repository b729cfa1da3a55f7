"""Processes: which are alive, how ours are started, how they end."""

# ruff: noqa: S603, S607 - no command line here holds anything from outside

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

Steps = Sequence[tuple[signal.Signals, float]]
"""Signals in turn, each with the seconds to wait for its effect."""

LOG_LIMIT = 10 * 1024 * 1024
"""Bytes of a log file before it is begun anew."""
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def command_line(pid: int) -> str | None:
    """What a live process runs; None where there is none. A zombie counts as dead."""
    if not Path("/proc/self/stat").exists():
        return _command_line_from_ps(pid)
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, IndexError):
        return None
    if state in "ZX":
        return None
    return arguments.replace(b"\0", b" ").decode(errors="replace").strip()


def live_processes() -> Iterator[tuple[int, str]]:
    """Number and command line of every live process that we may see."""
    if Path("/proc/self/stat").exists():
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    else:
        listing = subprocess.run(["ps", "-axo", "pid="], capture_output=True, text=True, check=False)
        pids = [int(line) for line in listing.stdout.split()]
    for pid in pids:
        if command := command_line(pid):
            yield pid, command


def _command_line_from_ps(pid: int) -> str | None:
    answer = subprocess.run(["ps", "-p", str(pid), "-o", "stat=,command="], capture_output=True, text=True, check=False)
    state, _, command = answer.stdout.strip().partition(" ")
    return command.strip() if state and not state.startswith("Z") else None


def start(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    user: pwd.struct_passwd | None = None,
    environment: Mapping[str, str] | None = None,
    parent_death_signal: signal.Signals | None = None,
    working_folder: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C in the terminal does not reach it directly.

    Without a `log` its output goes where ours goes. `user` is used only by root. `parent_death_signal` is sent by the
    kernel when the calling thread ends, however it ends; outside Linux there is no such thing and nothing is sent.
    """
    with open_log(log) if log else contextlib.nullcontext() as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=working_folder,
            env=environment,
            start_new_session=True,
            preexec_fn=_ask_for(parent_death_signal) if parent_death_signal else None,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )


def run_as(user: pwd.struct_passwd | None, command: Sequence[str | Path], *, stdin: str = "") -> None:
    """Run a short program to its end, as `user` where root asks for it. Raises CalledProcessError with its output."""
    subprocess.run(
        [str(part) for part in command],
        input=stdin,
        text=True,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=plain_environment(),
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def plain_environment() -> dict[str, str]:
    """An environment in which no variable of the caller changes what a server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_MESSAGES": "C"}


def open_log(log: Path) -> BinaryIO:
    """Open a private log file to append to."""
    log.parent.mkdir(mode=0o700, exist_ok=True)
    keep_short(log)
    return open(log, "ab", opener=_private)


def keep_short(log: Path) -> None:
    """Begin a log file of more than 10 MB anew and keep what it held beside it, as `.1`.

    The process that writes to it need not know: it appends, and goes on at the new beginning. What it writes in the
    instant between the copy and the cut is lost. Whatever is wrong with the disk, the product runs on.
    """
    with contextlib.suppress(OSError):
        if log.stat().st_size > LOG_LIMIT:
            with log.open("r+b") as full, open(log.with_name(f"{log.name}.1"), "wb", opener=_private) as kept:
                shutil.copyfileobj(full, kept)
                full.truncate(0)


def _private(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def die_with_parent(wanted: signal.Signals) -> None:
    """Ask the kernel to send this process a signal when the one that started it ends. Linux only."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(wanted), 0, 0, 0)


def _ask_for(wanted: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def before_exec() -> None:
        die_with_parent(wanted)
        if os.getppid() != parent:  # it ended before the kernel knew
            os._exit(1)

    return before_exec


def end(pid: int, steps: Steps, *, gone: Callable[[], bool]) -> None:
    """Send each signal in turn and wait its seconds; returns as soon as `gone` says so."""
    for wanted, seconds in steps:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, wanted)
        if wait_until(gone, seconds):
            return


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look every 20 ms until the condition holds; False when it did not within the given time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
