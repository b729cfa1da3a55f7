"""How much a result issues. Pure.

An amount of a fixed size (also a random one) is given once for each time that the rule fires; what is measured by the
basket or by another result counts all of that already and is given once.
"""

import hashlib
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from uuid import UUID

from apps.campaigns.core.act import Act
from apps.campaigns.core.results import Fixed, IssueBalance, MultipleOf, PerItem, PerUnit, RandomBetween
from apps.kernel.amounts import ZERO, at_scale, unit


def amount_of(result: IssueBalance, act: Act, scale: int) -> Decimal:
    """What an issue comes to at the value type's scale; 0 or less: nothing."""
    amount = result.amount
    match amount:
        case Fixed():
            return at_scale(amount.amount, scale) * act.times
        case RandomBetween():
            return drawn(amount, scale, act.facts.request, result.uuid) * act.times
        case PerItem():
            return at_scale(amount.amount * _whole_units(amount, act), scale)
        case PerUnit():
            return _down(_per_unit(amount, act), scale)
        case MultipleOf():
            return _down(amount.factor * act.world.given.get(amount.result, ZERO), scale)


def drawn(amount: RandomBetween, scale: int, request: UUID, result: UUID) -> Decimal:
    """An amount between both bounds that anyone can draw again: each multiple of the smallest amount has the same
    chance. Where no multiple lies between them, the lower bound rounded down."""
    smallest = unit(scale)
    first = int((amount.minimum / smallest).to_integral_value(rounding=ROUND_CEILING))
    last = int((amount.maximum / smallest).to_integral_value(rounding=ROUND_DOWN))
    if last < first:
        return _down(amount.minimum, scale)
    digest = hashlib.sha256(request.bytes + result.bytes).digest()
    return (first + (int.from_bytes(digest) * (last - first + 1) >> 256)) * smallest


def _per_unit(amount: PerUnit, act: Act) -> Decimal:
    base = act.scene.total if amount.items is None else _cost(amount, act)
    if amount.whole_units:
        return base // amount.per * amount.amount
    return base * amount.amount / amount.per


def _cost(amount: PerUnit, act: Act) -> Decimal:
    world, items = act.world, amount.items
    assert items is not None, "asked for by items"
    return sum(
        (run.seen_by(act.scene.own_view) for number in world.shelf.find(items) for run in world.runs(number)), ZERO
    )


def _whole_units(amount: PerItem, act: Act) -> Decimal:
    shelf = act.world.shelf
    return sum((shelf.lines[number].quantity // 1 for number in shelf.find(amount.items)), ZERO)


def _down(amount: Decimal, scale: int) -> Decimal:
    return amount.quantize(unit(scale), rounding=ROUND_DOWN)
