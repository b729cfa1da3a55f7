"""Locks between processes, on files below var/. The kernel lifts them however a process ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from clutch_portal.embedded.errors import EmbeddedError


def open_lock(file: Path) -> IO[bytes]:
    """Open the file behind a lock, made if need be."""
    return open(file, "ab", opener=lambda path, flags: os.open(path, flags, 0o600))


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    """Wait for the lock and hold it while the block runs; refuse when the folder was wiped while we waited."""
    with open_lock(file) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_there(file, lock):
            raise EmbeddedError(f"{file.parent} was removed meanwhile: try again.")
        yield


def _is_there(file: Path, lock: IO[bytes]) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(lock.fileno()))
    except FileNotFoundError:
        return False
