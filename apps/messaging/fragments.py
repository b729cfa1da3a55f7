"""Messaging's parts of the one write statement."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.kernel.fragments import Columns, Fragment, rows_fragment
from apps.messaging.core.kinds import Channel, Purpose, State
from apps.messaging.core.variables import Value

NO_RESULT = UUID(int=0)
"""What confirmations have in place of a result: one for each channel in an operation."""

_OUTBOX = f"""INSERT INTO messaging_outbox (brand_id, operation_id, wallet_id, purpose, third_party, list_uuid, state,
 reason, detail, attempts, created_at, due_at, provider_id, id, channel, result_uuid, no, rule_uuid, subject, body, url,
 variables) SELECT %(brand)s, %(operation)s, %(wallet)s::bigint, {int(Purpose.NOTIFICATION)}, u.third_party,
 u.list_uuid, {int(State.QUEUED)}, '', '', 0, %(now)s, u.due_at, '', u.id, u.channel, u.result, u.no, u.rule, u.subject,
 u.body, u.url, u.variables::jsonb FROM {{rows}}"""
_COLUMNS: Columns = (
    ("id", "uuid"),
    ("channel", "text"),
    ("result", "uuid"),
    ("no", "smallint"),
    ("rule", "uuid"),
    ("third_party", "text"),
    ("list_uuid", "uuid"),
    ("subject", "text"),
    ("body", "text"),
    ("url", "text"),
    ("variables", "text"),
    ("due_at", "timestamptz"),
)

# Whether the brand has such a template is known to the database alone: without one nothing is inserted.
_CONFIRMATION = f"""INSERT INTO messaging_outbox (brand_id, operation_id, wallet_id, subscription_id, purpose,
 third_party, state, reason, detail, attempts, created_at, due_at, provider_id, id, channel, result_uuid, no, subject,
 body, url, variables) SELECT t.brand_id, %(operation)s, %(wallet)s::bigint, %(subscription)s::bigint,
 {int(Purpose.CONFIRMATION)}, '', {int(State.QUEUED)}, '', '', 0, %(now)s, %(now)s, '', %(id)s, t.channel,
 '{NO_RESULT}', %(no)s, t.subject, t.body, '', '{{}}'
 FROM messaging_confirmation t WHERE t.brand_id = %(brand)s AND t.channel = %(channel)s AND t.is_active"""
_NUMBERS = {Channel.EMAIL: 1, Channel.SMS: 2}

_ERASE = """UPDATE messaging_outbox o SET variables = '{}'::jsonb, detail = '' FROM ledger_wallet w
 WHERE o.brand_id = %(brand)s AND w.brand_id = o.brand_id AND o.wallet_id = w.id
  AND (w.id = %(family)s OR w.root_id = %(family)s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message that a campaign's result sends. `subject`, `body` and `url` are templates as they were published;
    `variables` what was true of the call (`core.variables.Happening`).

    `url` is a webhook's. `third_party` is the network of a social message (`twitter`, say). With `list_uuid` it goes
    only to those who opted in to that list. `due_at`: not before; None: at once.
    """

    id: UUID
    channel: Channel
    result_uuid: UUID
    rule_uuid: UUID
    body: str
    subject: str = ""
    url: str = ""
    third_party: str = ""
    list_uuid: UUID | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)
    due_at: datetime | None = None


def outbox(
    *, brand_id: int, operation_id: UUID, wallet_id: int | None, messages: Sequence[NewMessage], now: datetime
) -> list[Fragment]:
    """The messages of a call. `wallet_id`: whose they are, the child card's for a call on one; None: anonymous, for
    webhooks. Several of one result are told apart by their order. Poke after the commit (`poke.poke`)."""
    if not messages:
        return []
    columns: dict[str, list[Any]] = {
        "id": [each.id for each in messages],
        "channel": [each.channel.value for each in messages],
        "result": [each.result_uuid for each in messages],
        "no": _numbers(messages),
        "rule": [each.rule_uuid for each in messages],
        "third_party": [each.third_party for each in messages],
        "list_uuid": [each.list_uuid for each in messages],
        "subject": [each.subject for each in messages],
        "body": [each.body for each in messages],
        "url": [each.url for each in messages],
        "variables": [json.dumps(dict(each.variables)) for each in messages],
        "due_at": [each.due_at or now for each in messages],
    }
    params = {"brand": brand_id, "operation": operation_id, "wallet": wallet_id, "now": now}
    return [rows_fragment("outbox", _OUTBOX, _COLUMNS, columns, params)]


def _numbers(messages: Sequence[NewMessage]) -> list[int]:
    seen: Counter[UUID] = Counter()
    numbers = []
    for each in messages:
        seen[each.result_uuid] += 1
        numbers.append(seen[each.result_uuid])
    return numbers


def confirmation(
    *,
    brand_id: int,
    operation_id: UUID,
    message_id: UUID,
    channel: Channel,
    now: datetime,
    wallet_id: int | None = None,
    subscription_id: int | None = None,
) -> Fragment:
    """The message that asks to confirm an opt-in, of the customer of a card or of the owner of an address, if the brand
    has a template for it."""
    params = {
        "brand": brand_id,
        "operation": operation_id,
        "wallet": wallet_id,
        "subscription": subscription_id,
        "id": message_id,
        "channel": channel.value,
        "no": _NUMBERS[channel],
        "now": now,
    }
    return Fragment(f"confirm_{channel.value}", _CONFIRMATION, params)


def erase_messages(*, brand_id: int, family_id: int) -> Fragment:
    """What is personal in the messages of a card and its children: key values, and a provider's words."""
    return Fragment("messages", _ERASE, {"brand": brand_id, "family": family_id})
