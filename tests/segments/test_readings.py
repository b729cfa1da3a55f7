"""What campaigns are told of segments."""

import json

from apps.kernel.db.hot import hot_cursor
from apps.kernel.readings import Places, columns, params_of
from apps.segments.models import Segment
from apps.segments.queries.readings import segments
from tests.facts.told import wallet
from tests.segments.lists import segment_of
from tests.shop import Shop

PLACES = Places(whose="%(whose)s::bigint", holder="NULL::bigint", since="NULL::timestamptz")


def read(shop: Shop, wallet_id: int | None) -> object:
    reading = [segments()]
    params = {"brand": shop.brand.pk, "whose": wallet_id, **params_of(reading)}
    row = hot_cursor().execute(f"SELECT 1{columns(reading, PLACES)}", params).fetchone()
    assert row is not None
    return json.loads(row[1]) if row[1] else None


def test_the_codes_of_the_segments_that_are_active(acme: Shop, charlie: Shop) -> None:
    card = acme.card()
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    segment_of(acme, "vip", card)
    segment_of(acme, "kids", f"{card}/kid")
    gone = segment_of(acme, "gone", card)
    Segment.objects.filter(pk=gone.pk).update(is_active=False)
    assert read(acme, wallet(acme, card)) == ["vip"]
    assert read(acme, wallet(acme, card, "kid")) == ["kids"]
    assert read(acme, None) is None
    assert read(charlie, wallet(acme, card)) is None
