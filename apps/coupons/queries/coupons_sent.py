"""The coupons that a checkout sends: their lock, and how they are read along with the card."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from apps.coupons.core.life import Coupon, read_coupon
from apps.coupons.queries.lock_coupon import waiting
from apps.kernel.db.hot import Cursor
from apps.kernel.readings import Reading

_LOCK = """SELECT c.id FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.code = ANY(%(codes)s::text[])
 ORDER BY c.id FOR NO KEY UPDATE OF c"""

_COUPON = """c.id, c.set_id, c.code, c.state, c.tags, c.allowed_cards, c.wallet_id, c.promotion_id, c.expires_at,
  c.allocated_at, c.used_at, c.used_by, c.reserved_until, c.reserved_by, c.last_step, s.code AS coupon_set"""

_SENT = f"""SELECT jsonb_agg(to_jsonb(x)) FROM (SELECT {_COUPON} FROM coupons_coupon c
  JOIN coupons_couponset s ON s.brand_id = c.brand_id AND s.id = c.set_id
  WHERE c.brand_id = %(brand)s AND c.id = ANY(%(sent_coupons)s::bigint[])) x"""

_OWN = f"""SELECT jsonb_agg(to_jsonb(x)) FROM (SELECT {_COUPON} FROM coupons_coupon c
  JOIN coupons_couponset s ON s.brand_id = c.brand_id AND s.id = c.set_id
  WHERE c.brand_id = %(brand)s AND c.wallet_id = {{whose}} AND c.state IN (2, 3)
   AND (s.code = ANY(%(own_sets)s::text[]) OR c.tags && %(own_tags)s::text[])
  ORDER BY c.expires_at NULLS LAST, c.id LIMIT 20) x"""


class SetCoupon(msgspec.Struct, frozen=True):
    """A coupon, and the code of its set."""

    coupon: Coupon
    coupon_set: str


def lock_coupons(cursor: Cursor, *, brand_id: int, codes: Collection[str]) -> list[int]:
    """Lock coupons by their codes, in the order of their ids; unknown ones are left out. 26 if another call keeps one
    for too long."""
    with waiting():
        rows = cursor.execute(_LOCK, {"brand": brand_id, "codes": sorted(codes)}).fetchall()
    return [row[0] for row in rows]


def sent(ids: Sequence[int]) -> Reading:
    """The locked coupons; see `coupons_read`."""
    return Reading("coupons_sent", _SENT, {"sent_coupons": list(ids)})


def own(*, sets: Collection[str], tags: Collection[str]) -> Reading:
    """Up to 20 coupons of the card, of these sets or with one of these tags, that expire first; see `coupons_read`."""
    return Reading("coupons_own", _OWN, {"own_sets": sorted(sets), "own_tags": sorted(tags)})


def coupons_read(value: Sequence[Mapping[str, Any]] | None) -> list[SetCoupon]:
    """What such a reading found."""
    return [
        SetCoupon(read_coupon({name: each[name] for name in each if name != "coupon_set"}), each["coupon_set"])
        for each in value or ()
    ]
