"""var/keys."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet

from clutch_portal.embedded import EmbeddedError, keys
from clutch_portal.embedded.places import Places


def test_keys_are_made_once_and_readable_by_us_alone(checkout: Places) -> None:
    made = keys(checkout)

    assert keys(checkout) == made
    assert (checkout.var / "keys").stat().st_mode & 0o777 == 0o600
    assert len(made["API_PEPPER"]) >= 32
    Fernet(made["PIN_KEYS"])


def test_a_file_that_others_could_read_is_closed(checkout: Places) -> None:
    keys(checkout)
    (checkout.var / "keys").chmod(0o644)

    keys(checkout)

    assert (checkout.var / "keys").stat().st_mode & 0o777 == 0o600


def test_no_new_keys_are_made_beside_a_database_that_needs_the_lost_ones(checkout: Places) -> None:
    (checkout.var / "postgres").mkdir(parents=True)
    (checkout.var / "postgres" / "PG_VERSION").write_text("18")

    with pytest.raises(EmbeddedError, match="backup"):
        keys(checkout)


def test_a_file_that_lacks_a_key_is_refused(checkout: Places) -> None:
    keys(checkout)
    (checkout.var / "keys").write_text("API_PEPPER=x\n")

    with pytest.raises(EmbeddedError, match="lacks DJANGO_SECRET_KEY, PIN_KEYS"):
        keys(checkout)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_is_refused(checkout: Places) -> None:
    checkout.var.mkdir()
    os.chown(checkout.var, 65534, 65534)

    with pytest.raises(EmbeddedError, match="belongs to nobody"):
        keys(checkout)


def test_of_two_that_make_keys_at_once_one_wins_also_without_hard_links(
    checkout: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links on this file system")

    monkeypatch.setattr(os, "link", no_links)
    checkout.prepare()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keys(checkout), range(8)))

    assert all(each == made[0] for each in made)
    assert sorted(file.name for file in checkout.var.glob("keys*")) == ["keys", "keys.lock"]
