"""Where things lie: var/ of the checkout, and the few folders outside it that are sometimes needed."""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from clutch_portal.embedded.errors import EmbeddedError, say

CHECKOUT = Path(__file__).resolve().parents[2]
OUTSIDE = Path("/var/lib/clutch-portal")
_SHORT = Path("/tmp")  # noqa: S108 - the folders made there are checked for their owner and closed to others
_SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes, macOS 103
_LONGEST_SOCKET = "postgres/.s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The folders of one checkout. Only `prepare` and `own_folder` touch the disk."""

    checkout: Path = CHECKOUT

    @property
    def var(self) -> Path:
        """Everything this installation writes."""
        return self.checkout / "var"

    @property
    def log(self) -> Path:
        """Log files of the servers and of the processes of `make run`."""
        return self.var / "log"

    @property
    def sockets(self) -> Path:
        """Unix sockets: var/run, or a short folder when that path is too long or closed to the server's user."""
        return socket_folder(self.var / "run")

    def prepare(self) -> None:
        """Make var/ and var/log; refuse to work in another user's var/."""
        self.var.mkdir(exist_ok=True)
        if (owner := self.var.stat().st_uid) != os.geteuid():
            raise EmbeddedError(
                f"{self.var} belongs to {user_name(owner)}: run this as {user_name(owner)}, or give var/ to "
                f"{user_name(os.geteuid())} (chown -R), or remove it to start afresh."
            )
        self.log.mkdir(mode=0o700, exist_ok=True)


def server_user() -> pwd.struct_passwd | None:
    """The user PostgreSQL runs as when we are root, which it refuses; None means ourselves."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("nobody")


def user_name(uid: int) -> str:
    """A user's name, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def reachable(folder: Path) -> bool:
    """Whether the server's user can get to this folder (which need not exist yet)."""
    if server_user() is None:
        return True
    steps = [step for step in (folder, *folder.parents) if step.exists()]
    return all(step.stat().st_mode & stat.S_IXOTH for step in steps)


def fingerprint(path: Path) -> str:
    """A short name for a path, the same in every process."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def socket_folder(wanted: Path) -> Path:
    """`wanted` where a socket below it has a usable path, else a short folder named after it."""
    fits = len(os.fsencode(wanted / _LONGEST_SOCKET)) <= _SOCKET_PATH_LIMIT
    if fits and reachable(wanted.parent):
        return wanted
    return _SHORT / f"clutch-{os.geteuid()}-{fingerprint(wanted)}"


def own_folder(folder: Path, *, user: pwd.struct_passwd | None = None, passable: bool = False) -> Path:
    """Make a folder closed to others and owned by `user` (default: ourselves); refuse one that somebody else made.

    `passable` lets the server's user walk through it when we are root.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    made = folder.lstat()
    wanted = user.pw_uid if user else os.geteuid()
    if not stat.S_ISDIR(made.st_mode) or made.st_uid not in {wanted, os.geteuid()}:
        raise EmbeddedError(f"{folder} was made by {user_name(made.st_uid)}, not by us: remove it and try again.")
    if user and made.st_uid != wanted:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o711 if passable and server_user() else 0o700)
    return folder


def hand_over(folder: Path, user: pwd.struct_passwd) -> None:
    """Give a folder and all in it to the server's user; quick when it is so already."""
    if folder.stat().st_uid == user.pw_uid:
        return
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, user.pw_uid, user.pw_gid, follow_symlinks=False)
    os.chown(folder, user.pw_uid, user.pw_gid)  # last: it marks that all below is done


def database_folder(places: Places) -> Path:
    """The folder that holds the database, made known under var/postgres. Call it before the server starts.

    As root below a closed home the data lies outside the checkout, where the server's user can reach it, and
    var/postgres is a link to it. A link that an operator made is followed and never changed.
    """
    inside = places.var / "postgres"
    if inside.is_symlink():
        target = inside.resolve()
        if not _is_outside(target):
            return _as_linked(inside, target)
        if target.parent.exists() and _is_own(target, places.checkout):
            _note(target.parent).write_text(f"{places.checkout}\n")
            return target
        inside.unlink()
    if reachable(places.var):
        return inside
    if inside.exists():
        raise EmbeddedError(
            f"PostgreSQL runs as {user_name(_server_uid())}, who cannot reach {inside}: open the folders above it "
            "(chmod o+x), or move the checkout."
        )
    return _make_outside(inside, places.checkout)


def _server_uid() -> int:
    user = server_user()
    return user.pw_uid if user else os.geteuid()


def own_outside_folder(places: Places) -> Path | None:
    """The folder outside that was made for this checkout alone, if there is one."""
    link = places.var / "postgres"
    target = link.resolve()
    if link.is_symlink() and _is_outside(target) and _is_own(target, places.checkout):
        return target.parent
    return None


def outside_folder(name: str) -> Path:
    """A folder outside the checkout that all may enter, whatever the umask says."""
    folder = OUTSIDE / name
    folder.mkdir(parents=True, exist_ok=True)
    for step in (OUTSIDE, folder):
        step.chmod(0o755)
    return folder


def _make_outside(link: Path, checkout: Path) -> Path:
    home = outside_folder(fingerprint(checkout))
    _note(home).write_text(f"{checkout}\n")
    data = home / "postgres"
    if data.exists():  # var/ was removed, and with it the keys: start afresh, but let the last data be found
        shutil.rmtree(home / "postgres.old", ignore_errors=True)
        data.rename(home / "postgres.old")
    link.symlink_to(data)
    say(f"{user_name(_server_uid())} cannot enter {checkout}: the database lies in {data}")
    return data


def _note(home: Path) -> Path:
    """The file that says which checkout a folder outside was made for."""
    return home / "checkout"


def _is_outside(target: Path) -> bool:
    """Whether this is a place of our making, not one that an operator chose."""
    return target.parent.parent == OUTSIDE.resolve()


def _is_own(target: Path, checkout: Path) -> bool:
    """Whether a database outside is this checkout's: a moved checkout keeps its own, a copied one gets another."""
    note = _note(target.parent)
    maker = Path(note.read_text().strip()) if note.exists() else checkout
    maker_link = maker / "var" / "postgres"
    return maker == checkout or not (maker_link.is_symlink() and maker_link.resolve() == target)


def _as_linked(link: Path, target: Path) -> Path:
    if not target.parent.exists():
        raise EmbeddedError(
            f"{link} leads to {target}, and {target.parent} is not there: bring it back (is a disk not mounted?), or "
            "remove the link to start afresh."
        )
    return target
