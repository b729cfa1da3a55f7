"""PINs of cards after the installation got another key."""

import secrets
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from apps.cards.models import Card
from apps.cards.operations import reseal_pins as module
from apps.cards.operations.generate_cards import generate_cards
from apps.cards.operations.reseal_pins import reseal_pins
from apps.cards.queries.open_pin import open_pin, pin_cipher
from tests.shop import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def sealed(acme: Shop) -> dict[str, str]:
    """Five cards with their PINs, sealed under the old key."""
    generate_cards(brand=acme.brand, card_set=acme.gift_set, count=5, now=NOW)
    return {card.number: open_pin(card.pin) for card in Card.objects.filter(brand=acme.brand, pin__isnull=False)}


@pytest.fixture
def new_key(acme: Shop) -> Iterator[str]:
    """Afterwards everything is as the installation's own key left it: nothing is rolled back."""
    key = b64encode(secrets.token_bytes(32), b"-_").decode()
    yield key
    with override_settings(PIN_KEYS=[*settings.PIN_KEYS, key]):
        reseal_pins(brand=acme.brand)


def opened(shop: Shop, key: str) -> dict[str, str]:
    with override_settings(PIN_KEYS=[key]):
        pin_cipher.cache_clear()
        pins = {card.number: open_pin(card.pin) for card in Card.objects.filter(brand=shop.brand, pin__isnull=False)}
    pin_cipher.cache_clear()
    return pins


def test_new_key_alone_opens_every_pin(
    acme: Shop, sealed: dict[str, str], new_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    seen: list[int] = []
    with override_settings(PIN_KEYS=[new_key, *settings.PIN_KEYS]):
        assert reseal_pins(brand=acme.brand, progress=seen.append) == (5, 0)
        assert reseal_pins(brand=acme.brand) == (0, 0)
    assert seen == [2, 4, 5]
    assert opened(acme, new_key) == sealed


def test_pin_that_no_key_opens_is_left_alone_and_counted(acme: Shop, sealed: dict[str, str], new_key: str) -> None:
    with override_settings(PIN_KEYS=[new_key]):
        assert reseal_pins(brand=acme.brand) == (0, 5)
    assert opened(acme, settings.PIN_KEYS[0]) == sealed


def test_command_says_what_it_did_and_what_it_could_not(acme: Shop, sealed: dict[str, str], new_key: str) -> None:
    out = StringIO()
    call_command("reseal_secrets", stdout=out)
    assert f"{acme.brand.code}: 0 PINs sealed anew" in out.getvalue()
    with override_settings(PIN_KEYS=[new_key]), pytest.raises(CommandError, match="opened by none"):
        call_command("reseal_secrets", stdout=out)
