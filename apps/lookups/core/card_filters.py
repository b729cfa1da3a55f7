"""What a search looks for, and which combinations of filters it refuses. Pure."""

from dataclasses import dataclass, fields

from apps.kernel.errors import InvalidInput

MOST_DEMOGRAPHICS = 10
"""So many custom demographics fit into one search: each of them is a condition of its own in the statement."""
SHORTEST_PREFIX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFilters:
    """What cards (or child cards) must match; None or nothing: no such filter. An empty text matches nothing.

    Numbers are compared exactly, e-mail, names, prefixes and demographics without regard to case, phones as E.164.
    `demographics` are pairs of a field's code and its text.
    """

    card_number: str | None = None
    custom_number: str | None = None
    email: str | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    first_name_prefix: str | None = None
    last_name_prefix: str | None = None
    demographics: tuple[tuple[str, str], ...] = ()
    card_set: str | None = None
    excluded_sets: tuple[str, ...] = ()
    program_types: tuple[str, ...] = ()

    @property
    def finders(self) -> dict[str, str]:
        """The filters that name cards or people, by attribute: all but demographics and those by set and program."""
        return {name: value for name in _FINDERS if (value := getattr(self, name)) is not None}

    @property
    def match_nothing(self) -> bool:
        """Whether nothing can match: there is no filter at all, or an empty one, alone or beside others."""
        texts = [*self.finders.values(), *(text for pair in self.demographics for text in pair)]
        if self.card_set is not None:
            texts.append(self.card_set)
        return "" in texts or not (texts or self.excluded_sets or self.program_types)

    @property
    def is_by_number(self) -> bool:
        """Whether there is nothing but one or both of a card's numbers."""
        named = {field.name for field in fields(self) if getattr(self, field.name) not in (None, ())}
        return bool(named) and named <= {"card_number", "custom_number"}


_FINDERS = tuple(field.name for field in fields(CardFilters))[:9]
_PREFIXES = {"first_name_prefix", "last_name_prefix"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQuery:
    """A search. `filters` None: every card; `children` None: whatever the child cards.

    `all_must_match` says whether all or any of the finders of each of the two must; what names sets and programs
    restricts in any case, and a card must fit both.
    """

    filters: CardFilters | None = None
    children: CardFilters | None = None
    all_must_match: bool = True
    shows_inactive: bool = False
    offset: int = 0
    limit: int = 10

    @property
    def match_nothing(self) -> bool:
        """Whether no card can match."""
        groups = [group for group in (self.filters, self.children) if group is not None]
        return any(group.match_nothing for group in groups) or self._needs_custom_child

    @property
    def _needs_custom_child(self) -> bool:
        """Whether only a child card with a custom number could match, which none has."""
        children = self.children
        if children is None or children.custom_number is None:
            return False
        return self.all_must_match or not (len(children.finders) > 1 or children.demographics)

    @property
    def is_by_number(self) -> bool:
        """Whether single cards are looked up by their numbers."""
        return self.filters is not None and self.filters.is_by_number and self.children is None


def check_query(query: CardQuery) -> None:
    """Refuse (9) what would show too many cards, and what stands where it means nothing."""
    if query.shows_inactive and not query.is_by_number:
        raise InvalidInput("includeInactive goes with cardNumber and customCardNumber only.")
    groups = [group for group in (query.filters, query.children) if group is not None]
    if any(len(group.demographics) > MOST_DEMOGRAPHICS for group in groups):
        raise InvalidInput(f"At most {MOST_DEMOGRAPHICS} customDemographics can be looked for at once.")
    children = query.children
    if children is not None and (children.card_set is not None or children.excluded_sets or children.program_types):
        raise InvalidInput("Filters by card set or program belong into filters, not into childFilters.")
    if not query.match_nothing:
        _check_alone(query, groups)


def _check_alone(query: CardQuery, groups: list[CardFilters]) -> None:
    """Sets and short prefixes restrict other filters; alone they would show too much."""
    finders = {name: text for group in groups for name, text in group.finders.items()}
    has_demographics = any(group.demographics for group in groups)
    has_programs = query.filters is not None and bool(query.filters.program_types)
    by_set = query.filters is not None and bool(query.filters.card_set or query.filters.excluded_sets)
    if by_set and not (finders or has_demographics or has_programs):
        raise InvalidInput("cardSetId and excludeCardSetIds need another filter beside them.")
    others = finders.keys() - _PREFIXES or has_demographics or has_programs
    for group in groups:
        prefixes = {name: text for name, text in group.finders.items() if name in _PREFIXES}
        restrict = others and query.all_must_match
        if prefixes and not restrict and not _are_long(prefixes):
            raise InvalidInput(
                f"Without other filters, firstNamePrefix and lastNamePrefix need each other and {SHORTEST_PREFIX}"
                " characters each."
            )


def _are_long(prefixes: dict[str, str]) -> bool:
    return prefixes.keys() == _PREFIXES and all(len(text) >= SHORTEST_PREFIX for text in prefixes.values())
