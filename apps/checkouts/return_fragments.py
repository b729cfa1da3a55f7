"""What a return of goods writes about itself, as parts of the one write statement."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.fragments import Columns, Fragment, rows_fragment

_RETURN = """INSERT INTO checkouts_return (brand_id, operation_id, checkout_operation_id, wallet_id, location_id,
 currency, total, reversed_payments, may_exceed, shortfall, happened_at) VALUES (%(brand)s, %(operation)s, %(checkout)s,
 %(wallet)s, %(location)s, %(currency)s, %(total)s, %(reversed)s, %(may_exceed)s, %(shortfall)s::jsonb, %(happened)s)"""

_LINES = """INSERT INTO checkouts_returnline (brand_id, operation_id, no, sku, quantity, unit_price, unit_cost)
 SELECT %(brand)s, %(operation)s, u.* FROM {rows}"""
_LINE_COLUMNS: Columns = (
    ("no", "smallint"),
    ("sku", "text"),
    ("quantity", "numeric"),
    ("price", "numeric"),
    ("cost", "numeric"),
)


def goods_returned(
    *,
    brand_id: int,
    operation_id: UUID,
    checkout_id: UUID | None,
    wallet_id: int | None,
    location_id: int | None,
    currency: str,
    total: Decimal,
    lines: Sequence[CheckoutLine],
    reversed_payments: bool,
    may_exceed: bool,
    shortfall: str | None,
    happened_at: datetime,
) -> list[Fragment]:
    """A return with its lines. `shortfall` is JSON text: value type id to amount."""
    key = {"brand": brand_id, "operation": operation_id}
    head = key | {
        "checkout": checkout_id,
        "wallet": wallet_id,
        "location": location_id,
        "currency": currency,
        "total": total,
        "reversed": reversed_payments,
        "may_exceed": may_exceed,
        "shortfall": shortfall,
        "happened": happened_at,
    }
    fragments = [Fragment("return", _RETURN, head)]
    if lines:
        fragments.append(rows_fragment("return_lines", _LINES, _LINE_COLUMNS, _columns(lines), key))
    return fragments


def _columns(lines: Sequence[CheckoutLine]) -> dict[str, list[Any]]:
    return {
        "no": list(range(1, len(lines) + 1)),
        "sku": [line.sku for line in lines],
        "quantity": [line.quantity for line in lines],
        "price": [line.unit_price for line in lines],
        "cost": [line.unit_cost for line in lines],
    }
