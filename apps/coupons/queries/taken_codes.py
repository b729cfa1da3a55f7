"""Which coupon codes are in use."""

from collections.abc import Sequence

from apps.kernel.db.hot import Cursor

_TAKEN = "SELECT c.code FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.code = ANY(%(codes)s)"


def taken_codes(cursor: Cursor, *, brand_id: int, codes: Sequence[str]) -> set[str]:
    """Those of `codes` that a coupon of the brand has, in whatever set."""
    # planned anew each time: a plan that was kept from when the table was small would read all of it for every code
    return {row[0] for row in cursor.execute(_TAKEN, {"brand": brand_id, "codes": list(codes)}, prepare=False)}
