"""Every example of the guide does what the guide says, in each of its languages, against a running server."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from apps.campaigns.core.kinds import Trigger
from apps.cards.operations.generate_cards import generate_cards
from apps.coupons.operations.generate_coupons import generate_coupons
from apps.merchant_api.guide.chapters import EXAMPLES
from apps.transactions.brand_file.entries import Fields, checked_entries
from apps.transactions.brand_file.text import Source
from apps.transactions.brand_file.write_campaign import write_campaign
from apps.transactions.demo.brand import demo_file
from tests.campaigns.live import condition, percent, points, publish, rule, says
from tests.coupons.booklet import booklet
from tests.live import live_server
from tests.programs_outside import needs, run
from tests.shop import Shop, open_shop

COMMANDS = {".sh": ("bash", "curl", "jq"), ".py": (sys.executable,), ".mjs": ("node",), ".php": ("php",)}
WITHOUT_A_PURCHASE = {Trigger.CUSTOM, Trigger.MESSAGE, Trigger.SINGLE_RULE, Trigger.REFERRAL_PERIOD}
PRINTED = sorted(EXAMPLES.glob("*.txt"))


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """What the guide's reader has: an address, a key, and a brand with cards and coupons."""
    shop = open_shop("guide")
    _stock(shop)
    _campaign(shop)
    with live_server() as url:
        yield os.environ | {
            "CLUTCH_URL": url,
            "CLUTCH_KEY": shop.key,
            "CLUTCH_SECRET": shop.secret,
            "CLUTCH_BRAND": shop.brand.code,
            "CLUTCH_LOCATION": shop.location.code,
            "CLUTCH_TERMINAL": shop.terminal.code,
        }
    shop.assert_books_add_up()


def _stock(shop: Shop) -> None:
    now = datetime.now(UTC)
    for card_set in (shop.gift_set, shop.loyalty_set):
        generate_cards(brand=shop.brand, card_set=card_set, count=100, now=now)
    generate_coupons(coupon_set=booklet(shop, code="welcome", pattern="RYE-******", limit_per_card=1), count=20)


def _campaign(shop: Shop) -> None:
    """What the guide says that its brand has, for breakfasts; and what it says that the demo brand has."""
    basket = condition("custom_key", key="basket", values=["breakfast"])
    publish(shop, rule(percent(10), points(20), says("Enjoy your breakfast!"), when=[basket]))
    with transaction.atomic():
        for entry in checked_entries(Source(demo_file()).read()):
            if entry.kind == "campaign" and _runs_by_itself(entry.fields):
                write_campaign(shop.brand, entry.fields, now=datetime.now(UTC))


def _runs_by_itself(campaign: Fields) -> bool:
    """Whether calls without a purchase run it."""
    published = campaign["published"]
    return published is not None and {each.trigger for each in published.says.rules} <= WITHOUT_A_PURCHASE


def _cases() -> list[object]:
    return [
        pytest.param(
            printed.with_suffix(suffix), printed.read_text(), marks=needs(*programs), id=f"{printed.stem}{suffix}"
        )
        for printed in PRINTED
        for suffix, programs in COMMANDS.items()
    ]


@pytest.mark.parametrize(("example", "printed"), _cases())
def test_example_prints_what_the_guide_says(environment: dict[str, str], example: Path, printed: str) -> None:
    program = COMMANDS[example.suffix][0]
    assert run([program, example.name], EXAMPLES, environment=environment) == printed


def test_every_file_is_an_example_or_the_client_that_they_use() -> None:
    names = {file.stem for file in EXAMPLES.iterdir() if file.suffix in COMMANDS}
    assert names == {printed.stem for printed in PRINTED} | {"clutch"}
