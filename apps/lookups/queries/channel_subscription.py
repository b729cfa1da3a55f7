"""channelSubscription: what the owner of an address allows."""

from dataclasses import dataclass

from apps.customers.core.addresses import normal_address
from apps.customers.core.subscriptions import NOTHING_SAID, Subscription
from apps.customers.queries.read_subscription import read_subscription
from apps.kernel.db.hot import hot_cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.under_lock import RulesChanged, current


@dataclass(frozen=True, slots=True)
class SubscriptionSeen:
    """An address in its normal form, what it allows, and in or out by the name of each active list that it named."""

    address: str
    subscription: Subscription
    categories: list[tuple[str, bool]]


def channel_subscription(
    *, call: Call, configuration: Configuration, channel: str, channel_user: str
) -> SubscriptionSeen:
    """What is known of an address; of one that nobody has heard of, that nothing is allowed. One statement.

    What cannot be an address of the channel: 9.
    """
    country = configuration.country_at(call.location_id)
    address = normal_address(channel_user, channel=channel, country=country)
    found = read_subscription(hot_cursor(), brand_id=call.brand_id, channel=channel, address=address)
    if current(configuration, found.config, call).country_at(call.location_id) != country:
        raise RulesChanged
    known = found.subscription or NOTHING_SAID
    categories = [(each.name, known.categories[each.id]) for each in found.lists if each.id in known.categories]
    return SubscriptionSeen(address, known, categories)
