"""The PostgreSQL launcher, against a real server."""

import os
import signal
import subprocess

import environ
import psycopg
import pytest

from clutch_portal.embedded import EmbeddedError, Postgres, processes


def query(postgres: Postgres, statement: str) -> object:
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
    return row[0] if row else None


def overwrite_pid_file(postgres: Postgres, pid: int) -> None:
    """Leave what a killed server leaves, with another process under its number."""
    file = postgres.data_dir / "postmaster.pid"
    lines = file.read_text().splitlines()
    postgres.kill()
    file.write_text("\n".join([str(pid), *lines[1:]]) + "\n")
    (postgres.socket_dir / ".s.PGSQL.5432.lock").write_text(f"{pid}\n")


def test_letters_beyond_ascii_are_compared_without_case(postgres: Postgres) -> None:
    assert query(postgres, "select lower('É') = 'é' and 'Ünal' ilike 'üNAL'") is True


def test_the_url_is_understood_by_django_environ(postgres: Postgres) -> None:
    config = environ.Env.db_url_config(postgres.dsn)

    assert (config["NAME"], config["USER"]) == ("clutch", "clutch")
    assert config["OPTIONS"] == {"host": str(postgres.socket_dir)}


def test_kill_9_is_repaired_by_the_next_start_and_keeps_the_data(postgres: Postgres) -> None:
    with psycopg.connect(postgres.dsn) as connection:
        connection.execute("set synchronous_commit = on")
        connection.execute("create table kept as select 7 as n")
    postgres.kill()
    assert not postgres.is_ready()

    postgres.start()

    assert query(postgres, "select n from kept") == 7


def test_kill_9_of_a_session_makes_the_server_recover_by_itself(postgres: Postgres) -> None:
    with psycopg.connect(postgres.dsn) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)

        assert processes.wait_until(lambda: connection.closed or _broken(connection), 5)
    assert processes.wait_until(postgres.is_ready, 10)


def _broken(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("select 1")
    except psycopg.OperationalError:
        return True
    return False


def test_a_pid_file_that_names_a_zombie_does_not_hinder_the_start(postgres: Postgres) -> None:
    zombie = subprocess.Popen(["true"])
    assert processes.wait_until(lambda: processes.command_line(zombie.pid) is None, 5)
    overwrite_pid_file(postgres, zombie.pid)

    postgres.start()

    assert postgres.is_ready()
    zombie.wait()


def test_a_pid_file_that_names_a_stranger_does_not_hinder_the_start(postgres: Postgres) -> None:
    overwrite_pid_file(postgres, os.getpid())

    assert postgres.pid() is None
    postgres.start()

    assert postgres.is_ready()
    assert postgres.pid() != os.getpid()


def test_sessions_that_outlive_a_killed_server_end_before_the_next_start(postgres: Postgres) -> None:
    with psycopg.connect(postgres.dsn) as connection:
        session = connection.info.backend_pid
        os.kill(session, signal.SIGSTOP)
        postgres.kill()
        assert processes.command_line(session)

        postgres.start()

        assert processes.command_line(session) is None
        connection.close()


def test_a_half_made_folder_is_made_again(postgres: Postgres) -> None:
    postgres.stop()
    draft = postgres.data_dir.with_name("postgres.new")
    postgres.data_dir.rename(draft)

    postgres.start()

    assert postgres.is_ready()
    assert not draft.exists()


def test_a_second_start_finds_the_running_server(postgres: Postgres) -> None:
    again = Postgres(postgres.data_dir, postgres.socket_dir, log=postgres.log)

    again.start()

    assert again.pid() == postgres.pid()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(postgres: Postgres) -> None:
    postgres.stop()
    needed = postgres.data_dir / "global"
    away = needed.rename(postgres.data_dir / "away")

    with pytest.raises(EmbeddedError, match=r"(?s)does not start.*could not"):
        postgres.start()

    away.rename(needed)
