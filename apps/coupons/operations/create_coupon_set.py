"""Create a coupon set."""

from datetime import datetime

from django.db import transaction

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config
from apps.coupons.core.patterns import check_pattern
from apps.coupons.core.terms import check_terms
from apps.coupons.models import CouponSet


def create_coupon_set(
    *,
    brand: Brand,
    code: str,
    name: str,
    pattern: str = "",
    expires_at: datetime | None = None,
    lifetime_days: int | None = None,
    limit_per_card: int | None = None,
) -> CouponSet:
    """Insert the set and publish it. A set without pattern gets its coupons from files, one with pattern from both."""
    check_code(code)
    check_name(name)
    if pattern:
        check_pattern(pattern)
    check_terms(expires_at=expires_at, lifetime_days=lifetime_days, limit_per_card=limit_per_card)
    row = CouponSet(
        brand=brand,
        code=code,
        name=name,
        pattern=pattern,
        expires_at=expires_at,
        lifetime_days=lifetime_days,
        limit_per_card=limit_per_card,
    )
    with transaction.atomic():
        coupon_set = insert_row(row=row, duplicate=f"There is a coupon set {code!r} already.")
        publish_config(brand_id=brand.pk)
    return coupon_set
