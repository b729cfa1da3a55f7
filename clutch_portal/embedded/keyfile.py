"""Installation keys of an embedded set-up: var/keys, one file that belongs into every backup."""

import base64
import os
import secrets
from pathlib import Path

from clutch_portal.embedded.errors import EmbeddedError
from clutch_portal.embedded.locks import locked
from clutch_portal.embedded.places import Places

NAMES = ("DJANGO_SECRET_KEY", "API_PEPPER", "PIN_KEYS")
_HEADING = "# Keys of this installation. Without them PINs and API secrets in the database are lost: back them up.\n"


def keys(places: Places | None = None) -> dict[str, str]:
    """The keys by name, made at the first call: DJANGO_SECRET_KEY, API_PEPPER, PIN_KEYS (the first one encrypts).

    Refuses to make new ones beside a database that was filled under lost ones.
    """
    places = places or Places()
    file = places.var / "keys"
    if not file.exists():
        if (places.var / "postgres" / "PG_VERSION").exists():
            raise EmbeddedError(
                f"{file} is missing, but var/postgres holds data that needs it: put the file back from a backup, or "
                "remove var/ to start afresh."
            )
        places.prepare()
        with locked(places.var / "keys.lock"):  # of two processes that come at once, one makes them
            if not file.exists():
                _make(file)
    return _read(file)


def new_keys() -> dict[str, str]:
    """A fresh random set."""
    fernet = base64.urlsafe_b64encode(os.urandom(32)).decode()
    return dict(zip(NAMES, (secrets.token_urlsafe(50), secrets.token_urlsafe(48), fernet), strict=True))


def _make(file: Path) -> None:
    """Write the file whole or not at all."""
    draft = file.with_name("keys.new")
    draft.unlink(missing_ok=True)  # of a process that was killed
    lines = "".join(f"{name}={value}\n" for name, value in new_keys().items())
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(_HEADING + lines)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)


def _read(file: Path) -> dict[str, str]:
    try:
        if file.stat().st_mode & 0o077:  # a restored backup may have opened it
            file.chmod(0o600)
        lines = file.read_text().splitlines()
    except PermissionError as error:
        raise EmbeddedError(f"{file} cannot be read: run this as the user who made it.") from error
    found = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    if missing := [name for name in NAMES if not found.get(name)]:
        raise EmbeddedError(f"{file} lacks {', '.join(missing)}: put the file back from a backup.")
    return found
