"""Two calls, or many, that want the same coupon at the same moment."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest

from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon
from tests.coupons.booklet import booklet, coupon, given, steps
from tests.journeys.storm.journal import deadlocks
from tests.merchant_api.steady import ahead, state
from tests.requestlog.test_unit import other_connection, start, wait_for_waiters
from tests.shop import Reply, Shop

MANY = 12
FREE = {"couponSetId": "summer"}
Wanted = tuple[str, dict[str, Any], str | None]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MANY) as pool:
        yield pool


@pytest.fixture(autouse=True)
def no_deadlock() -> Iterator[None]:
    """None of these races may end in a deadlock, not even in one that was repaired."""
    before = deadlocks()
    yield
    assert deadlocks() == before


def at_once(pool: ThreadPoolExecutor, shop: Shop, wanted: list[Wanted]) -> list[Reply]:
    """Make these calls at the same moment; the answers in the same order."""
    gate = Barrier(len(wanted))

    def one(method: str, body: dict[str, Any], custom_id: str | None) -> Reply:
        gate.wait(30)
        return shop.post(method, body, **{"customRequestId": custom_id} if custom_id else {})

    return [each.result() for each in [start(pool, lambda call=call: one(*call)) for call in wanted]]


def codes(replies: list[Reply]) -> Counter[int]:
    """How often each code came; 0 is a success."""
    return Counter(reply.code or 0 for reply in replies)


@contextmanager
def held(shop: Shop, code: str, *, taken: bool = False) -> Iterator[None]:
    """Somebody else holds a coupon, and gives it back or (`taken`) keeps it."""
    with other_connection() as other:
        key = [shop.brand.pk, code]
        other.execute("SELECT 1 FROM coupons_coupon WHERE brand_id = %s AND code = %s FOR NO KEY UPDATE", key)
        yield
        if not taken:
            other.rollback()
            return
        other.execute("UPDATE coupons_coupon SET expires_at = '2020-01-01' WHERE brand_id = %s AND code = %s", key)


def draw(pool: ThreadPoolExecutor, shop: Shop, *, short: bool = False) -> "Future[Reply]":
    return start(pool, lambda: shop.post("allocateCoupon", FREE), short=short)


@pytest.mark.parametrize("number", [1, 5, MANY])
def test_a_set_gives_out_every_coupon_once_and_then_is_empty(acme: Shop, pool: ThreadPoolExecutor, number: int) -> None:
    booklet(acme, [f"A-{each}" for each in range(number)])
    replies = at_once(pool, acme, [("allocateCoupon", FREE, None)] * MANY)
    assert codes(replies) == Counter({0: number, 16: MANY - number})
    assert len({reply["couponId"] for reply in replies if reply.code is None}) == number
    assert not Coupon.objects.filter(brand=acme.brand, state=CouponState.FREE).exists()


def test_a_coupon_that_is_being_taken_is_passed_over(acme: Shop) -> None:
    booklet(acme, ["A-1", "A-2"])
    with held(acme, "A-1"):
        assert acme.ok("allocateCoupon", FREE)["couponId"] == "A-2"


def test_nobody_hears_16_while_the_last_coupon_may_come_back(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme, ["A-1"])
    with held(acme, "A-1"):
        waiting = [draw(pool, acme) for _ in range(3)]
        wait_for_waiters(3)
    assert codes([each.result() for each in waiting]) == Counter({0: 1, 16: 2})


def test_16_is_heard_once_the_last_coupon_is_gone(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme, ["A-1"])
    with held(acme, "A-1", taken=True):
        waiting = draw(pool, acme)
        wait_for_waiters(1)
    assert waiting.result().code == 16


def test_a_coupon_that_somebody_keeps_for_too_long_answers_26_and_frees_the_id(
    acme: Shop, pool: ThreadPoolExecutor
) -> None:
    booklet(acme, ["A-1"])
    before = state(acme)
    use = {"couponId": "A-1", "action": "details", "newCustomTags": ["x"]}
    with held(acme, "A-1"):
        assert draw(pool, acme, short=True).result().code == 26
        calls = [("allocateCoupon", {"couponId": "A-1"}), ("couponDetails", use)]
        waiting = [
            start(pool, lambda call=call: acme.post(*call, customRequestId="one"), short=True).result()
            for call in calls
        ]
        assert [reply.code for reply in waiting] == [26, 26]
        assert state(acme) == before
    acme.ok("allocateCoupon", FREE, customRequestId="one")


def test_the_card_is_looked_at_before_a_coupon_is_waited_for(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme, ["A-1"])
    bodies = [("allocateCoupon", FREE | {"promotionId": "p"}), ("couponDetails", {"couponId": "A-1", "action": "use"})]
    with held(acme, "A-1"):
        waiting = [
            start(pool, lambda call=call: acme.post(call[0], call[1] | {"cardNumber": "nobody"}), short=True)
            for call in bodies
        ]
        assert [each.result().code for each in waiting] == [2, 2]


def test_details_wait_for_nobody(acme: Shop) -> None:
    booklet(acme, ["A-1"])
    with held(acme, "A-1"):
        assert acme.ok("couponDetails", {"couponId": "A-1", "action": "details"})["isAllocated"] is False


def test_twins_allocate_once_and_name_the_one_that_did(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme, ["A-1", "A-2", "A-3"])
    replies = at_once(pool, acme, [("allocateCoupon", FREE, "one")] * MANY)
    assert codes(replies) == Counter({0: 1, 3: MANY - 1})
    (winner,) = (reply for reply in replies if reply.code is None)
    assert {reply["originalRequestRef"] for reply in replies if reply.code == 3} == {winner["requestRef"]}
    assert Coupon.objects.filter(brand=acme.brand, state=CouponState.FREE).count() == 2


def test_one_named_coupon_is_allocated_once(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme, ["A-1"])
    replies = at_once(pool, acme, [("allocateCoupon", {"couponId": "A-1"}, None)] * MANY)
    assert codes(replies) == Counter({0: 1, 9: MANY - 1})
    assert len(steps(acme)) == 1


def test_one_new_coupon_is_created_once(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme)
    replies = at_once(pool, acme, [("allocateCoupon", FREE | {"couponId": "N-1", "createIfNew": True}, None)] * MANY)
    assert codes(replies) == Counter({0: 1, 9: MANY - 1})
    assert Coupon.objects.filter(brand=acme.brand).count() == 1


def test_one_coupon_is_used_once(acme: Shop, pool: ThreadPoolExecutor) -> None:
    given(acme)
    replies = at_once(pool, acme, [("couponDetails", {"couponId": "A-1", "action": "use"}, None)] * MANY)
    assert codes(replies) == Counter({0: 1, 9: MANY - 1})


def test_one_reservation_is_used_or_released_once(acme: Shop, pool: ThreadPoolExecutor) -> None:
    body = {"couponId": given(acme)}
    acme.ok("couponDetails", body | {"action": "reserve", "reserveUntil": ahead(hours=1)})
    calls: list[Wanted] = [("couponDetails", body | {"action": "useReservation"}, None)] * (MANY // 2)
    calls += [("couponDetails", body | {"action": "releaseReservation"}, None)] * (MANY // 2)
    assert codes(at_once(pool, acme, calls)) == Counter({0: 1, 25: MANY - 1})
    assert coupon(acme).state in (CouponState.USED, CouponState.ALLOCATED)


def test_a_card_gets_no_more_than_its_share(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme, [f"A-{each}" for each in range(MANY)], limit_per_card=3)
    body = FREE | {"cardNumber": acme.card(), "promotionId": "spring", "allowMultipleCoupons": True}
    assert codes(at_once(pool, acme, [("allocateCoupon", body, None)] * MANY)) == Counter({0: 3, 9: MANY - 3})


def test_a_card_gets_one_coupon_of_a_promotion(acme: Shop, pool: ThreadPoolExecutor) -> None:
    booklet(acme, [f"A-{each}" for each in range(MANY)])
    body = FREE | {"cardNumber": acme.card(), "promotionId": "spring"}
    assert codes(at_once(pool, acme, [("allocateCoupon", body, None)] * MANY)) == Counter({0: 1, 9: MANY - 1})


def test_transfers_that_share_their_coupons_move_all_of_them_one_after_the_other(
    acme: Shop, pool: ThreadPoolExecutor
) -> None:
    pairs = [(acme.card(), acme.card()) for _ in range(6)]
    names = [f"A-{each}" for each in range(8)]
    booklet(acme, names + [f"B-{each}" for each in range(600)])  # enough for the plan of a large table
    for name in names:
        acme.ok("couponDetails", {"couponId": name, "action": "details", "newAllowedCards": [old for old, _ in pairs]})
    for old, _ in pairs:
        acme.ok("transfer", {"cardNumber": old, "action": "out"})
    calls: list[Wanted] = [
        ("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old}, None) for old, new in pairs
    ]
    assert codes(at_once(pool, acme, calls)) == Counter({0: len(pairs)})
    for name in names:
        assert coupon(acme, name).allowed_cards == [new for _, new in pairs]
        assert [number for number, *_ in steps(acme, name)] == list(range(1, len(pairs) + 2))
