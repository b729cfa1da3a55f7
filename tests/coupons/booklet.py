"""Coupon sets with coupons in them, and coupons as they stand in the database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon, CouponSet, CouponStep
from apps.coupons.operations.create_coupon_set import create_coupon_set
from apps.coupons.operations.load_coupons import load_coupons
from apps.coupons.queries.lock_coupon import SHUFFLES
from tests.campaigns.live import condition, percent, publish, rule
from tests.shop import Shop


def booklet(shop: Shop, codes: Sequence[str] = (), *, code: str = "summer", **terms: Any) -> CouponSet:
    """A set with these coupons in it."""
    coupon_set = create_coupon_set(brand=shop.brand, code=code, name=code.title(), **terms)
    if codes:
        fill(coupon_set, codes)
    return coupon_set


def fill(coupon_set: CouponSet, codes: Sequence[str]) -> None:
    """Add coupons to a set."""
    lines = ["code\n", *(f"{each}\n" for each in codes)]
    assert load_coupons(coupon_set=coupon_set, lines=lines, now=datetime.now(UTC)).added == len(codes)


def found_at_once(coupon_set: CouponSet) -> None:
    """Let every draw meet the set's coupons with its first statement, wherever it begins to look."""
    Coupon.objects.filter(brand_id=coupon_set.brand_id, set_id=coupon_set.pk).update(shuffle=SHUFFLES - 1)


def given(shop: Shop, code: str = "A-1", **more: Any) -> str:
    """A coupon of a set of its own that is allocated."""
    booklet(shop, [code], code=f"set-of-{code}")
    shop.ok("allocateCoupon", {"couponId": code} | more)
    return code


def used(shop: Shop, code: str = "A-1", **more: Any) -> str:
    """A coupon that is used."""
    shop.ok("couponDetails", {"couponId": given(shop, code, **more), "action": "use"})
    return code


def coupon(shop: Shop, code: str = "A-1") -> Coupon:
    """A coupon's row."""
    return Coupon.objects.get(brand=shop.brand, code=code)


def change(shop: Shop, code: str, **columns: Any) -> None:
    """What only a checkout can do to a coupon, until checkouts do."""
    row = coupon(shop, code)
    if "state" in columns:
        CouponStep.objects.create(
            brand=shop.brand,
            coupon_id=row.pk,
            no=row.last_step + 1,
            operation_id=CouponStep.objects.filter(brand=shop.brand).values_list("operation_id", flat=True)[0],
            action="checkout",
            state=int(columns["state"]),
        )
        columns["last_step"] = row.last_step + 1
    Coupon.objects.filter(pk=row.pk).update(**columns)


def disabled(shop: Shop, code: str = "A-1") -> str:
    """A coupon that waits for its checkout to be completed."""
    change(shop, given(shop, code), state=CouponState.DISABLED)
    return code


def locked(shop: Shop, until: datetime, code: str = "A-1") -> str:
    """A coupon that a checkout's lock has reserved."""
    given(shop, code)
    publish(shop, rule(percent(5), when=[condition("coupon_from", sets=[f"set-of-{code}"])]))
    setup = {"cardNumber": shop.card(), "checkoutTotal": 5, "isSetup": True, "lockSetupDuration": 600}
    shop.ok("checkout", setup | {"coupons": [code]})
    Coupon.objects.filter(brand=shop.brand, code=code).update(reserved_until=until)
    return code


def steps(shop: Shop, code: str = "A-1") -> list[tuple[int, str, int]]:
    """Number, action and state of each step of a coupon."""
    rows = CouponStep.objects.filter(brand=shop.brand, coupon_id=coupon(shop, code).pk).order_by("no")
    return list(rows.values_list("no", "action", "state"))
