"""The Redis launcher, against a real server."""

import os
import signal
import subprocess

import kombu
import pytest
import redis as client

from clutch_portal.embedded import EmbeddedError, Redis
from clutch_portal.embedded import redis as launcher


def test_kill_9_is_repaired_by_the_next_start_and_keeps_the_data(redis: Redis) -> None:
    client.Redis.from_url(redis.url).set("kept", "7")
    redis.kill()
    assert not redis.is_ready()

    redis.start()

    assert client.Redis.from_url(redis.url).get("kept") == b"7"


def test_the_broker_url_is_understood_by_celery(redis: Redis) -> None:
    with kombu.Connection(redis.broker_url) as connection:
        assert connection.default_channel.client.ping()


def test_a_server_that_hangs_is_found_and_stopped(redis: Redis) -> None:
    found = Redis(redis.data_dir, redis.socket_path, log=redis.log)
    pid = redis.pid()
    assert pid
    os.kill(pid, signal.SIGSTOP)

    assert found.pid() == pid
    found.kill()

    assert found.pid() is None


def test_without_any_redis_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(EmbeddedError, match="set REDIS_URL"):
        launcher._program()


def test_redis_from_the_path_serves_where_the_wheel_is_missing(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    program = launcher._program()
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(program.parent))

    answer = subprocess.run([launcher._program(), "--version"], capture_output=True, text=True, check=True)

    assert "Redis server" in answer.stdout
