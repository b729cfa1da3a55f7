"""What an event type of the brand's own can be. Pure."""

from dataclasses import dataclass

from apps.kernel.errors import InvalidInput

GROUP_TYPES = ("ECOM", "EMAIL", "SMS", "DIRECT MAIL", "IN STORE", "FEEDBACK", "SOCIAL", "MILESTONE", "OTHER")
SENTIMENTS = (-1, 0, 1)
LONGEST = 200
"""Characters of a category id (an index holds it whole) and of a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTypeFacts:
    """What is said of an event type. None: keep what is there; for a new one, the category id as its name, no
    sentiment and the group OTHER."""

    category_id: str
    name: str | None = None
    sentiment: int | None = None
    group_type: str | None = None


def check_event_type(facts: EventTypeFacts) -> None:
    """Refuse (9) what cannot be an event type."""
    if not 0 < len(facts.category_id) <= LONGEST or len(facts.name or "") > LONGEST:
        raise InvalidInput(f"categoryId and name of an event type have 1 to {LONGEST} characters.")
    if facts.sentiment not in (None, *SENTIMENTS):
        raise InvalidInput("sentiment is -1, 0 or 1.")
    if facts.group_type not in (None, *GROUP_TYPES):
        raise InvalidInput(f"groupType is one of {', '.join(GROUP_TYPES)}.")
