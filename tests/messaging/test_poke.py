"""A poke reaches the workers' queue at once, and never holds up a call when the broker is away."""

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from celery import current_app

from apps.kernel.ids import new_id
from apps.messaging import poke as module
from apps.messaging.poke import poke


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    module._Away.until = 0.0
    module._broker.cache_clear()
    yield
    module._Away.until = 0.0
    module._broker.cache_clear()


def waiting(ids: list[UUID]) -> int:
    """How many of the messages stand in the workers' queue."""
    with current_app.connection_or_acquire() as broker:
        queue = broker.default_channel.client.lrange("celery", 0, -1)
    tasks = [json.loads(base64.b64decode(json.loads(each)["body"])) for each in queue]
    return sum(args[1] in map(str, ids) for args, *_ in tasks if len(args) == 2)


def took(ids: list[UUID]) -> float:
    began = time.monotonic()
    poke(1, ids)
    return time.monotonic() - began


def test_each_message_becomes_a_task() -> None:
    ids = [new_id(), new_id()]
    poke(1, ids)
    assert waiting(ids) == 2


def test_a_poke_is_quick() -> None:
    took([new_id()])
    best = min(took([new_id()]) for _ in range(20))
    print(f"a poke takes {best * 1000:.2f} ms")
    assert best < 0.05


@pytest.mark.parametrize("is_deaf", [False, True])
def test_a_broker_that_is_away_or_deaf_holds_nobody_up(monkeypatch: pytest.MonkeyPatch, is_deaf: bool) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if is_deaf:
            server.listen()
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        monkeypatch.setattr(current_app.conf, "broker_url", url)
        assert took([new_id()] * 5) < 2
        assert took([new_id()] * 5) < 0.2, "asked again at once"


def test_calls_at_once_do_not_mix_their_pokes() -> None:
    ids = [new_id() for _ in range(40)]
    threads = [threading.Thread(target=poke, args=(1, ids[start : start + 5])) for start in range(0, 40, 5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert waiting(ids) == 40
