"""What can still be returned of a checkout."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.checkouts.core.returned import Back, Bought
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor
from apps.requestlog.unit import Lock

_LOCK = """SELECT 0::bigint FROM checkouts_checkout c
 WHERE c.brand_id = %(brand)s AND c.operation_id = %(checkout)s AND {mine} FOR NO KEY UPDATE OF c"""

_VOIDED = "EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = {0}.brand_id AND v.operation_id = {0}.operation_id)"

_READ = f"""SELECT c.currency, c.total, c.total - c.pre_discount - c.discount - c.paid_as_discount,
 {_VOIDED.format("c")}, l.*, r.*, q.*
 FROM checkouts_checkout c
 LEFT JOIN LATERAL (SELECT array_agg(n.sku ORDER BY n.no), array_agg(n.quantity ORDER BY n.no),
   array_agg(n.unit_price ORDER BY n.no)
  FROM checkouts_line n WHERE n.brand_id = c.brand_id AND n.operation_id = c.operation_id) l ON true
 LEFT JOIN LATERAL (SELECT array_agg(t.operation_id), sum(t.total) FILTER (WHERE NOT t.is_voided),
   bool_or(t.reversed_payments AND NOT t.is_voided), array_agg(t.shortfall) FILTER (WHERE NOT t.is_voided)
  FROM (SELECT x.*, {_VOIDED.format("x")} AS is_voided FROM checkouts_return x
   WHERE x.brand_id = c.brand_id AND x.checkout_operation_id = c.operation_id) t) r ON true
 LEFT JOIN LATERAL (SELECT array_agg(u.sku), array_agg(u.quantity)
  FROM (SELECT n.sku, sum(n.quantity) AS quantity FROM checkouts_return x
   JOIN checkouts_returnline n ON n.brand_id = x.brand_id AND n.operation_id = x.operation_id
   WHERE x.brand_id = c.brand_id AND x.checkout_operation_id = c.operation_id AND NOT {_VOIDED.format("x")}
   GROUP BY n.sku) u) q ON true
 WHERE c.brand_id = %(brand)s AND c.operation_id = %(checkout)s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returnable:
    """A completed checkout, without the discounts that campaigns gave on its products; and what its returns did.

    `return_ids` has all of them, voided ones too; all else only those that were not. `short`: by value type, what they
    looked for in vain.
    """

    currency: str
    is_voided: bool
    bought: Bought
    before: Back
    return_ids: tuple[UUID, ...]
    payments_reversed: bool
    short: dict[int, Decimal]


def lock_checkout(checkout_id: UUID) -> Lock:
    """The row of an anonymous checkout, which has no card whose lock could do."""
    return Lock(_LOCK, {"checkout": checkout_id})


def read_returnable(cursor: Cursor, *, brand_id: int, checkout_id: UUID) -> Returnable:
    """Read a completed checkout, under the lock of its card's family (or its own, see `lock_checkout`)."""
    row = cursor.execute(_READ, {"brand": brand_id, "checkout": checkout_id}, binary=True).fetchone()
    assert row is not None, "a completed checkout has its row"
    currency, total, spend, is_voided, *rest = row
    skus, quantities, prices, return_ids, value, payments_reversed, shortfalls, back_skus, back_quantities = rest
    lines = [CheckoutLine(*line) for line in zip(skus or (), quantities or (), prices or (), strict=True)]
    back = dict(zip(back_skus or (), back_quantities or (), strict=True))
    return Returnable(
        currency=currency,
        is_voided=is_voided,
        bought=Bought(total=total, spend=spend, lines=lines),
        before=Back(value=value or ZERO, quantities=back),
        return_ids=tuple(return_ids or ()),
        payments_reversed=bool(payments_reversed),
        short=_sum(shortfalls or ()),
    )


def _sum(shortfalls: Iterable[dict[str, str] | None]) -> dict[int, Decimal]:
    total: dict[int, Decimal] = {}
    for each in shortfalls:
        for value_type_id, amount in (each or {}).items():
            total[int(value_type_id)] = total.get(int(value_type_id), ZERO) + Decimal(amount)
    return total
