"""A free coupon of a set for a card, drawn and read by one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from apps.coupons.core.life import Coupon, read_coupon
from apps.coupons.core.states import CouponState
from apps.coupons.core.terms import SetTerms
from apps.coupons.queries.lock_coupon import DRAWS, waiting
from apps.kernel.db.hot import Cursor
from apps.kernel.typed import from_plain

# What is locked without having waited is read as it is now: a row that somebody changed since the snapshot is looked at
# again. Of the set only its terms are read, and what this card was given, whose family is locked.
_COLUMNS = f"""to_jsonb(c), (SELECT jsonb_build_array(s.id, s.code, s.is_active, s.expires_at, s.lifetime_days,
  s.limit_per_card) FROM coupons_couponset s WHERE s.brand_id = c.brand_id AND s.id = c.set_id),
 (SELECT count(*) FROM coupons_coupon g WHERE g.brand_id = c.brand_id AND g.wallet_id = %(wallet)s
  AND g.set_id = c.set_id AND g.state <> {int(CouponState.DISABLED)})"""
_TEXTS = tuple(
    text.replace("SELECT c.id FROM", f"SELECT {_COLUMNS} FROM", 1).replace(
        "AND c.state = 1", "AND c.state = 1 AND c.id <> ALL(%(taken)s::bigint[])", 1
    )
    for text in DRAWS
)

_read_terms = from_plain(SetTerms)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A locked free coupon, its set's terms, and how many of the set the card was ever given. Those that were disabled
    (by a setup that was given up, or a return) do not count: nobody had anything of them."""

    coupon: Coupon
    terms: SetTerms
    given_of_set: int


def draw_for_card(
    cursor: Cursor,
    *,
    brand_id: int,
    set_code: str,
    wallet_id: int,
    drawn: int,
    at: datetime,
    taken: Sequence[int] = (),
) -> Drawn | None:
    """Lock any free coupon of an active set, as `draw_coupon` does, but those that this call has `taken` already. None
    if there is none; 26 if one that another call is taking is the last one, and that call does not end."""
    params: dict[str, Any] = {"brand": brand_id, "set": set_code, "from": drawn, "at": at, "wallet": wallet_id}
    params["taken"] = list(taken)
    with waiting():
        for text in _TEXTS:
            row = cursor.execute(text, params, binary=True).fetchone()
            if row is not None:
                return _drawn(row)
    return None


def _drawn(row: tuple[Any, ...]) -> Drawn:
    stored, terms, given = row
    known = {each.name for each in fields(Coupon)}
    coupon = read_coupon({name: value for name, value in stored.items() if name in known})
    names = (each.name for each in fields(SetTerms))
    return Drawn(coupon, _read_terms(dict(zip(names, terms, strict=True))), given)
