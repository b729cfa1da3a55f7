"""To whom a message goes, and whether it may."""

from dataclasses import dataclass, field
from uuid import UUID

from apps.customers.core.customer import Demographics
from apps.customers.core.lists import OUT, ListState
from apps.customers.core.subscriptions import Subscription
from apps.customers.core.third_parties import NO_LINK
from apps.customers.models import ChannelSubscription
from apps.customers.queries.customers_of import FieldSeen, LinkSeen, customers_of, fields_of, links_of
from apps.customers.queries.read_subscription import SubscriptionRead, read_subscription
from apps.kernel.db.hot import Cursor
from apps.messaging.core.consent import NAME_OF, Consent
from apps.messaging.core.kinds import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """`address` is empty where there is none. `customer` None: nobody is known."""

    address: str = ""
    consent: Consent = field(default_factory=Consent)
    customer: Demographics | None = None
    fields: tuple[FieldSeen, ...] = ()


NOBODY = Recipient()


def recipient_of_customer(
    cursor: Cursor, *, brand_id: int, customer_id: int, channel: Channel, third_party: str, list_uuid: UUID | None
) -> Recipient:
    """A customer as reached by a channel: e-mail address, mobile phone (else phone), or the name at a network."""
    ids = [customer_id]
    customer = customers_of(cursor, brand_id=brand_id, customer_ids=ids)[customer_id]
    fields = fields_of(cursor, brand_id=brand_id, customer_ids=ids).get(customer_id, [])
    links = links_of(cursor, brand_id=brand_id, customer_ids=ids, with_lists=True).get(customer_id, [])
    name = NAME_OF.get(channel, third_party)
    seen = next((each for each in links if each.third_party == name), LinkSeen(name, NO_LINK))
    if channel not in NAME_OF:
        address, consent = seen.link.username or "", Consent(link=seen.link)
    else:
        address = address_of(customer, channel)
        consent = _consent(cursor, brand_id, seen, address=address, list_uuid=list_uuid)
    return Recipient(address=address, consent=consent, customer=customer, fields=tuple(fields))


def address_of(customer: Demographics, channel: Channel) -> str:
    """Where messages of a channel go."""
    return customer.email if channel == Channel.EMAIL else customer.mobile_phone or customer.phone


def _consent(cursor: Cursor, brand_id: int, seen: LinkSeen, *, address: str, list_uuid: UUID | None) -> Consent:
    said = _said_of(cursor, brand_id, seen.third_party, address) if address else None
    subscription = said.subscription if said else None
    if list_uuid is None:
        return Consent(link=seen.link, subscription=subscription)
    states = {each.uuid: each.state for each in seen.lists}
    active = {each.uuid: each.id for each in said.lists} if said else {}
    state = states.get(list_uuid, OUT) if list_uuid in active else ListState()
    left = subscription is not None and subscription.categories.get(active.get(list_uuid, 0)) is False
    return Consent(link=seen.link, subscription=subscription, list_state=state, is_list_out=left)


def _said_of(cursor: Cursor, brand_id: int, name: str, address: str) -> SubscriptionRead:
    kept = address.lower() if name == NAME_OF[Channel.EMAIL] else address
    return read_subscription(cursor, brand_id=brand_id, channel=name, address=kept)


def recipient_of_subscription(cursor: Cursor, *, brand_id: int, subscription_id: int) -> Recipient:
    """The owner of an address that belongs to no card, as far as the message is concerned. NOBODY if it is gone."""
    row = ChannelSubscription.objects.filter(brand_id=brand_id, pk=subscription_id).first()
    if row is None:
        return NOBODY
    said: Subscription | None = _said_of(cursor, brand_id, row.channel, row.address).subscription
    return Recipient(address=row.address, consent=Consent(link=None, subscription=said))
