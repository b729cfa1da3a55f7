"""The checkouts' parts of the one write statement."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.checkouts.core.payments import Payment, discount_by_payments
from apps.checkouts.core.totals import CheckoutLine, Totals
from apps.kernel.amounts import ZERO
from apps.kernel.fragments import Fragment

_CHECKOUT = """INSERT INTO checkouts_checkout (brand_id, operation_id, wallet_id, location_id, currency, total,
 pre_discount, discount, paid_as_discount, happened_at, key_values, referring_card, setup_operation_id)
 VALUES (%(brand)s, %(operation)s, %(wallet)s, %(location)s, %(currency)s, %(total)s, %(pre_discount)s, %(discount)s,
 %(paid_as_discount)s, %(happened)s, %(keys)s::jsonb, %(referring)s, %(setup)s)"""

_LINES = """INSERT INTO checkouts_line (brand_id, operation_id, no, sku, quantity, unit_price, unit_cost)
 SELECT %(brand)s, %(operation)s, u.* FROM unnest(%(no)s::smallint[], %(sku)s::text[], %(quantity)s::numeric[],
 %(price)s::numeric[], %(cost)s::numeric[]) u"""

_PAYMENTS = """INSERT INTO checkouts_payment (brand_id, operation_id, no, payment_type, amount, pays,
 counts_as_discount, redeems, balance_type, balance_code, paid_by_operation_id, released)
 SELECT %(brand)s, %(operation)s, u.*, false FROM unnest(%(no)s::smallint[], %(type)s::text[], %(amount)s::numeric[],
 %(pays)s::numeric[], %(discount)s::bool[], %(redeems)s::bool[], %(balance_type)s::text[], %(balance_code)s::text[],
 %(paid_by)s::uuid[]) u"""

_ERASE = """UPDATE checkouts_checkout c SET key_values = NULL FROM ledger_wallet w
 WHERE c.brand_id = %(brand)s AND w.brand_id = c.brand_id AND c.wallet_id = w.id AND c.key_values IS NOT NULL
 AND (w.id = %(family)s OR w.root_id = %(family)s)"""

_RELEASE = """UPDATE checkouts_payment SET released = true WHERE brand_id = %(brand)s AND operation_id = %(operation)s
 AND paid_by_operation_id IS NOT NULL"""


def checkout(
    *,
    brand_id: int,
    operation_id: UUID,
    wallet_id: int | None,
    location_id: int | None,
    currency: str,
    figures: Totals,
    lines: Sequence[CheckoutLine],
    payments: Sequence[Payment],
    happened_at: datetime,
    discount: Decimal = ZERO,
    key_values: Sequence[tuple[str, str]] = (),
    referring_card: str | None = None,
    setup_id: UUID | None = None,
) -> list[Fragment]:
    """A completed checkout with its lines and payments. `discount` is what campaigns gave; `setup_id` the locking setup
    that it completes."""
    key = {"brand": brand_id, "operation": operation_id}
    head = key | {
        "wallet": wallet_id,
        "location": location_id,
        "currency": currency,
        "total": figures.total,
        "pre_discount": figures.pre_discount,
        "discount": discount,
        "paid_as_discount": discount_by_payments(payments),
        "happened": happened_at,
        "keys": json.dumps(key_values) if key_values else None,
        "referring": referring_card,
        "setup": setup_id,
    }
    fragments = [Fragment("checkout", _CHECKOUT, head)]
    if lines:
        fragments.append(Fragment("lines", _LINES, key | _line_columns(lines)))
    if payments:
        fragments.append(Fragment("payments", _PAYMENTS, key | _payment_columns(payments)))
    return fragments


def erase_checkouts(*, brand_id: int, family_id: int) -> Fragment:
    """Tills may put anything into key/values: those of a card and its children are taken away. The checkouts stay."""
    return Fragment("checkout_keys", _ERASE, {"brand": brand_id, "family": family_id})


def release_payments(*, brand_id: int, operation_id: UUID) -> Fragment:
    """A voided checkout lets go of the updateBalance calls that paid for it."""
    return Fragment("released", _RELEASE, {"brand": brand_id, "operation": operation_id})


def _line_columns(lines: Sequence[CheckoutLine]) -> dict[str, list[Any]]:
    return {
        "no": list(range(1, len(lines) + 1)),
        "sku": [line.sku for line in lines],
        "quantity": [line.quantity for line in lines],
        "price": [line.unit_price for line in lines],
        "cost": [line.unit_cost for line in lines],
    }


def _payment_columns(payments: Sequence[Payment]) -> dict[str, list[Any]]:
    return {
        "no": list(range(1, len(payments) + 1)),
        "type": [payment.payment_type for payment in payments],
        "amount": [payment.amount for payment in payments],
        "pays": [payment.pays for payment in payments],
        "discount": [payment.counts_as_discount for payment in payments],
        "redeems": [payment.redeems for payment in payments],
        "balance_type": [payment.balance_type for payment in payments],
        "balance_code": [payment.balance_code for payment in payments],
        "paid_by": [payment.paid_by for payment in payments],
    }
