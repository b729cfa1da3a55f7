"""createEventType: set up a kind of event that can be logged on cards, or change one."""

from typing import Annotated

from apps.customers.core.event_types import GROUP_TYPES, EventTypeFacts
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import Input, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.create_event_type import create_event_type


class CreateEventTypeRequest(Input, frozen=True, kw_only=True):
    """The event type. Where its category exists, what is left out stays as it is."""

    sentiment: Annotated[
        int | None, wire("What the event says: bad (-1), nothing (0), good (1).", minimum=-1, maximum=1)
    ] = None
    group_type: Annotated[str | None, wire("Where such events come from; at first OTHER.", allowed=GROUP_TYPES)] = None
    name: Annotated[
        str | None, wire("Name for people; at first the category id.", identifier=True, example="Came to a tasting")
    ] = None
    category_id: Annotated[str, wire("Category that events name.", example="tasting")]


class CreateEventTypeResponse(Response, kw_only=True):
    """The event type exists as described."""


def run(call: MerchantCall, request: CreateEventTypeRequest) -> CreateEventTypeResponse:
    """Create or change the event type."""
    facts = EventTypeFacts(
        category_id=request.category_id,
        name=request.name,
        sentiment=request.sentiment,
        group_type=request.group_type,
    )
    return call.change(create_event_type, lambda _: CreateEventTypeResponse(), facts=facts)
