"""Drawing a coupon: what expires first goes first, and what has expired costs nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from apps.coupons.models import Coupon
from apps.coupons.queries.lock_coupon import DRAWS
from apps.kernel.db.hot import hot_cursor
from tests.coupons.booklet import booklet
from tests.merchant_api.steady import NOW
from tests.shop import Shop

FREE = {"couponSetId": "summer"}


def expiring(shop: Shop, code: str, at: datetime) -> None:
    Coupon.objects.filter(brand=shop.brand, code=code).update(expires_at=at)


def test_coupons_that_expire_first_are_drawn_first_and_those_that_never_do_last(acme: Shop) -> None:
    booklet(acme, ["A-1", "A-2", "A-3", "A-4"])
    expiring(acme, "A-2", NOW + timedelta(days=2))
    expiring(acme, "A-3", NOW + timedelta(days=1))
    expiring(acme, "A-4", NOW)
    drawn = [acme.ok("allocateCoupon", FREE)["couponId"] for _ in range(3)]
    assert drawn == ["A-3", "A-2", "A-1"]
    assert acme.post("allocateCoupon", FREE).code == 16


@pytest.mark.parametrize("draw", DRAWS)
def test_a_draw_looks_at_no_expired_coupon_however_many_there_are(acme: Shop, draw: str) -> None:
    booklet(acme, [f"A-{number}" for number in range(2000)])
    Coupon.objects.filter(brand=acme.brand).exclude(code="A-0").update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    params = {"brand": acme.brand.pk, "set": "summer", "from": 2**61, "at": NOW}
    plan = "\n".join(row[0] for row in hot_cursor().execute(f"EXPLAIN (ANALYZE, COSTS OFF) {draw}", params))
    scans = [each for each in plan.split("->") if " on coupons_coupon " in each]
    assert scans, plan
    assert not any(re.search(r"Rows Removed|rows=\d{2}", each) for each in scans), plan
