"""The locks of coupons: a named one, or any free one of a set. A coupon's own row is its lock."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg

from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, Refusal

SHUFFLES = 2**62
"""Random numbers of coupons lie below this."""

_NAMED = """SELECT c.id FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.code = %(code)s
 FOR NO KEY UPDATE OF c"""

# An index has the free coupons of a set by expiry and random number, so that none of these looks at expired ones.
_EXPIRY = "coalesce({}.expires_at, 'infinity')"
_SET = "(SELECT s.id FROM coupons_couponset s WHERE s.brand_id = %(brand)s AND s.code = %(set)s AND s.is_active)"
_FIRST_EXPIRY = f"""(SELECT {_EXPIRY.format("n")} FROM coupons_coupon n WHERE n.brand_id = %(brand)s
 AND n.set_id = {_SET} AND n.state = 1 AND {_EXPIRY.format("n")} > %(at)s ORDER BY {_EXPIRY.format("n")} LIMIT 1)"""
_FREE = f"""SELECT c.id FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.set_id = {_SET} AND c.state = 1
 AND {_EXPIRY.format("c")} {{which}} ORDER BY {_EXPIRY.format("c")}, c.shuffle LIMIT 1
 FOR NO KEY UPDATE OF c {{wait}}"""
DRAWS = (
    _FREE.format(which=f"= {_FIRST_EXPIRY} AND c.shuffle >= %(from)s", wait="SKIP LOCKED"),
    _FREE.format(which=f"= {_FIRST_EXPIRY} AND c.shuffle < %(from)s", wait="SKIP LOCKED"),
    _FREE.format(which="> %(at)s", wait="SKIP LOCKED"),
    _FREE.format(which="> %(at)s", wait=""),
)
"""Locks of a free coupon, to be tried in this order. Parameters: brand, set, from (a random number), at."""


class ConcurrentCoupon(Refusal):
    """Another call is busy with the coupon, and does not end (26). Retry."""

    code = ErrorCode.CONCURRENT_COUPON_ACCESS
    message = "Another call is busy with this coupon. Try again in a moment."


def lock_coupon(cursor: Cursor, *, brand_id: int, code: str) -> int | None:
    """Lock a coupon by its code; its id, None if there is none. 26 if another call keeps it for too long."""
    with waiting():
        return _first(cursor, _NAMED, {"brand": brand_id, "code": code})


def draw_coupon(cursor: Cursor, *, brand_id: int, set_code: str, drawn: int, at: datetime) -> int | None:
    """Lock any free coupon of an active set: of those that expire first, the first at or after the random number
    `drawn`, wrapping around.

    Those that other calls are taking are passed over, and waited for only when no other is left: the others may roll
    back. None if there is none then; 26 if one of them does not end.
    """
    params = {"brand": brand_id, "set": set_code, "from": drawn, "at": at}
    with waiting():
        found = (_first(cursor, text, params) for text in DRAWS)
        return next((coupon_id for coupon_id in found if coupon_id is not None), None)


def _first(cursor: Cursor, text: str, params: Mapping[str, Any]) -> int | None:
    row = cursor.execute(text, params).fetchone()
    return row[0] if row else None


@contextmanager
def waiting() -> Iterator[None]:
    """26 instead of the database's own word, when another call keeps a coupon for too long."""
    try:
        yield
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as problem:
        raise ConcurrentCoupon from problem
