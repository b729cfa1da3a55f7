"""Events that calls log on cards. Pure."""

from dataclasses import dataclass
from datetime import datetime

CUSTOM, OPT_IN, OPT_OUT = "CUSTOM", "OPT_IN", "OPT_OUT"
"""Root types: an event of a type that the brand has set up; a customer's preference for a channel has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to log. `category_id` of a changed preference is the third party."""

    root_type: str
    category_id: str
    payload: str | None
    happened_at: datetime
    specific_id: str | None = None
