"""From ledger entries to the movements that clients see. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.kernel.amounts import ZERO, at_scale
from apps.kernel.value_types import BalanceType
from apps.ledger.core.moved import Moved
from apps.programs.core.configuration import Configuration
from apps.transactions.answers import MutationSeen


@dataclass(frozen=True, slots=True)
class Movements:
    """`held` is empty unless movements of held value were asked for apart from those of free value."""

    regular: list[MutationSeen]
    held: list[MutationSeen]

    @property
    def main(self) -> Decimal | None:
        """The first movement's amount; None where nothing moved."""
        return next((each.amount for each in [*self.regular, *self.held]), None)


def movements_seen(moved: Iterable[Moved], *, split_holds: bool, configuration: Configuration) -> Movements:
    """The movements of one operation: one for each business mutation and kind of value, whatever the program (a card
    can be transferred into another one).

    Together, a hold is 0, since nothing has left the card, and a redemption from it is the whole amount. Split, a hold
    takes from the free value and adds to the held one. A hold that lapses by itself is no transaction, so that the two
    columns add up together, and each for itself only where no hold lapsed.
    """
    lines: dict[tuple[int, BalanceType, str, bool], list[Moved]] = {}
    for entry in moved:
        value_type = configuration.value_types[entry.value_type_id]
        key = (entry.mutation_no, *value_type.key, split_holds and entry.is_held)
        lines.setdefault(key, []).append(entry)
    seen = [(is_held, _line(entries, configuration)) for (*_, is_held), entries in lines.items()]
    regular = _without_needless_zeros([line for is_held, line in seen if not is_held])
    return Movements(regular, [line for is_held, line in seen if is_held])


def _line(entries: list[Moved], configuration: Configuration) -> MutationSeen:
    """Dates belong to what came in, and are said only where all of it shares them."""
    value_type = configuration.value_types[entries[0].value_type_id]
    amount = at_scale(sum((entry.amount for entry in entries), ZERO), value_type.scale)
    dates = {(entry.expires_at, entry.active_at) for entry in entries}
    expires_at, active_at = dates.pop() if amount > 0 and len(dates) == 1 else (None, None)
    return MutationSeen(value_type, amount, expires_at, active_at)


def _without_needless_zeros(lines: list[MutationSeen]) -> list[MutationSeen]:
    """A release beside a redemption says nothing; where it is all that happened, one zero says so."""
    shown: list[MutationSeen] = []
    for line in lines:
        others = [other for other in lines if other.value_type.key == line.value_type.key]
        if line.amount or (line is others[0] and not any(other.amount for other in others)):
            shown.append(line)
    return shown
