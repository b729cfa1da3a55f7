"""updateChannelSubscription: what the owner of an address allows."""

from apps.customers.channel_fragments import ADDRESS_KEY, write_subscription
from apps.customers.core.addresses import normal_address
from apps.customers.core.subscriptions import SubscriptionChange, changed
from apps.customers.queries.locks import lock_address
from apps.customers.queries.read_subscription import read_subscription
from apps.kernel.db.hot import Cursor
from apps.messaging.confirmations import ask_address
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.under_lock import RulesChanged, current


def update_channel_subscription(
    *,
    call: Call,
    configuration: Configuration,
    channel: str,
    channel_user: str,
    wanted: SubscriptionChange,
    record: Record[None] | None = None,
) -> None:
    """Change what an address allows; a new one is added. An address that cannot be one, an unknown list, a name twice:
    9. Others keep the address busy: 18.

    Where a confirmation is required and missing, the address waits for it. When it begins to wait, the brand's
    message that asks for the confirmation goes out, if it has one.
    """
    country = configuration.country_at(call.location_id)
    address = normal_address(channel_user, channel=channel, country=country)

    def decide(cursor: Cursor, _locked: frozenset[int]) -> Plan[None]:
        found = read_subscription(cursor, brand_id=call.brand_id, channel=channel, address=address, draws_id=True)
        fresh = current(configuration, found.config, call)
        if fresh.country_at(call.location_id) != country:
            raise RulesChanged
        subscription_id = found.id or found.new_id
        assert subscription_id is not None, "an address without a row got no id"
        before, after = found.subscription, changed(found.subscription, wanted, channel=channel, lists=found.lists)
        asked = ask_address(call, channel=channel, subscription_id=subscription_id, before=before, after=after)
        written = write_subscription(
            brand_id=call.brand_id,
            subscription_id=subscription_id,
            is_new=found.id is None,
            channel=channel,
            address=address,
            subscription=after,
            at=call.moment,
        )
        return Plan(
            answer=None,
            call_type=CallType.SUBSCRIPTION,
            occurred_at=call.moment,
            fragments=[*written, *asked.fragments],
            contested=(ADDRESS_KEY,),
            after_commit=asked.after_commit,
        )

    change(call=call, lock=lock_address(channel=channel, address=address), decide=decide, record=record)
