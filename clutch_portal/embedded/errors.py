"""What goes wrong with embedded servers, in words a person can act on."""

import sys
from pathlib import Path


class EmbeddedError(RuntimeError):
    """An embedded server cannot be used; the message says why and what helps."""


def last_lines(log: Path, count: int = 8) -> str:
    """The end of a log file, indented, to stand below an error message."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "".join(f"\n    {line}" for line in lines)


def say(text: str) -> None:
    """One line to the person at the terminal, apart from a command's own output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
