#!/usr/bin/env python3
"""Django's command line. Embedded servers run for as long as a command does, where no URL names real ones."""

import contextlib
import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

from clutch_portal import embedded

_NEED_NO_SERVER = {"help", "version", "compilemessages", "makemessages", "startapp", "startproject"}


def main() -> int:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clutch_portal.settings")
    os.environ.setdefault("DATABASE_TIMEOUTS", "false")  # a migration or a long report takes what it takes
    try:
        with embedded.servers() if _needs_servers(sys.argv[1:]) else contextlib.nullcontext():
            execute_from_command_line(sys.argv)
    except embedded.EmbeddedError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        return 130
    return 0


def _needs_servers(arguments: list[str]) -> bool:
    asks_for_help = not arguments or {"-h", "--help", "--version"} & set(arguments)
    return not asks_for_help and arguments[0] not in _NEED_NO_SERVER


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):  # leave through the block above, which stops the servers
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _leave)
    sys.exit(main())
