"""The lock of families, when a wallet that is to be locked was changed by whoever had it before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from apps.cards.models import Card
from apps.cards.queries.locks import lock_families
from apps.kernel.db.hot import hot_cursor
from apps.requestlog.unit import _lock_text
from tests.requestlog.test_unit import other_connection, start, wait_for_waiters
from tests.shop import Shop, open_shop

MORE_WALLETS = """INSERT INTO ledger_wallet (brand_id, id, program_id, card_set_id, owner_location_id, is_demo,
 last_seq, last_lot, last_at)
 SELECT w.brand_id, nextval('ledger_wallet_id_seq'), w.program_id, w.card_set_id, w.owner_location_id, false,
 0, 0, w.last_at FROM ledger_wallet w, generate_series(1, 5000) WHERE w.brand_id = %s AND w.id = %s"""


def wallet_of(shop: Shop, number: str) -> int:
    wallet_id = Card.objects.get(brand=shop.brand, number=number).wallet_id
    assert wallet_id is not None
    return wallet_id


@pytest.fixture
def shop() -> Shop:
    """A brand with so many wallets that the planner joins by index; its books are not for the verifier."""
    shop = open_shop("large")
    with connection.cursor() as cursor:
        cursor.execute(MORE_WALLETS, [shop.brand.pk, wallet_of(shop, shop.card())])
        cursor.execute("ANALYZE ledger_wallet, cards_card")
    return shop


@pytest.mark.parametrize("also", [False, True])
def test_every_wallet_that_was_waited_for_is_locked(shop: Shop, also: bool) -> None:
    cards = [shop.card(), shop.card()]
    wallets = [wallet_of(shop, card) for card in cards]
    lock = lock_families(cards[:1], also=wallets[1:]) if also else lock_families(cards)
    params = {"brand": shop.brand.pk, "digest": None, "operation": uuid4(), **lock.params}

    def wait() -> set[int]:
        return {row[0] for row in hot_cursor().execute(_lock_text(lock.sql), params).fetchall()[1:]}

    with ThreadPoolExecutor(1) as pool, other_connection() as other:
        changed = "UPDATE ledger_wallet SET last_at = %s WHERE brand_id = %s AND id = ANY(%s)"
        other.execute(changed, [datetime.now(UTC), shop.brand.pk, wallets])
        waiting = start(pool, wait)
        wait_for_waiters(1)
        other.commit()
        assert waiting.result() == set(wallets)
