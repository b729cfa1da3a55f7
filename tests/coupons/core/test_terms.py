"""What a set says about its coupons."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.coupons.core.terms import SetTerms, TooManyForOneCard, check_terms
from apps.kernel.errors import InvalidInput

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def terms(expires_at: datetime | None = None, lifetime: int | None = None, limit: int | None = None) -> SetTerms:
    return SetTerms(1, "set", True, expires_at, lifetime, limit)


@pytest.mark.parametrize(
    ("given", "zone", "expected"),
    [
        (terms(), "UTC", None),
        (terms(JUNE), "Asia/Tokyo", JUNE),
        (terms(lifetime=1), "UTC", datetime(2026, 3, 3, tzinfo=UTC)),
        (terms(lifetime=30), "UTC", datetime(2026, 4, 1, tzinfo=UTC)),
        (terms(lifetime=1), "America/New_York", datetime(2026, 3, 3, 5, tzinfo=UTC)),
        (terms(lifetime=7), "America/New_York", datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (terms(lifetime=1), "Pacific/Auckland", datetime(2026, 3, 3, 11, tzinfo=UTC)),
    ],
)
def test_the_default_expiry_ends_with_the_brands_day(given: SetTerms, zone: str, expected: datetime | None) -> None:
    assert given.default_expiry(NOON, ZoneInfo(zone)) == expected


def test_the_limit_of_a_card_is_what_it_may_get() -> None:
    terms(limit=2).check_limit(1)
    terms().check_limit(1_000)
    with pytest.raises(TooManyForOneCard):
        terms(limit=2).check_limit(2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_at": JUNE, "lifetime_days": 1},
        {"lifetime_days": 0},
        {"lifetime_days": 36_501},
        {"limit_per_card": 0},
        {"limit_per_card": 1_000_001},
    ],
)
def test_impossible_terms_are_refused(wrong: dict[str, Any]) -> None:
    check_terms(expires_at=None, lifetime_days=None, limit_per_card=None)
    with pytest.raises(InvalidInput):
        check_terms(**{"expires_at": None, "lifetime_days": None, "limit_per_card": None} | wrong)
