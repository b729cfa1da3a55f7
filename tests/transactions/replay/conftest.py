"""The running web server, and a brand with a key that `replay_purchases` finds in a file."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apps.cards.operations.generate_cards import generate_cards
from apps.transactions.replay.purchases import PurchaseLog, read_purchases
from apps.transactions.replay.run import Settings
from apps.transactions.replay.till import Address, Patience
from tests.journeys.storm.server import Product, environment_here, folder_for_logs, product
from tests.shop import Shop

CDNOW = Path(__file__).with_name("cdnow.txt")
"""53 lines of the CDNOW sample, a public data set of Fader and Hardie: 13 customers, some equal lines, some zeros."""


@pytest.fixture(scope="module")
def server() -> Iterator[Product]:
    """The web server, with the database of this test process."""
    with folder_for_logs() as folder, product(environment_here(), folder) as running:
        yield running


@pytest.fixture
def shop(acme: Shop) -> Shop:
    """A brand with loyalty cards in its inventory."""
    generate_cards(brand=acme.brand, card_set=acme.loyalty_set, count=20, now=datetime.now(UTC))
    return acme


@pytest.fixture
def log() -> PurchaseLog:
    """The purchases of the sample."""
    return read_purchases(CDNOW)


@pytest.fixture
def demo_file(shop: Shop, server: Product, tmp_path: Path) -> Path:
    """What `seed_demo` would tell of the brand."""
    facts = {
        "baseUrl": f"http://127.0.0.1:{server.port}",
        "brand": shop.brand.code,
        "location": shop.location.code,
        "terminal": shop.terminal.code,
        "apiKey": shop.key,
        "apiSecret": shop.secret,
        "cardSets": {"loyalty": shop.loyalty_set.code},
    }
    file = tmp_path / "demo.json"
    file.write_text(json.dumps(facts))
    return file


@pytest.fixture
def settings_for(shop: Shop, log: PurchaseLog) -> Callable[[str], Settings]:
    """How to play the sample at a base URL."""

    def make(base_url: str) -> Settings:
        address = Address(base_url, shop.brand.code, shop.location.code, shop.terminal.code, shop.key, shop.secret)
        return Settings(
            address=address,
            card_set=shop.loyalty_set.code,
            log_name=log.digest,
            run_id="run",
            rate=0,
            concurrency=3,
            patience=Patience(tries=5, first_wait=0.01),
        )

    return make


@pytest.fixture
def stop() -> threading.Event:
    """Set to end a run."""
    return threading.Event()
