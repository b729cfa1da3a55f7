"""Confirm an opt-in by the link in the message that asked for it."""

from apps.cards.queries.locks import lock_families
from apps.customers.consent_fragments import confirm, confirm_addresses
from apps.customers.queries.locks import lock_address, lock_addresses
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import InvalidInput
from apps.messaging.core.consent import NAME_OF
from apps.messaging.core.kinds import Channel
from apps.messaging.links import Link
from apps.messaging.queries.read_holder import Holder, read_holder
from apps.messaging.queries.read_recipient import recipient_of_customer, recipient_of_subscription
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import ReadAgain, change


class StaleLink(InvalidInput):
    """The link was sent to an address that the customer does not have any more (9)."""

    message = "This link is of another address."


def confirm_opt_in(*, call: Call, link: Link) -> None:
    """What waits for a confirmation has it: at the card and its lists, and at the address. Nothing changes where
    nothing waits, so that a link can be opened twice. StaleLink if the address is another one now."""
    if link.wallet_id is not None:
        _confirm_card(call, link, link.wallet_id)
    else:
        assert link.subscription_id is not None, "a link is about a card or an address"
        _confirm_address(call, link, link.subscription_id)


def _confirm_card(call: Call, link: Link, wallet_id: int) -> None:
    def holder(cursor: Cursor) -> Holder:
        return read_holder(cursor, brand_id=call.brand_id, wallet_id=wallet_id)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[None]:
        found = holder(cursor)
        if found.family_id not in locked:
            raise ReadAgain
        address, customer_id = _address(cursor, found, link), found.customer_id
        if customer_id is None or not link.is_for(address):
            raise StaleLink
        name = NAME_OF[Channel(link.channel)]
        kept = address.lower()
        lock_addresses(cursor, brand_id=call.brand_id, addresses=[(name, kept)])
        return Plan(
            answer=None,
            call_type=CallType.UPDATE_ACCOUNT,
            occurred_at=call.moment,
            fragments=confirm(
                brand_id=call.brand_id, customer_id=customer_id, channel=name, addresses=[kept], at=call.moment
            ),
            family_id=found.family_id,
            child_id=found.wallet_id if found.child_number else None,
        )

    change(call=call, lock=lambda: lock_families([holder(hot_cursor()).card_number]), decide=decide)


def _address(cursor: Cursor, holder: Holder, link: Link) -> str:
    if holder.customer_id is None:
        return ""
    found = recipient_of_customer(
        cursor,
        brand_id=link.brand_id,
        customer_id=holder.customer_id,
        channel=Channel(link.channel),
        third_party="",
        list_uuid=None,
    )
    return found.address


def _confirm_address(call: Call, link: Link, subscription_id: int) -> None:
    address = recipient_of_subscription(hot_cursor(), brand_id=call.brand_id, subscription_id=subscription_id).address
    if not link.is_for(address):
        raise StaleLink
    name = NAME_OF[Channel(link.channel)]

    def decide(_cursor: Cursor, _locked: frozenset[int]) -> Plan[None]:
        written = confirm_addresses(brand_id=call.brand_id, channel=name, addresses=[address], at=call.moment)
        return Plan(answer=None, call_type=CallType.SUBSCRIPTION, occurred_at=call.moment, fragments=[written])

    change(call=call, lock=lock_address(channel=name, address=address), decide=decide)
