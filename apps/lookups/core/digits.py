"""The digits of amounts that are not a balance: totals, prices, quantities."""

from decimal import Decimal

from apps.kernel.amounts import at_scale


def with_digits(amount: Decimal, *, at_least: int) -> Decimal:
    """The amount with `at_least` so many decimals; more only where it really has more."""
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int), "a stored amount is a number"
    return at_scale(amount, max(at_least, -exponent))
