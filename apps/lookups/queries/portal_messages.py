"""The outbox as the portal lists it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.brands.models import Brand
from apps.cards.models import Card, ChildCard
from apps.customers.models import ChannelSubscription, Customer
from apps.kernel.db.hot import hot_cursor
from apps.ledger.models import Wallet
from apps.lookups.queries.portal_names import Holder, wallet_holders
from apps.messaging.core.kinds import WORDS, Channel, Purpose, Reason, State
from apps.messaging.models import Outbox
from apps.requestlog.models import Operation

STATES = {State.QUEUED: "Waiting", State.SENT: "Sent", State.UNSENT: "Not sent", State.FAILED: "Failed"}
CHANNELS = {Channel.EMAIL: "E-mail", Channel.SMS: "SMS", Channel.WEBHOOK: "Webhook", Channel.SOCIAL: "Social"}
NO_CARD = Holder("")

_CAMPAIGNS = """SELECT DISTINCT ON (r.rule->>'uuid') (r.rule->>'uuid')::uuid, c.uuid, c.name
 FROM campaigns_revision v JOIN campaigns_campaign c ON c.brand_id = v.brand_id AND c.id = v.campaign_id
 CROSS JOIN jsonb_array_elements(v.definition->'rules') r (rule)
 WHERE v.brand_id = %(brand)s AND r.rule->>'uuid' = ANY(%(rules)s::text[]) ORDER BY r.rule->>'uuid', v.id DESC"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message. `address` is where it would go now: an e-mail address, a phone number, a social network; empty where
    there is none. `campaign` is empty for messages of no campaign; `why` says why it was not sent."""

    id: UUID
    operation: UUID
    at: datetime
    sent_at: datetime | None
    channel: str
    holder: Holder
    address: str
    campaign: str
    campaign_uuid: UUID | None
    state: State
    state_word: str
    why: str
    attempts: int


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Some messages, newest first; `older` is where the next page begins, None at the end."""

    rows: list[MessageRow]
    older: UUID | None


def message_page(
    *,
    brand: Brand,
    locations: frozenset[int] | None,
    size: int,
    state: State | None = None,
    channel: Channel | None = None,
    card: str = "",
    before: UUID | None = None,
) -> MessagePage:
    """The newest `size` messages that fit, or those just older than `before`; with `locations` only those of calls from
    there. `card`: an exact number; its child cards' messages are among them."""
    found = Outbox.objects.filter(brand=brand)
    if locations is not None:
        here = Operation.objects.filter(brand=brand, location_id__in=locations)
        found = found.filter(operation_id__in=here.values("id"))
    if state is not None:
        found = found.filter(state=state)
    if channel is not None:
        found = found.filter(channel=channel)
    if card:
        found = found.filter(wallet_id__in=_wallets(brand, card))
    if before is not None:
        found = found.filter(id__lt=before)
    messages = list(found.order_by("-id").defer("subject", "body", "url", "variables")[: size + 1])
    rows = _rows(brand, messages[:size])
    return MessagePage(rows, rows[-1].id if len(messages) > size else None)


def _wallets(brand: Brand, number: str) -> list[int]:
    family = Card.objects.filter(brand=brand, number=number).values_list("family_id", flat=True).first()
    if family is None:
        return []
    wallets: QuerySet[Wallet] = Wallet.objects.filter(Q(id=family) | Q(root_id=family), brand=brand)
    return list(wallets.values_list("id", flat=True))


def _rows(brand: Brand, messages: list[Outbox]) -> list[MessageRow]:
    holders = wallet_holders(brand=brand, wallets=(each.wallet_id for each in messages))
    campaigns = _campaigns(brand, {each.rule_uuid for each in messages if each.rule_uuid is not None})
    addresses = _addresses(brand, messages)
    rows = []
    for each in messages:
        campaign = campaigns.get(each.rule_uuid) if each.rule_uuid is not None else None
        asks = each.purpose == Purpose.CONFIRMATION
        rows.append(
            MessageRow(
                id=each.id,
                operation=each.operation_id,
                at=each.created_at,
                sent_at=each.sent_at,
                channel=CHANNELS[Channel(each.channel)],
                holder=holders.get(each.wallet_id or 0, NO_CARD),
                address=addresses.get(each.id, ""),
                campaign=campaign[1] if campaign else "Confirmation of an opt-in" if asks else "",
                campaign_uuid=campaign[0] if campaign else None,
                state=State(each.state),
                state_word=STATES[State(each.state)],
                why=WORDS[Reason(each.reason)] if each.reason else "",
                attempts=each.attempts,
            )
        )
    return rows


def _campaigns(brand: Brand, rules: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """UUID and name of the campaign of each rule. One statement; none for no rules."""
    if not rules:
        return {}
    rows = hot_cursor().execute(_CAMPAIGNS, {"brand": brand.pk, "rules": [str(each) for each in rules]})
    return {rule: (uuid, name) for rule, uuid, name in rows}


def _addresses(brand: Brand, messages: Iterable[Outbox]) -> dict[UUID, str]:
    messages = list(messages)
    wallets = {each.wallet_id for each in messages if each.wallet_id is not None}
    holders: dict[int | None, int | None] = {}
    for model in (Card, ChildCard):
        holders |= dict(
            model._default_manager.filter(brand=brand, wallet_id__in=wallets).values_list("wallet_id", "customer_id")
        )
    known = [each for each in holders.values() if each is not None]
    people = {row.pk: row for row in Customer.objects.filter(brand=brand, pk__in=known)}
    subscribed = {each.subscription_id for each in messages if each.subscription_id is not None}
    said = dict(ChannelSubscription.objects.filter(brand=brand, pk__in=subscribed).values_list("pk", "address"))
    found = {}
    for each in messages:
        person = people.get(holders.get(each.wallet_id) or 0)
        found[each.id] = said.get(each.subscription_id or 0, "") or _address(each, person)
    return found


def _address(message: Outbox, person: Customer | None) -> str:
    if message.channel == Channel.SOCIAL:
        return message.third_party
    if person is None or message.channel == Channel.WEBHOOK:
        return ""
    return person.email if message.channel == Channel.EMAIL else person.mobile_phone or person.phone
