"""The life of a coupon as a table of pairs; each is stated here once more, in words of its own."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from apps.coupons.core.life import LIFE, Action, Coupon, Settings, Standing, step
from apps.coupons.core.states import CouponState
from apps.kernel.errors import ErrorCode, Refusal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST, SECOND = UUID(int=1), UUID(int=2)
GIVEN: dict[str, Any] = {"allocated_at": NOW - 9 * HOUR, "last_step": 1}
EXAMPLES = {
    Standing.FREE: Coupon(1, 2, "A"),
    Standing.ALLOCATED: Coupon(1, 2, "A", CouponState.ALLOCATED, **GIVEN),
    Standing.RESERVED: Coupon(1, 2, "A", CouponState.RESERVED, reserved_until=NOW + HOUR, **GIVEN),
    Standing.LOCKED: Coupon(1, 2, "A", CouponState.RESERVED, reserved_until=NOW + HOUR, reserved_by=FIRST, **GIVEN),
    Standing.USED: Coupon(1, 2, "A", CouponState.USED, used_at=NOW - HOUR, used_by=FIRST, **GIVEN),
    Standing.DISABLED: Coupon(1, 2, "A", CouponState.DISABLED, **GIVEN),
    Standing.EXPIRED: Coupon(1, 2, "A", CouponState.ALLOCATED, expires_at=NOW, **GIVEN),
}
SUCCESSES = {
    (Standing.FREE, Action.ALLOCATE): CouponState.ALLOCATED,
    (Standing.FREE, Action.DETAILS): CouponState.FREE,
    (Standing.ALLOCATED, Action.DETAILS): CouponState.ALLOCATED,
    (Standing.ALLOCATED, Action.USE): CouponState.USED,
    (Standing.ALLOCATED, Action.RESERVE): CouponState.RESERVED,
    (Standing.RESERVED, Action.DETAILS): CouponState.RESERVED,
    (Standing.RESERVED, Action.RELEASE): CouponState.ALLOCATED,
    (Standing.RESERVED, Action.USE_RESERVATION): CouponState.USED,
    (Standing.LOCKED, Action.DETAILS): CouponState.RESERVED,
    (Standing.USED, Action.DETAILS): CouponState.USED,
    (Standing.USED, Action.UNUSE): CouponState.ALLOCATED,
    (Standing.DISABLED, Action.DETAILS): CouponState.DISABLED,
}
PAIRS = list(product(Standing, Action))


def expected_code(standing: Standing, action: Action) -> int:
    if action is Action.ALLOCATE:
        return 9
    if standing is Standing.EXPIRED:
        return 23
    if action in (Action.RELEASE, Action.USE_RESERVATION):
        return 25
    if standing is Standing.FREE:
        return 24
    return 9 if standing in (Standing.ALLOCATED, Standing.USED) else 25


def taken(coupon: Coupon, action: Action, **more: Any) -> Coupon:
    until = NOW + 2 * HOUR if action is Action.RESERVE else None
    return step(coupon, action, at=NOW, by=SECOND, **{"reserved_until": until} | more)


def test_the_table_has_every_pair_and_no_other() -> None:
    assert set(LIFE) == set(PAIRS)


def test_each_standing_has_its_example() -> None:
    assert {standing: coupon.standing(NOW) for standing, coupon in EXAMPLES.items()} == {
        each: each for each in Standing
    }


@pytest.mark.parametrize(("standing", "action"), PAIRS)
def test_a_pair_leads_to_its_state_or_is_refused_with_its_code(standing: Standing, action: Action) -> None:
    if (standing, action) in SUCCESSES:
        assert taken(EXAMPLES[standing], action).state is SUCCESSES[standing, action]
        return
    with pytest.raises(Refusal) as refused:
        taken(EXAMPLES[standing], action)
    assert refused.value.code == ErrorCode(expected_code(standing, action))
    assert refused.value.message


@pytest.mark.parametrize(("standing", "action"), SUCCESSES)
def test_what_is_known_of_a_coupon_fits_its_state(standing: Standing, action: Action) -> None:
    after = taken(EXAMPLES[standing], action)
    assert (after.allocated_at is None) == (after.state is CouponState.FREE)
    assert (after.used_at is None) == (after.used_by is None) == (after.state is not CouponState.USED)
    assert (after.reserved_until is None) == (after.state is not CouponState.RESERVED)
    assert after.last_step == EXAMPLES[standing].last_step + 1


@pytest.mark.parametrize(("standing", "action"), SUCCESSES)
def test_settings_apply_with_every_action_that_succeeds(standing: Standing, action: Action) -> None:
    settings = Settings(tags=("x",), allowed_cards=("1",), expires_at=NOW + 3 * HOUR)
    after = taken(EXAMPLES[standing], action, settings=settings)
    assert (after.tags, after.allowed_cards, after.expires_at) == (("x",), ("1",), NOW + 3 * HOUR)


def test_settings_left_out_stay_and_empty_ones_remove() -> None:
    coupon = Coupon(1, 2, "A", tags=("x",), allowed_cards=("1",), expires_at=NOW + HOUR)
    kept = taken(coupon, Action.DETAILS)
    assert (kept.tags, kept.allowed_cards, kept.expires_at) == (("x",), ("1",), NOW + HOUR)
    emptied = taken(coupon, Action.DETAILS, settings=Settings(tags=(), allowed_cards=()))
    assert (emptied.tags, emptied.allowed_cards, emptied.expires_at) == ((), (), NOW + HOUR)


def test_details_of_a_used_or_reserved_coupon_keep_who_did_it() -> None:
    used = taken(EXAMPLES[Standing.USED], Action.DETAILS)
    assert (used.used_at, used.used_by) == (NOW - HOUR, FIRST)
    locked = taken(EXAMPLES[Standing.LOCKED], Action.DETAILS)
    assert (locked.reserved_until, locked.reserved_by) == (NOW + HOUR, FIRST)


@pytest.mark.parametrize("standing", [Standing.RESERVED, Standing.LOCKED])
def test_a_reservation_ends_by_itself_at_its_moment(standing: Standing) -> None:
    coupon = EXAMPLES[standing]
    assert coupon.standing(NOW + HOUR - timedelta(microseconds=1)) is standing
    assert coupon.standing(NOW + HOUR) is Standing.ALLOCATED
    used = step(coupon, Action.USE, at=NOW + HOUR, by=SECOND)
    assert (used.state, used.used_by, used.reserved_until, used.reserved_by) == (CouponState.USED, SECOND, None, None)


def test_a_new_reservation_after_a_lapsed_lock_is_an_ordinary_one() -> None:
    later = NOW + 3 * HOUR
    again = step(EXAMPLES[Standing.LOCKED], Action.RESERVE, at=NOW + HOUR, by=SECOND, reserved_until=later)
    assert (again.reserved_until, again.reserved_by) == (later, None)
    assert again.standing(NOW + HOUR) is Standing.RESERVED


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.EXPIRED])
def test_any_coupon_expires_at_its_moment(standing: Standing) -> None:
    coupon = taken(EXAMPLES[standing], Action.DETAILS, settings=Settings(expires_at=NOW + HOUR))
    assert coupon.standing(NOW + HOUR - timedelta(microseconds=1)) is not Standing.EXPIRED
    assert coupon.standing(NOW + HOUR) is Standing.EXPIRED
