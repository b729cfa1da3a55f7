"""What a brand has that a campaign may name. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names in use. None: not known here, and not checked."""

    programs: frozenset[str] | None = None
    card_sets: frozenset[str] | None = None
    locations: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    terminals: frozenset[str] | None = None
    value_types: frozenset[str] | None = None
    coupon_sets: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    event_types: frozenset[str] | None = None
    segments: frozenset[str] | None = None
    opt_ins: frozenset[str] | None = None
    """Subscription lists, and third parties that a customer can be reached by."""
    categories: frozenset[str] | None = None


def missing(what: str, names: Iterable[str], known: frozenset[str] | None) -> Iterator[str]:
    """A problem for each name that there is not."""
    for name in names:
        if known is not None and name not in known:
            yield f"there is no {what} {name!r}"
