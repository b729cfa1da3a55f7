"""Remove var/ with all data and keys of this checkout: `python -m clutch_portal.embedded.wipe`."""

import shutil
import sys

from clutch_portal.embedded.errors import EmbeddedError
from clutch_portal.embedded.places import Places, database_folder
from clutch_portal.embedded.sharing import in_use


def wipe(where: Places | None = None) -> None:
    """Remove everything that this installation has written; refuse while a process uses the servers."""
    where = where or Places()
    if not where.var.exists():
        return
    if in_use(where):
        raise EmbeddedError("The embedded servers are in use: stop `make run` and every manage.py command first.")
    if (where.var / "postgres").is_symlink():
        shutil.rmtree(database_folder(where).parent, ignore_errors=True)
    shutil.rmtree(where.sockets, ignore_errors=True)
    shutil.rmtree(where.var)


if __name__ == "__main__":
    try:
        wipe()
    except EmbeddedError as error:
        sys.exit(str(error))
