"""How far the date triggers of a brand's day have come. Pure.

A pass looks at the cards of some revisions' rules in the order of the cards' ids. What is published after a pass has
begun needs another one, from the first card on. Cards that were locked wait, and are looked at again when the pass has
come to its end; it is over when none waits. That no rule fires twice for a card does not depend on any of this: what
has fired today is known card by card.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`revisions` whose cards are looked at, up to and with `last_card_id`, but those that wait; `finished` are
    revisions whose pass is over."""

    revisions: frozenset[UUID] = frozenset()
    finished: frozenset[UUID] = frozenset()
    last_card_id: int = 0
    waiting: tuple[int, ...] = field(default=())

    def towards(self, in_force: Collection[UUID]) -> "Progress":
        """Go on with these revisions, which are in force now and have date rules.

        One that is gone leaves the pass; one that is new, or comes back into a pass under way, begins another.
        """
        wanted = frozenset(in_force) - self.finished
        if wanted <= self.revisions:
            return replace(self, revisions=wanted)
        return replace(self, revisions=wanted, last_card_id=0, waiting=())

    def past(self, last_card_id: int, still_waiting: Sequence[int]) -> "Progress":
        """Cards up to this one were looked at; some of them wait."""
        return replace(self, last_card_id=last_card_id, waiting=(*self.waiting, *still_waiting))

    def at_the_end(self, still_waiting: Sequence[int]) -> "Progress":
        """All cards were looked at but those that wait still."""
        if still_waiting:
            return replace(self, waiting=tuple(still_waiting))
        return Progress(finished=self.finished | self.revisions)

    @property
    def is_over(self) -> bool:
        """Whether there is no pass under way."""
        return not self.revisions
