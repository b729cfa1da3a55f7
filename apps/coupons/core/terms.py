"""What a coupon set says about the coupons that are given out of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.kernel.errors import InvalidInput

LONGEST_LIFETIME = 36_500
"""Days."""
LARGEST_LIMIT = 1_000_000
"""Coupons for one card."""


class TooManyForOneCard(InvalidInput):
    """The card was given as many coupons of the set as one card may get (9)."""

    message = "The card has had as many coupons of this set as one card may get."


@dataclass(frozen=True, slots=True)
class SetTerms:
    """A coupon set. At most one of `expires_at` and `lifetime_days` is there; no `limit_per_card`: any number."""

    id: int
    code: str
    is_active: bool
    expires_at: datetime | None
    lifetime_days: int | None
    limit_per_card: int | None

    def default_expiry(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When a coupon that is allocated at a moment expires unless somebody says otherwise; None for never.

        A lifetime ends with the brand's day: one of a day, given at noon, ends at the midnight of tomorrow's end.
        """
        if self.lifetime_days is None:
            return self.expires_at
        last_day = at.astimezone(zone).date() + timedelta(days=self.lifetime_days)
        return datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)

    def check_limit(self, given: int) -> None:
        """9 if a card that was given so many coupons of the set may get no other one."""
        if self.limit_per_card is not None and given >= self.limit_per_card:
            raise TooManyForOneCard


def check_terms(*, expires_at: datetime | None, lifetime_days: int | None, limit_per_card: int | None) -> None:
    """Refuse (9) what cannot be the terms of a set."""
    if expires_at is not None and lifetime_days is not None:
        raise InvalidInput("Coupons of a set expire at a moment or after a number of days, not both.")
    if lifetime_days is not None and not 0 < lifetime_days <= LONGEST_LIFETIME:
        raise InvalidInput(f"A lifetime is 1 to {LONGEST_LIFETIME:,} days.")
    if limit_per_card is not None and not 0 < limit_per_card <= LARGEST_LIMIT:
        raise InvalidInput(f"A card may get 1 to {LARGEST_LIMIT:,} coupons of a set.")
