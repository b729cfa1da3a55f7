"""Where one rule is looked at. Pure."""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from apps.campaigns.core.facts import Facts
from apps.campaigns.core.shelf import Shelf
from apps.campaigns.core.world import World


class Scene(NamedTuple):
    """The facts of the call and the world as earlier rules left it. `own_view` is the rule's campaign if that sees the
    original total and prices."""

    facts: Facts
    world: World
    own_view: UUID | None = None

    @property
    def shelf(self) -> Shelf:
        """The basket."""
        return self.world.shelf

    @property
    def total(self) -> Decimal:
        """The total that the rule sees."""
        return self.world.total_for(self.own_view)
