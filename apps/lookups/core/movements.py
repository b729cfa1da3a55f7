"""From ledger entries and what campaigns caused to the movements that clients see. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.campaigns.core.caused import CausedLine
from apps.kernel.amounts import ZERO, at_scale, with_digits
from apps.kernel.currencies import currency_scale
from apps.kernel.value_types import BalanceType
from apps.ledger.core.moved import Moved
from apps.programs.core.configuration import Configuration
from apps.programs.core.value_type import ValueType
from apps.transactions.answers import GoodsSeen, MutationSeen


@dataclass(frozen=True, slots=True)
class Movements:
    """`held` is empty unless movements of held value were asked for apart from those of free value. Discounts are among
    the `regular` ones."""

    regular: list[MutationSeen]
    held: list[MutationSeen]

    @property
    def main(self) -> Decimal | None:
        """The first movement's amount; None where nothing moved."""
        moved = (each.amount for each in [*self.regular, *self.held] if each.value_type is not None)
        return next(moved, None)


@dataclass(frozen=True, slots=True)
class _Line:
    """One movement on its way: entries that belong together, and what caused them."""

    value_type: ValueType
    amount: Decimal
    entries: list[Moved]
    caused: CausedLine | None
    is_held: bool

    @property
    def place(self) -> int:
        """What campaigns caused comes last, in its own order."""
        return self.caused.no if self.caused is not None else -1

    @property
    def seen(self) -> MutationSeen:
        """Dates belong to what came in, and are said only where all of it shares them."""
        dates = {(entry.expires_at, entry.active_at) for entry in self.entries}
        expires_at, active_at = dates.pop() if self.amount > 0 and len(dates) == 1 else (None, None)
        cause = self.caused.cause if self.caused is not None else None
        return MutationSeen(self.value_type, self.amount, expires_at, active_at, cause)


def movements_seen(
    moved: Iterable[Moved],
    *,
    split_holds: bool,
    configuration: Configuration,
    caused: Sequence[CausedLine] = (),
    currency: str | None = None,
) -> Movements:
    """The movements of one operation: one for each business mutation and kind of value, whatever the program (a card
    can be transferred into another one). First those that no campaign `caused`, then theirs in their order; with the
    discounts, if these are asked for by their `currency`.

    Together, a hold is 0, since nothing has left the card, and a redemption from it is the whole amount. Split, a hold
    takes from the free value and adds to the held one. A hold that lapses by itself is no transaction, so that the two
    columns add up together, and each for itself only where no hold lapsed.
    """
    lines = _lines(moved, split_holds=split_holds, configuration=configuration, caused=caused)
    free = _without_needless_zeros([each for each in lines if not each.is_held])
    regular = [(each.place, each.seen) for each in free]
    if currency is not None:
        scale = currency_scale(currency)
        regular += [(each.no, _discount(each, scale)) for each in caused if each.is_discount]
    regular.sort(key=lambda placed: placed[0])
    return Movements([seen for _, seen in regular], [each.seen for each in lines if each.is_held])


def _lines(
    moved: Iterable[Moved], *, split_holds: bool, configuration: Configuration, caused: Sequence[CausedLine]
) -> list[_Line]:
    causes = {each.mutation_no: each for each in caused if not each.is_discount}
    groups: dict[tuple[int, BalanceType, str, bool], list[Moved]] = {}
    for entry in moved:
        value_type = configuration.value_types[entry.value_type_id]
        key = (entry.mutation_no, *value_type.key, split_holds and entry.is_held)
        groups.setdefault(key, []).append(entry)
    lines = []
    for (number, _, _, is_held), entries in groups.items():
        value_type = configuration.value_types[entries[0].value_type_id]
        amount = at_scale(sum((entry.amount for entry in entries), ZERO), value_type.scale)
        lines.append(_Line(value_type, amount, entries, causes.get(number), is_held))
    return lines


def _without_needless_zeros(lines: list[_Line]) -> list[_Line]:
    """A release beside a redemption says nothing; where it is all that happened, one zero says so."""
    shown: list[_Line] = []
    for line in lines:
        others = [other for other in lines if other.value_type.key == line.value_type.key]
        if line.amount or (line is others[0] and not any(other.amount for other in others)):
            shown.append(line)
    return shown


def _discount(line: CausedLine, scale: int) -> MutationSeen:
    amount, goods = with_digits(line.amount, at_least=scale), None
    if line.sku is not None and line.unit_price is not None:
        goods = GoodsSeen(
            sku=line.sku,
            unit_price=with_digits(line.unit_price, at_least=scale),
            units=with_digits(line.units, at_least=0) if line.units is not None else None,
            unit_discount=with_digits(line.unit_discount, at_least=scale) if line.unit_discount is not None else None,
        )
    return MutationSeen(None, amount, cause=line.cause, goods=goods)
