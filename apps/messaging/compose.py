"""From a message of the outbox to what leaves: who gets it, whether it may go, and what it says."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.brands.models import Brand
from apps.kernel.db.hot import hot_cursor
from apps.messaging.core.consent import why_not
from apps.messaging.core.kinds import Channel, Purpose, Reason
from apps.messaging.core.templates import BadTemplate, Escape, render
from apps.messaging.core.variables import Value, customer_variables
from apps.messaging.links import confirm_url
from apps.messaging.operations.claim_message import Claimed
from apps.messaging.providers.interface import Outgoing
from apps.messaging.queries.read_holder import Holder, free_balances, read_holder
from apps.messaging.queries.read_recipient import (
    NOBODY,
    Recipient,
    recipient_of_customer,
    recipient_of_subscription,
)

_TAG = re.compile(r"<[A-Za-z!/]")
_JSON = re.compile(r"\s*(\{(?!\{)|\[)")
_HOST = re.compile(r"https?://[^/{}\\?#@\s]+(/|\Z)")


class NotToSend(Exception):
    """A message that is not to go out, and why."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class _Scene:
    """The message's card, if it has one, and its recipient."""

    holder: Holder | None
    recipient: Recipient


def compose(message: Claimed, *, now: datetime) -> Outgoing:
    """The message as it leaves, with the customer and the balances of this moment. NotToSend where it must not."""
    scene = _scene(message)
    _require_allowed(message, scene)
    try:
        return _written(message, scene, _variables(message, scene, now))
    except BadTemplate as problem:
        raise NotToSend(Reason.TEMPLATE, problem.message) from problem


def _scene(message: Claimed) -> _Scene:
    cursor, brand_id = hot_cursor(), message.brand_id
    if message.subscription_id is not None:
        found = recipient_of_subscription(cursor, brand_id=brand_id, subscription_id=message.subscription_id)
        return _Scene(None, found)
    if message.wallet_id is None:
        return _Scene(None, NOBODY)
    holder = read_holder(cursor, brand_id=brand_id, wallet_id=message.wallet_id)
    if holder.customer_id is None:
        return _Scene(holder, NOBODY)
    recipient = recipient_of_customer(
        cursor,
        brand_id=brand_id,
        customer_id=holder.customer_id,
        channel=message.way,
        third_party=message.third_party,
        list_uuid=message.list_uuid,
    )
    return _Scene(holder, recipient)


def _require_allowed(message: Claimed, scene: _Scene) -> None:
    if message.way == Channel.WEBHOOK:
        return
    if scene.recipient.customer is None and message.subscription_id is None:
        raise NotToSend(Reason.NO_CUSTOMER)
    if not scene.recipient.address:
        raise NotToSend(Reason.NO_ADDRESS)
    reason = why_not(message.way, message.aim, scene.recipient.consent)
    if reason is not None:
        raise NotToSend(reason)


def _variables(message: Claimed, scene: _Scene, now: datetime) -> Mapping[str, Value]:
    brand = Brand.objects.get(pk=message.brand_id)
    found: dict[str, Value] = {"brandName": brand.name}
    if scene.holder is not None:
        found |= _of_card(scene.holder, ZoneInfo(brand.timezone))
        found["balances"] = free_balances(hot_cursor(), brand_id=brand.pk, holder=scene.holder, at=now)
    if scene.recipient.customer is not None:
        found |= customer_variables(scene.recipient.customer)
        found["fields"] = {each.code: ", ".join(each.values) for each in scene.recipient.fields}
    if message.aim == Purpose.CONFIRMATION:
        found["confirmUrl"] = confirm_url(message, address=scene.recipient.address)
    return {**message.variables, **found}


def _of_card(holder: Holder, zone: ZoneInfo) -> dict[str, Value]:
    def day(moment: datetime | None) -> str:
        return moment.astimezone(zone).date().isoformat() if moment else ""

    return {
        "cardNumber": holder.card_number,
        "childCardNumber": holder.child_number,
        "customCardNumber": holder.custom_number,
        "cardSetName": holder.card_set_name,
        "activationDate": day(holder.activated_at),
        "enrollmentDate": day(holder.enrolled_at),
    }


def _written(message: Claimed, scene: _Scene, variables: Mapping[str, Value]) -> Outgoing:
    """E-mails whose template has a tag are HTML; webhooks whose template is a JSON object or array are that."""
    is_html = message.way == Channel.EMAIL and _TAG.search(message.body) is not None
    is_payload = message.way == Channel.WEBHOOK and _JSON.match(message.body) is not None
    escape = Escape.HTML if is_html else Escape.JSON if is_payload else Escape.NONE
    body = render(message.body, variables, escape=escape)
    return Outgoing(
        id=message.id,
        channel=message.way,
        to=scene.recipient.address,
        subject=render(message.subject, variables),
        body=_valid_json(body) if is_payload else body,
        is_html=is_html,
        is_payload=is_payload,
        url=_url(message.url, variables),
        third_party=message.third_party,
        card_number=scene.holder.card_number if scene.holder else "",
        request_ref=message.operation_id,
    )


def _url(template: str, variables: Mapping[str, Value]) -> str:
    if template and not _HOST.match(template):
        raise BadTemplate("An address begins with https:// and a host, which is no variable.")
    return render(template, variables, escape=Escape.URL)


def _valid_json(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadTemplate("The body begins as JSON and is none.") from problem
    return text
