"""What a return does to coupons, by how they stand."""

from dataclasses import replace

import pytest

from apps.coupons.core.life import Standing
from apps.coupons.core.returned import IssuedCouponsUsed, TouchedCoupon, disabled, freed
from apps.coupons.core.states import CouponState
from tests.coupons.core.test_life import EXAMPLES, FIRST, NOW, SECOND


def issued(standing: Standing) -> list[TouchedCoupon]:
    return [TouchedCoupon(EXAMPLES[standing], is_issued=True)]


def test_a_coupon_that_the_checkout_used_can_be_used_again() -> None:
    used = EXAMPLES[Standing.USED]
    (again,) = freed([TouchedCoupon(used, is_issued=False)], checkout_id=FIRST)
    assert (again.state, again.used_at, again.used_by, again.last_step) == (CouponState.ALLOCATED, None, None, 2)


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.USED])
def test_other_coupons_are_left_alone(standing: Standing) -> None:
    assert freed([TouchedCoupon(EXAMPLES[standing], is_issued=False)], checkout_id=FIRST) == []


def test_a_coupon_that_somebody_else_has_used_since_stays_used() -> None:
    assert freed([TouchedCoupon(EXAMPLES[Standing.USED], is_issued=False)], checkout_id=SECOND) == []


@pytest.mark.parametrize("standing", [Standing.ALLOCATED, Standing.RESERVED, Standing.EXPIRED])
def test_an_issued_coupon_is_disabled(standing: Standing) -> None:
    (off,) = disabled(issued(standing), at=NOW, fails_if_used=True)
    assert (off.state, off.reserved_until, off.last_step) == (CouponState.DISABLED, None, 2)


@pytest.mark.parametrize("standing", [Standing.USED, Standing.LOCKED])
def test_what_is_used_or_promised_refuses_or_is_left_alone(standing: Standing) -> None:
    with pytest.raises(IssuedCouponsUsed) as refusal:
        disabled(issued(standing), at=NOW, fails_if_used=True)
    assert refusal.value.extra == {"blockingCoupons": ["A"]}
    assert disabled(issued(standing), at=NOW, fails_if_used=False) == []


def test_a_used_coupon_counts_as_used_although_it_has_expired() -> None:
    late = replace(EXAMPLES[Standing.USED], expires_at=NOW)
    with pytest.raises(IssuedCouponsUsed):
        disabled([TouchedCoupon(late, is_issued=True)], at=NOW, fails_if_used=True)


def test_a_disabled_one_stays_as_it_is_and_so_does_one_that_was_only_sent() -> None:
    assert disabled(issued(Standing.DISABLED), at=NOW, fails_if_used=True) == []
    assert disabled([TouchedCoupon(EXAMPLES[Standing.USED], is_issued=False)], at=NOW, fails_if_used=True) == []
