"""Discounts. Pure.

A discount of the total lowers what rules after it see as the total, and no line. A discount of items lowers its lines
and the total. None takes more than its units still cost, nor more than is left of the total: whichever is less.

The amount of a result is worked out exactly over all its units, rounded half-up once, and shared among the units: each
gets its exact share rounded down, the smallest units left over go to the largest remainders. In a mutation all units
have the same unit discount. Units whose price is finer than the currency (and parts of units) share as a whole, because
no amount of the currency fits one of them.
"""

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from apps.campaigns.core import texts
from apps.campaigns.core.act import Act
from apps.campaigns.core.facts import Line
from apps.campaigns.core.outcome import Cause, Discounted
from apps.campaigns.core.picking import picked
from apps.campaigns.core.results import Discount, DiscountKind, TargetKind
from apps.campaigns.core.sharing import Portion, Share, shared
from apps.campaigns.core.units import Run
from apps.kernel.amounts import LARGEST, ZERO, at_scale, unit, with_digits

_FINEST = Decimal("0.000001")
"""Unit discounts have at most six decimals."""


def discount(result: Discount, act: Act) -> None:
    """Take something off the checkout; elsewhere there is nothing to take it off."""
    if not act.in_checkout:
        act.skip(result, texts.NO_CHECKOUT)
    elif result.of is TargetKind.TOTAL:
        _discount_total(result, act)
    else:
        _discount_items(result, act)


def _discount_total(result: Discount, act: Act) -> None:
    total = act.scene.total
    match result.take:
        case DiscountKind.PERCENT:
            wanted = total * result.value / 100
        case DiscountKind.PRICE:
            wanted = total - result.value
        case _:
            wanted = result.value * act.times
    amount = _bounded(wanted, total, result, act)
    if amount > 0:
        act.discounted(result, [Discounted(cause=act.cause(result), amount=amount)])


def _discount_items(result: Discount, act: Act) -> None:
    runs, others = picked(result, act.times, act.world, act.scene.own_view)
    wanted = [min(exact, run.cost) for exact, run in zip(_wanted(result, act, runs), runs, strict=True)]
    exact = sum(wanted, ZERO)
    amount = _bounded(exact, sum((run.cost for run in runs), ZERO), result, act)
    if amount <= 0:
        return
    smallest = unit(act.facts.currency_scale)
    if amount + smallest <= exact:
        wanted = [each * amount / exact for each in wanted]
    portions = [_portion(run, each, smallest) for run, each in zip(runs, wanted, strict=True)]
    mutations = _Mutations(smallest)
    for run, portion, share in zip(runs, portions, shared(amount, portions, smallest), strict=True):
        kept = others.setdefault(run.line, [])
        for units, taken in _taken(run, portion, share, smallest):
            mutations.add(act.world.shelf.lines[run.line], units.units, taken)
            kept.append(units.less(taken, act.scene.own_view))
    act.world.lines.update((line, tuple(kept)) for line, kept in others.items())
    act.discounted(result, mutations.effects(act.cause(result), act.facts.currency_scale))


def _wanted(result: Discount, act: Act, runs: list[Run]) -> list[Decimal]:
    """The exact discount of each run, before any bound."""
    costs = [run.seen_by(act.scene.own_view) for run in runs]
    match result.take:
        case DiscountKind.PERCENT:
            return [cost * result.value / 100 for cost in costs]
        case DiscountKind.AMOUNT:
            return [min(result.value * run.units, cost) for run, cost in zip(runs, costs, strict=True)]
        case DiscountKind.PRICE:
            return [max(cost - result.value * run.units, ZERO) for run, cost in zip(runs, costs, strict=True)]
        case DiscountKind.SHARED_AMOUNT:
            together = sum(costs, ZERO)
            amount = min(result.value * act.times, together)
            return [amount * cost / together if together else ZERO for cost in costs]


def _bounded(wanted: Decimal, base: Decimal, result: Discount, act: Act) -> Decimal:
    """The amount at the currency's scale: half-up, but never more than its base, its cap, or what is left."""
    scale = act.facts.currency_scale
    most = min(base, act.world.total) if result.cap is None else min(base, act.world.total, result.cap)
    return min(at_scale(wanted, scale), most.quantize(unit(scale), rounding=ROUND_DOWN))


def _portion(run: Run, exact: Decimal, smallest: Decimal) -> Portion:
    """Units with a price in whole smallest units share one by one, others as a whole."""
    price = run.cost / run.units
    if run.is_whole and price == price.quantize(smallest, rounding=ROUND_DOWN):
        return Portion(int(run.units), exact / run.units, price)
    return Portion(1, exact, run.cost.quantize(smallest, rounding=ROUND_DOWN))


def _taken(run: Run, portion: Portion, share: Share, smallest: Decimal) -> Iterator[tuple[Run, Decimal]]:
    """The units of a run by what each of them gets, with what they get together."""
    if 0 < share.more < portion.units:
        dearer, run = run.split(Decimal(share.more))
        yield dearer, (share.each + smallest) * share.more
        yield run, share.each * (portion.units - share.more)
    else:
        yield run, share.each * portion.units + smallest * share.more


class _Mutations:
    """The discounts of one result: one for each SKU, price and unit discount."""

    def __init__(self, smallest: Decimal) -> None:
        self._smallest = smallest
        self._by_unit: dict[tuple[str, Decimal, Decimal], tuple[Decimal, Decimal]] = {}
        self._as_a_whole: dict[tuple[str, Decimal], Decimal] = {}

    def add(self, line: Line, units: Decimal, amount: Decimal) -> None:
        """So many units of a line get `amount` together. What no equal unit discount fits is split, or, if it is no
        whole number of units, told without units."""
        if not amount:
            return
        each = (amount / units).quantize(_FINEST, rounding=ROUND_DOWN)
        if each * units == amount:
            self._join(line, units, each, amount)
        elif units >= 1:
            each = (amount / units).quantize(self._smallest, rounding=ROUND_DOWN)
            more = (amount - each * units) / self._smallest
            self.add(line, more, (each + self._smallest) * more)
            self.add(line, units - more, each * (units - more))
        else:
            self._tell_as_a_whole(line, amount)

    def effects(self, cause: Cause, scale: int) -> list[Discounted]:
        """The mutations, those with units first."""
        by_unit = [
            Discounted(
                cause=cause,
                amount=amount,
                sku=sku,
                unit_price=price,
                units=units,
                unit_discount=with_digits(each, at_least=scale),
            )
            for (sku, price, each), (units, amount) in self._by_unit.items()
        ]
        return by_unit + [
            Discounted(cause=cause, amount=amount, sku=sku, unit_price=price)
            for (sku, price), amount in self._as_a_whole.items()
        ]

    def _join(self, line: Line, units: Decimal, each: Decimal, amount: Decimal) -> None:
        key = (line.sku, line.unit_price, each)
        before_units, before = self._by_unit.get(key, (ZERO, ZERO))
        if before_units + units > LARGEST:
            self._tell_as_a_whole(line, amount)
        else:
            self._by_unit[key] = (before_units + units, before + amount)

    def _tell_as_a_whole(self, line: Line, amount: Decimal) -> None:
        key = (line.sku, line.unit_price)
        self._as_a_whole[key] = self._as_a_whole.get(key, ZERO) + amount
