"""What a return of goods comes to, and how much of its checkout has come back with it. Pure.

Amounts are in the checkout's currency (for a return without one: in the location's). Quantities are amounts, not
counts. What counts of earlier returns is what was not voided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction

from apps.catalog.core.products import check_sku
from apps.checkouts.core.totals import FINEST, LARGEST_TOTAL, CheckoutLine
from apps.kernel.amounts import ZERO, at_scale, fits, half_up, unit
from apps.kernel.errors import InvalidInput


class OverReturned(InvalidInput):
    """More comes back than the checkout and its earlier returns leave, by value or by quantity (9)."""

    message = "More is returned than was bought and not returned yet; failIfOverReturn can allow it."


@dataclass(frozen=True, slots=True)
class ReturnedProduct:
    """A product that comes back: `quantity` units; `unit_price` None where the till does not say."""

    sku: str
    quantity: Decimal
    unit_price: Decimal | None = None
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """The checkout. `spend` is its total after all discounts; `discounts` what campaigns took off by SKU, one without
    SKU is not among them."""

    total: Decimal
    spend: Decimal
    lines: Sequence[CheckoutLine] = ()
    discounts: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def quantities(self) -> dict[str, Decimal]:
        """Units by SKU."""
        return _quantities(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What has come back: value, and units by SKU."""

    value: Decimal = ZERO
    quantities: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Returned:
    """One return: `total` is what counts for it, each line's `unit_price` what counts of that."""

    total: Decimal
    lines: Sequence[CheckoutLine] = ()

    def after(self, before: Back) -> Back:
        """All that has come back, this return included."""
        quantities = dict(before.quantities)
        for sku, quantity in _quantities(self.lines).items():
            quantities[sku] = quantities.get(sku, ZERO) + quantity
        return Back(value=before.value + self.total, quantities=quantities)


NOTHING_BACK = Back()


def returned(
    products: Sequence[ReturnedProduct],
    *,
    additional: Decimal,
    scale: int,
    bought: Bought | None = None,
    before: Back = NOTHING_BACK,
) -> Returned:
    """The figures of a return, at `scale` (more only where the till sent more). A product without price has that of
    the checkout after its discounts, half-up over all its returns together; without a checkout it counts nothing.

    Amounts below zero, with too many decimals or too large: 9.
    """
    _check(products, additional)
    prices = prices_after_discounts(bought, scale) if bought is not None else {}
    units = bought.quantities if bought is not None else {}
    seen, lines, said, found = dict(before.quantities), [], ZERO, ZERO
    for product in products:
        earlier = seen.get(product.sku, ZERO)
        seen[product.sku] = earlier + product.quantity
        price = product.unit_price
        if price is not None:
            said += _times(product.quantity, price)
        else:
            worth = Fraction(prices.get(product.sku, ZERO)) / Fraction(units.get(product.sku) or Decimal(1))
            upto = half_up(worth * Fraction(seen[product.sku]), scale)
            part = upto - half_up(worth * Fraction(earlier), scale)
            found += part
            price = half_up(Fraction(part) / Fraction(product.quantity or Decimal(1)), FINEST)
        lines.append(CheckoutLine(product.sku, product.quantity, price, product.unit_cost))
    if said > LARGEST_TOTAL:
        raise InvalidInput(f"A return must not be larger than {LARGEST_TOTAL}.")
    total = at_scale(said, scale) + found + additional
    if total > LARGEST_TOTAL:
        raise InvalidInput(f"A return must not be larger than {LARGEST_TOTAL}.")
    return Returned(total, lines)


def prices_after_discounts(bought: Bought, scale: int) -> dict[str, Decimal]:
    """What was paid for all units of each SKU, after all discounts, at `scale`.

    A discount on a product is taken off that product; all others (campaigns' on the total, pre-discounts, payments that
    count as discounts) are spread over the whole checkout, what is no line's included. The smallest units that are left
    over go to the largest remainders.
    """
    worth: dict[str, Decimal] = {}
    for line in bought.lines:
        worth[line.sku] = worth.get(line.sku, ZERO) + _times(line.quantity, line.unit_price)
    off = bought.discounts
    worth = {sku: max(ZERO, amount - off.get(sku, ZERO)) for sku, amount in worth.items()}
    goods = sum(worth.values(), ZERO)
    whole = max(bought.total - sum(off.values(), ZERO), goods)
    if not whole:
        return dict.fromkeys(worth, ZERO)
    factor = Fraction(max(ZERO, bought.spend)) / Fraction(whole)
    return _rounded({sku: factor * Fraction(amount) for sku, amount in worth.items()}, scale)


def exceeds(bought: Bought, before: Back, wanted: Returned) -> bool:
    """Whether a return asks for more than is left, by value or by quantity of a SKU. One of nothing never does."""
    after, units = wanted.after(before), bought.quantities
    return (wanted.total > 0 and after.value > bought.spend) or any(
        line.quantity > 0 and after.quantities[line.sku] > units.get(line.sku, ZERO) for line in wanted.lines
    )


def is_full(bought: Bought, after: Back) -> bool:
    """Whether the whole value has come back, or all quantities. Of a checkout of nothing, everything always has."""
    units = {sku: quantity for sku, quantity in bought.quantities.items() if quantity}
    if not units and not bought.spend:
        return True
    by_value = bought.spend > 0 and after.value >= bought.spend
    return by_value or (
        bool(units) and all(after.quantities.get(sku, ZERO) >= quantity for sku, quantity in units.items())
    )


def share_of(bought: Bought, after: Back) -> Fraction:
    """Which part of the checkout's value has come back, 1 at most; 1 too if it came back in full."""
    if is_full(bought, after):
        return Fraction(1)
    return Fraction(after.value) / Fraction(bought.spend) if bought.spend else Fraction(0)


def _quantities(lines: Iterable[CheckoutLine]) -> dict[str, Decimal]:
    units: dict[str, Decimal] = {}
    for line in lines:
        units[line.sku] = units.get(line.sku, ZERO) + line.quantity
    return units


def _times(quantity: Decimal, price: Decimal) -> Decimal:
    with localcontext(prec=60):
        return quantity * price


def _rounded(exact: Mapping[str, Fraction], scale: int) -> dict[str, Decimal]:
    """The amounts at `scale`; together they are what they were, rounded."""
    smallest = unit(scale)
    floors = {sku: int(amount * 10**scale) for sku, amount in exact.items()}
    over = int(half_up(sum(exact.values(), Fraction(0)), scale) / smallest) - sum(floors.values())
    by_remainder = sorted(exact, key=lambda sku: floors[sku] - exact[sku] * 10**scale)
    first = set(by_remainder[:over])
    return {sku: (count + (sku in first)) * smallest for sku, count in floors.items()}


def _check(products: Iterable[ReturnedProduct], additional: Decimal) -> None:
    for product in products:
        check_sku(product.sku)
        _check_amount(product.quantity, "amountPurchased")
        _check_amount(product.unit_price or ZERO, "unitPrice")
        if product.unit_cost is not None and not fits(product.unit_cost, FINEST):
            raise InvalidInput("unitCost is too large or too precise.")
    _check_amount(additional, "additionalReturnAmount")


def _check_amount(amount: Decimal, name: str) -> None:
    if amount < 0:
        raise InvalidInput(f"{name} must not be below zero.")
    if not fits(amount, FINEST):
        raise InvalidInput(f"{name} is too large or too precise.")
