"""Which card sets a search may show. Pure."""

from apps.lookups.core.card_filters import CardFilters
from apps.programs.core.configuration import Configuration


def allowed_sets(filters: CardFilters | None, configuration: Configuration) -> list[int] | None:
    """The ids of the card sets that a search is restricted to; None: all of them.

    A set or a program type that the brand does not have matches nothing, one that is excluded excludes nothing.
    Without program types, the brand's setting for searches counts. Types are compared without regard to case.
    """
    wanted = filters or CardFilters()
    types = {each.casefold() for each in wanted.program_types or configuration.search_program_types}
    allowed = [
        card_set.id
        for card_set in configuration.card_sets.values()
        if (wanted.card_set is None or card_set.code == wanted.card_set)
        and card_set.code not in wanted.excluded_sets
        and (not types or configuration.programs[card_set.program_id].type.casefold() in types)
    ]
    return None if len(allowed) == len(configuration.card_sets) else sorted(allowed)
