"""What a return of goods does to the facts, as parts of the one write statement, under the family's lock.

It lowers what was spent and how many units were bought; checkouts, places and visits stay. `wallet_id` as in
`fragments`.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.checkouts.core.totals import CheckoutLine
from apps.facts.fragments import MONEY_LEFT, UNITS_LEFT, units_of
from apps.kernel.fragments import Columns, Fragment, rows_fragment

_MONEY = """INSERT INTO facts_purchases AS p (brand_id, wallet_id, currency, checkouts, spend, last_at)
 VALUES (%(brand)s, %(wallet)s, %(currency)s, 0, -%(total)s::numeric, NULL)
 ON CONFLICT (brand_id, wallet_id, currency) DO UPDATE SET spend = p.spend + excluded.spend"""

_UNITS = """INSERT INTO facts_skucount AS s (brand_id, wallet_id, sku, quantity, checkouts)
 SELECT %(brand)s, %(wallet)s, u.sku, -u.quantity, 0 FROM {rows}
 ON CONFLICT (brand_id, wallet_id, sku) DO UPDATE SET quantity = s.quantity + excluded.quantity"""
_UNIT_COLUMNS: Columns = (("sku", "text"), ("quantity", "numeric"))

# The void is being written by the same statement, so the voided return is named and not looked up.
_OTHERS = "AND r.operation_id <> %(return)s"
_OTHER_MONEY, _OTHER_UNITS = MONEY_LEFT.format(and_not=_OTHERS), UNITS_LEFT.format(and_not=_OTHERS)
_VOIDED = "b.brand_id = %(brand)s AND b.operation_id = %(return)s"
_VOIDED_LINES = """(SELECT b.sku, sum(b.quantity) AS quantity FROM checkouts_returnline b
 WHERE b.brand_id = %(brand)s AND b.operation_id = %(return)s GROUP BY b.sku) u"""

_TAKE_BACK = {
    "money_again": f"""UPDATE facts_purchases f SET spend = f.spend + b.total FROM checkouts_return b
 WHERE {_VOIDED} AND f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s AND f.currency = b.currency
  AND (f.checkouts > 0 OR {_OTHER_MONEY})""",
    "no_money": f"""DELETE FROM facts_purchases f USING checkouts_return b
 WHERE {_VOIDED} AND f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s AND f.currency = b.currency
  AND f.checkouts = 0 AND NOT {_OTHER_MONEY}""",
    "units_again": f"""UPDATE facts_skucount f SET quantity = f.quantity + u.quantity FROM {_VOIDED_LINES}
 WHERE f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s AND f.sku = u.sku
  AND (f.checkouts > 0 OR {_OTHER_UNITS})""",
    "no_units": f"""DELETE FROM facts_skucount f USING {_VOIDED_LINES}
 WHERE f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s AND f.sku = u.sku
  AND f.checkouts = 0 AND NOT {_OTHER_UNITS}""",
}


def goods_back(
    *, brand_id: int, wallet_id: int, currency: str, total: Decimal, lines: Sequence[CheckoutLine]
) -> list[Fragment]:
    """Goods came back: `total` of them, in `currency`."""
    own = {"brand": brand_id, "wallet": wallet_id}
    fragments = []
    if total:
        fragments.append(Fragment("money_back", _MONEY, own | {"currency": currency, "total": total}))
    if lines:
        units = units_of(lines)
        columns: dict[str, list[Any]] = {"sku": list(units), "quantity": list(units.values())}
        fragments.append(rows_fragment("units_back", _UNITS, _UNIT_COLUMNS, columns, own))
    return fragments


def take_back_return(*, brand_id: int, wallet_id: int, return_id: UUID) -> list[Fragment]:
    """A return is voided: the goods never came back."""
    params = {"brand": brand_id, "wallet": wallet_id, "return": return_id}
    return [Fragment(name, sql, params) for name, sql in _TAKE_BACK.items()]
