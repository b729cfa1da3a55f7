"""Reading what a checkout was made of."""

from uuid import UUID

from apps.checkouts.core.payments import Payment
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.db.hot import Cursor

_LINES = """SELECT sku, quantity, unit_price, unit_cost FROM checkouts_line
 WHERE brand_id = %(brand)s AND operation_id = %(operation)s ORDER BY no"""

_PAYMENTS = """SELECT payment_type, amount, pays, counts_as_discount, redeems, balance_type, balance_code,
 paid_by_operation_id FROM checkouts_payment
 WHERE brand_id = %(brand)s AND operation_id = %(operation)s ORDER BY no"""


def lines_of(cursor: Cursor, *, brand_id: int, checkout_id: UUID) -> list[CheckoutLine]:
    """The products in the order in which they were sent."""
    return [CheckoutLine(*row) for row in cursor.execute(_LINES, {"brand": brand_id, "operation": checkout_id})]


def payments_of(cursor: Cursor, *, brand_id: int, checkout_id: UUID) -> list[Payment]:
    """The payments in the order in which they were sent."""
    rows = cursor.execute(_PAYMENTS, {"brand": brand_id, "operation": checkout_id})
    return [
        Payment(
            payment_type=payment_type,
            amount=amount,
            pays=pays,
            counts_as_discount=counts_as_discount,
            redeems=redeems,
            balance_type=balance_type,
            balance_code=balance_code,
            paid_by=paid_by,
        )
        for payment_type, amount, pays, counts_as_discount, redeems, balance_type, balance_code, paid_by in rows
    ]
