"""listSubscriptionLists: the active subscription lists of a channel."""

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.db.hot import hot_cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.under_lock import current

_LISTS = """SELECT k.config, l.uuid, l.name, l.is_public FROM brands_clock k
 LEFT JOIN customers_subscriptionlist l ON l.brand_id = k.brand_id AND l.channel = %(channel)s AND l.is_active
 WHERE k.brand_id = %(brand)s ORDER BY l.id"""


@dataclass(frozen=True, slots=True)
class ListSeen:
    """A list as clients know it. One that is not public is for the brand's own use, not for people to choose."""

    uuid: UUID
    name: str
    is_public: bool


def list_subscription_lists(*, call: Call, configuration: Configuration, channel: str) -> list[ListSeen]:
    """The active lists, oldest first. One statement."""
    rows = hot_cursor().execute(_LISTS, {"brand": call.brand_id, "channel": channel}).fetchall()
    current(configuration, rows[0][0], call)
    return [ListSeen(*row[1:]) for row in rows if row[1] is not None]
