"""Remove var/ with all data and keys of this checkout: `python -m clutch_portal.embedded.wipe`."""

import contextlib
import shutil
import sys
from pathlib import Path

from clutch_portal.embedded.errors import EmbeddedError
from clutch_portal.embedded.places import Places, own_outside_folder
from clutch_portal.embedded.sharing import LOCK, unused


def wipe(where: Places | None = None) -> None:
    """Remove everything that this installation has written; refuse while a process uses the servers.

    Of links that an operator made only the link goes, not what it leads to. Nobody can start the servers meanwhile: who
    waits for their lock is refused once it is gone, which is why it goes last.
    """
    where = where or Places()
    if where.var.is_symlink():
        raise EmbeddedError(f"{where.var} is a link to {where.var.resolve()}: remove by hand what is there.")
    if not where.var.exists():
        return
    with unused(where):
        if outside := own_outside_folder(where):
            shutil.rmtree(outside, ignore_errors=True)
        shutil.rmtree(where.sockets, ignore_errors=True)
        for entry in where.var.iterdir():
            if entry.name != LOCK:
                _remove(entry)
        (where.var / LOCK).unlink()
        with contextlib.suppress(OSError):  # somebody who came meanwhile has put something there
            where.var.rmdir()


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        wipe()
    except EmbeddedError as error:
        sys.exit(str(error))
