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

_FREE = """SELECT c.id FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.set_id =
 (SELECT s.id FROM coupons_couponset s WHERE s.brand_id = %(brand)s AND s.code = %(set)s AND s.is_active)
 AND c.state = 1 AND (c.expires_at IS NULL OR c.expires_at > %(at)s) {where}
 ORDER BY c.shuffle LIMIT 1 FOR NO KEY UPDATE OF c {wait}"""
_DRAWS = (
    _FREE.format(where="AND c.shuffle >= %(from)s", wait="SKIP LOCKED"),
    _FREE.format(where="AND c.shuffle < %(from)s", wait="SKIP LOCKED"),
    _FREE.format(where="", wait=""),
)


class ConcurrentCoupon(Refusal):
    """Another call is busy with the coupon, and does not end (26). Retry."""

    code = ErrorCode.CONCURRENT_COUPON_ACCESS
    message = "Another call is busy with this coupon. Try again in a moment."


def lock_coupon(cursor: Cursor, *, brand_id: int, code: str) -> int | None:
    """Lock a coupon by its code; its id, None if there is none. 26 if another call keeps it for too long."""
    with _waiting():
        return _first(cursor, _NAMED, {"brand": brand_id, "code": code})


def draw_coupon(cursor: Cursor, *, brand_id: int, set_code: str, drawn: int, at: datetime) -> int | None:
    """Lock any free coupon of an active set: the first at or after the random number `drawn`, wrapping around.

    Those that other calls are taking are passed over, and waited for only when no other is left: the others may roll
    back. None if there is none then; 26 if one of them does not end.
    """
    params = {"brand": brand_id, "set": set_code, "from": drawn, "at": at}
    with _waiting():
        found = (_first(cursor, text, params) for text in _DRAWS)
        return next((coupon_id for coupon_id in found if coupon_id is not None), None)


def _first(cursor: Cursor, text: str, params: Mapping[str, Any]) -> int | None:
    row = cursor.execute(text, params).fetchone()
    return row[0] if row else None


@contextmanager
def _waiting() -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as problem:
        raise ConcurrentCoupon from problem
