"""Open a file that an import writes beside its source."""

import fcntl
import os
from pathlib import Path


def open_own(path: Path) -> int:
    """A descriptor for reading and writing a file, new or not, which only its owner may read.

    OSError where the path is a link (its target is not ours to overwrite), where the file is somebody else's, and while
    another process has it.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.fchmod(file, 0o600)
    except BlockingIOError as problem:
        os.close(file)
        raise BlockingIOError(problem.errno, "Another import writes into it", str(path)) from problem
    except OSError as problem:
        os.close(file)
        raise type(problem)(problem.errno, problem.strerror, str(path)) from problem
    return file
