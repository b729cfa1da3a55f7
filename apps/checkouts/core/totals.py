"""The figures of a checkout. Pure.

The total is in the checkout's currency, before any discount. It is what the till says, or else the sum of the lines,
half-up to the currency's decimals; both may be there and differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from apps.catalog.core.products import check_sku
from apps.kernel.amounts import ZERO, at_scale, fits
from apps.kernel.errors import InvalidInput

LARGEST_TOTAL = Decimal(10_000_000)
FINEST = 6
"""Decimals that a column keeps."""


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """One product: `quantity` units at `unit_price` each; `unit_cost` for reports."""

    sku: str
    quantity: Decimal
    unit_price: Decimal
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """`total` before any discount, `pre_discount` given outside of campaigns."""

    total: Decimal
    pre_discount: Decimal


def totals(
    *, stated: Decimal | None, lines: Sequence[CheckoutLine], pre_discounts: Sequence[Decimal], currency_scale: int
) -> Totals:
    """Work out the total. Neither a total nor lines, SKUs that are too long, amounts below zero, with too many
    decimals or too large, pre-discounts above the total: 9."""
    if stated is None and not lines:
        raise InvalidInput("Send checkoutTotal or products.")
    for line in lines:
        check_sku(line.sku)
        _check(line.quantity, "amountPurchased")
        _check(line.unit_price, "unitPrice")
        if line.unit_cost is not None and not fits(line.unit_cost, FINEST):
            raise InvalidInput("unitCost is too large or too precise.")
    for amount in pre_discounts:
        _check(amount, "preDiscounts.amount")
    if stated is not None:
        total = stated
    else:
        with localcontext(prec=60):
            total = sum((line.quantity * line.unit_price for line in lines), ZERO)
        if total <= LARGEST_TOTAL:
            total = at_scale(total, currency_scale)
    if total > LARGEST_TOTAL:
        raise InvalidInput(f"The total must not be larger than {LARGEST_TOTAL}.")
    _check(total, "checkoutTotal")
    pre_discount = sum(pre_discounts, ZERO)
    if pre_discount > total:
        raise InvalidInput("preDiscounts are more than the total.")
    return Totals(total, pre_discount)


def _check(amount: Decimal, name: str) -> None:
    if amount < 0:
        raise InvalidInput(f"{name} must not be below zero.")
    if not fits(amount, FINEST):
        raise InvalidInput(f"{name} is too large or too precise.")
