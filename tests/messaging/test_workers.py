"""Many workers and one outbox: nothing twice at the same time, nothing lost when one dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import override_settings

from apps.kernel.db.hot import hot_cursor
from apps.messaging.core.attempts import LEASE
from apps.messaging.core.kinds import Channel, State
from apps.messaging.operations.set_sender import set_sender
from apps.messaging.operations.settle_message import Sent
from apps.messaging.queries.due_messages import due_messages
from apps.messaging.tasks import send_due_messages, send_message
from tests.messaging.letters import ada, arrived, new_message, post, posted, row_of, send, to_files
from tests.messaging.providers.test_http import Receiver, receiver
from tests.shop import Shop

__all__ = ["receiver"]
WORKERS, MESSAGES = 8, 20


def test_workers_at_once_send_each_message_once(acme: Shop) -> None:
    to_files(acme)
    card = ada(acme)
    messages = [new_message(body=f"{number}") for number in range(MESSAGES)]
    posted(acme, card, messages)
    gate = threading.Barrier(WORKERS)

    def work() -> None:
        gate.wait(30)
        for each in messages:
            send_message(acme.brand.pk, str(each.id))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Counter(each["body"] for each in arrived(acme)) == {f"{number}": 1 for number in range(MESSAGES)}
    assert {row_of(acme, each.id).attempts for each in messages} == {1}


def test_a_claim_that_is_being_made_is_not_waited_for(acme: Shop) -> None:
    to_files(acme)
    message = post(acme, ada(acme))
    done = threading.Event()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT 1 FROM messaging_outbox WHERE brand_id = %s AND id = %s FOR UPDATE", [acme.brand.pk, message]
        )

        def other() -> None:
            assert send(acme, message) is None
            connections.close_all()
            done.set()

        threading.Thread(target=other).start()
        assert done.wait(5)
        cursor.execute("ROLLBACK")
    assert isinstance(send(acme, message), Sent)


WORKER = """
import sys, django
django.setup()
from django.conf import settings
settings.MESSAGES_TO_PRIVATE_ADDRESSES = True
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from apps.messaging.tasks import send_message
send_message(int(sys.argv[2]), sys.argv[3])
"""


def test_what_a_killed_worker_was_sending_is_sent_again_with_the_same_key(acme: Shop, receiver: Receiver) -> None:
    """Killed after the receiver had it and before it was written down: nobody can know, so it goes again."""
    came, go_on = threading.Event(), threading.Event()

    class Slow(list[object]):
        def append(self, each: object) -> None:
            super().append(each)
            came.set()
            go_on.wait(30)

    receiver.seen = Slow()  # type: ignore[assignment]
    set_sender(brand=acme.brand, channel=Channel.SMS, kind="http", settings={"url": receiver.url})
    message = post(acme, ada(acme), Channel.SMS)
    worker = start_worker(acme, message)
    assert came.wait(60), "the worker never sent"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    go_on.set()
    row = row_of(acme, message)
    assert (row.state, row.attempts) == (State.QUEUED, 1)
    assert send(acme, message) is None, "the dead worker's lease still runs"
    assert isinstance(send(acme, message, now=datetime.now(UTC) + LEASE), Sent)
    assert [headers["Idempotency-Key"] for _, headers, _ in receiver.seen] == [str(message)] * 2


def start_worker(shop: Shop, message: UUID) -> subprocess.Popen[bytes]:
    """A process of its own that sends one message."""
    name = str(connection.settings_dict["NAME"])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "clutch_portal.settings"}
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, name, str(shop.brand.pk), str(message)], env=environment, cwd=root
    )


# --- the tick --------------------------------------------------------------------------------------------------------


def test_the_tick_sends_what_nobody_poked_for(acme: Shop, charlie: Shop) -> None:
    for shop in (acme, charlie):
        to_files(shop)
        posted(shop, ada(shop), [new_message() for _ in range(3)])
    send_due_messages()
    assert (len(arrived(acme)), len(arrived(charlie))) == (3, 3)
    send_due_messages()
    assert (len(arrived(acme)), len(arrived(charlie))) == (3, 3)


def test_the_tick_leaves_a_broken_channel_alone_and_sends_the_others(acme: Shop, receiver: Receiver) -> None:
    to_files(acme, Channel.EMAIL)
    set_sender(brand=acme.brand, channel=Channel.SMS, kind="http", settings={"url": receiver.url})
    receiver.answers = [(503, {}, b"")]
    posted(acme, ada(acme), [new_message(way) for way in (Channel.SMS, Channel.SMS, Channel.EMAIL, Channel.SMS)])
    send_due_messages()
    assert len(receiver.seen) == 1
    assert len(arrived(acme)) == 1


def test_the_tick_ends_in_time(acme: Shop) -> None:
    to_files(acme)
    posted(acme, ada(acme), [new_message() for _ in range(3)])
    began = time.monotonic()
    send_due_messages(seconds=0)
    assert time.monotonic() - began < 2
    assert arrived(acme) == []
    send_due_messages()


def test_due_are_those_that_nobody_has_and_of_this_brand_only(acme: Shop, charlie: Shop) -> None:
    now = datetime.now(UTC)
    card = ada(acme)
    first, later = post(acme, card), post(acme, card, due_at=now + timedelta(hours=1))
    text = post(acme, card, Channel.SMS)
    due = {"brand_id": acme.brand.pk, "now": now + timedelta(seconds=5), "limit": 9}
    assert due_messages(**due) == [(first, "email"), (text, "sms")]  # type: ignore[arg-type]
    assert due_messages(**due | {"without": ["sms"]}) == [(first, "email")]  # type: ignore[arg-type]
    assert due_messages(**due | {"limit": 1}) == [(first, "email")]  # type: ignore[arg-type]
    assert due_messages(**due | {"brand_id": charlie.brand.pk}) == []  # type: ignore[arg-type]
    assert due_messages(**due | {"now": now + timedelta(hours=2)})[-1] == (later, "email")  # type: ignore[arg-type]


def test_due_messages_are_found_by_their_index(acme: Shop) -> None:
    post(acme, ada(acme))
    plan = hot_cursor().execute(
        "EXPLAIN SELECT id FROM messaging_outbox WHERE brand_id = %s AND state = 1 AND due_at <= now() ORDER BY due_at",
        [acme.brand.pk],
    )
    assert "messaging_outbox_due" in str(plan.fetchall())


def test_a_broken_file_is_tried_again(acme: Shop, tmp_path: Path) -> None:
    to_files(acme)
    message = post(acme, ada(acme))
    (tmp_path / "occupied").write_text("")
    with override_settings(MESSAGES_DIR=str(tmp_path / "occupied")):
        send(acme, message)
    assert row_of(acme, message).state == State.QUEUED
    assert isinstance(send(acme, message, now=row_of(acme, message).due_at), Sent)


@pytest.mark.parametrize("kind", ["console", "file"])
def test_trying_out(acme: Shop, kind: str) -> None:
    set_sender(brand=acme.brand, channel=Channel.EMAIL, kind=kind)
    assert isinstance(send(acme, post(acme, ada(acme))), Sent)
