"""How a brand sends: what is accepted, what is refused, and that secrets stay secret."""

import os
from base64 import urlsafe_b64encode
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from apps.kernel.errors import InvalidInput
from apps.messaging.core.kinds import Channel
from apps.messaging.models import Confirmation, Sender
from apps.messaging.operations.reseal_senders import reseal_senders
from apps.messaging.operations.set_sender import set_sender
from apps.messaging.queries.read_account import read_account
from tests.messaging.letters import ada, post, send, to_files
from tests.shop import Shop

KEY = "k" * 32
URL = {"url": "https://sms.example/"}
SMTP = {"host": "mail.example", "port": "587", "username": "u"}
EMAIL, SMS, WEBHOOK = Channel.EMAIL, Channel.SMS, Channel.WEBHOOK

REFUSED: list[dict[str, Any]] = [
    {"channel": EMAIL, "kind": "http"},
    {"channel": SMS, "kind": "smtp", "settings": SMTP, "from_address": "a@b"},
    {"channel": SMS, "kind": "pigeon"},
    {"channel": SMS, "kind": "http"},
    {"channel": SMS, "kind": "http", "settings": URL, "secrets": {"signing_key": "short"}},
    {"channel": SMS, "kind": "http", "settings": URL | {"proxy": "x"}},
    {"channel": SMS, "kind": "file", "settings": {"path": "/etc/passwd"}},
    {"channel": EMAIL, "kind": "smtp", "settings": SMTP},
    {"channel": EMAIL, "kind": "smtp", "from_address": "a@b"},
    {"channel": EMAIL, "kind": "smtp", "settings": SMTP | {"security": "some"}, "from_address": "a@b"},
    {"channel": EMAIL, "kind": "smtp", "settings": SMTP | {"port": "x"}, "from_address": "a@b"},
    {"channel": EMAIL, "kind": "anymail", "settings": {"service": "test"}, "from_address": "a@b"},
    {"channel": EMAIL, "kind": "anymail", "settings": {"service": "postmark"}, "from_address": "a@b"},
    {
        "channel": EMAIL,
        "kind": "anymail",
        "settings": {"service": "postmark", "api_url": "http://10.0.0.1/"},
        "secrets": {"server_token": "x"},
        "from_address": "a@b",
    },
]


@pytest.mark.parametrize("wanted", REFUSED)
def test_what_cannot_work_is_refused(acme: Shop, wanted: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        set_sender(brand=acme.brand, **wanted)
    assert not Sender.objects.filter(brand=acme.brand).exists()


def test_secrets_are_sealed_and_come_back_for_sending_only(acme: Shop, charlie: Shop) -> None:
    secrets = {"signing_key": KEY, "authorization": "Bearer s3cret"}
    assert set_sender(brand=acme.brand, channel=SMS, kind="http", settings=URL, secrets=secrets) is None
    account = read_account(brand_id=acme.brand.pk, channel=SMS)
    assert account is not None and account.secrets == secrets
    assert read_account(brand_id=charlie.brand.pk, channel=SMS) is None
    with connection.cursor() as cursor:
        for table in ("messaging_sender", "messaging_senderevent"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|'), '') FROM {table} t")
            assert "s3cret" not in cursor.fetchone()[0] and KEY not in str(cursor.fetchone())


def test_a_key_is_made_where_none_is_given(acme: Shop) -> None:
    made = set_sender(brand=acme.brand, channel=WEBHOOK, kind="http")
    account = read_account(brand_id=acme.brand.pk, channel=WEBHOOK)
    assert made is not None and len(made) >= 32
    assert account is not None and account.secrets == {"signing_key": made}


def test_a_sender_replaces_the_one_before(acme: Shop) -> None:
    set_sender(brand=acme.brand, channel=WEBHOOK, kind="http")
    set_sender(brand=acme.brand, channel=WEBHOOK, kind="console")
    (row,) = Sender.objects.filter(brand=acme.brand)
    assert (row.kind, row.secrets) == ("console", None)


def test_secrets_are_sealed_anew_after_a_change_of_keys(acme: Shop) -> None:
    set_sender(brand=acme.brand, channel=WEBHOOK, kind="http", secrets={"signing_key": KEY})
    new = urlsafe_b64encode(os.urandom(32)).decode()
    with override_settings(PIN_KEYS=[new, *settings.PIN_KEYS]):
        assert reseal_senders(brand=acme.brand) == (1, 0)
        assert reseal_senders(brand=acme.brand) == (0, 0)
    with pytest.raises(InvalidToken):
        read_account(brand_id=acme.brand.pk, channel=WEBHOOK)
    assert reseal_senders(brand=acme.brand) == (0, 1)
    with override_settings(PIN_KEYS=[new]):
        account = read_account(brand_id=acme.brand.pk, channel=WEBHOOK)
        assert account is not None and account.secrets == {"signing_key": KEY}
    Sender.objects.filter(brand=acme.brand).update(secrets=None)  # nothing is rolled back, and no key opens it


# --- commands --------------------------------------------------------------------------------------------------------


def said(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_a_sender_by_command(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_PASSWORD", "s3cret")
    what = ["--channel", "email", "--kind", "smtp", "--from", "a@acme.test", "--set", "host=mail.example"]
    assert "email by smtp" in said("set_sender", "--brand", acme.brand.code, *what, "--secret", "password")
    account = read_account(brand_id=acme.brand.pk, channel=EMAIL)
    assert account is not None and account.secrets == {"password": "s3cret"}
    assert "signing key" in said("set_sender", "--brand", acme.brand.code, "--channel", "webhook", "--kind", "http")


def test_commands_refuse_plainly(acme: Shop, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no provider"):
        said("set_sender", "--brand", acme.brand.code, "--channel", "email", "--kind", "http")
    with pytest.raises(CommandError, match="no brand"):
        said("set_sender", "--brand", "nobody", "--channel", "sms", "--kind", "file")
    with pytest.raises(CommandError, match="no brand"):
        said("outbox", "--brand", "nobody")
    text = tmp_path / "text"
    text.write_text("{{nickname}}")
    with pytest.raises(CommandError, match="no variable"):
        said("set_confirmation", "--brand", acme.brand.code, "--channel", "sms", str(text))
    with pytest.raises(CommandError, match="no brand"):
        said("set_confirmation", "--brand", "nobody", "--channel", "sms", str(text))


def test_a_confirmation_by_command(acme: Shop, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("Reply YES")
    said("set_confirmation", "--brand", acme.brand.code, "--channel", "sms", str(text))
    assert Confirmation.objects.get(brand=acme.brand).body == "Reply YES"


def test_the_outbox_tells_why(acme: Shop, charlie: Shop) -> None:
    to_files(acme)
    card = ada(acme)
    send(acme, post(acme, card))
    unsent = post(acme, acme.card())
    send(acme, unsent)
    told = said("outbox", "--brand", acme.brand.code)
    assert "email    sent           1" in told
    assert f"{unsent} email unsent attempts 1 The card has no customer." in told
    assert said("outbox", "--brand", charlie.brand.code) == ""
