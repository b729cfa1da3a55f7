"""listEventTypes: the kinds of events that can be logged on cards."""

from typing import Annotated

from msgspec import UNSET, UnsetType, field

from apps.kernel.moments import format_moment
from apps.lookups.queries.list_event_types import EventTypeSeen, list_event_types
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import text
from apps.merchant_api.wire.common import Input, Output, Response
from apps.merchant_api.wire.fields import MOMENT, wire


class ListEventTypesRequest(Input, frozen=True, kw_only=True):
    """Which part of the list."""

    offset: Annotated[int, wire("How many to skip.", minimum=0, maximum=100_000, json_v2=True)] = 0
    limit: Annotated[int, wire("How many to show.", minimum=10, maximum=1000, json_v2=True)] = 1000


class EventTypeDefinition(Output, kw_only=True):
    """An event type as it is set up."""

    sentiment: Annotated[int | UnsetType, wire("Bad (-1), nothing (0) or good (1).")] = UNSET
    group_type: Annotated[str | UnsetType, wire("Where such events come from.")] = UNSET
    specific_id: Annotated[str | UnsetType, wire("Id within the category.")] = UNSET
    name: Annotated[str | UnsetType, wire("Name for people.")] = UNSET
    modified_date: Annotated[str | UnsetType, wire("When it was changed last (UTC).", format=MOMENT)] = UNSET
    active: Annotated[bool | UnsetType, wire("Whether events can be logged; archived if not.")] = UNSET
    event_type: Annotated[str, wire("Root type; CUSTOM for a brand's own.")]
    category_id: Annotated[str, wire("Category that events name.")]
    create_date: Annotated[str | UnsetType, wire("When it was made (UTC).", format=MOMENT)] = UNSET


class ListEventTypesResponse(Response, kw_only=True):
    """The event types."""

    event_types: Annotated[list[EventTypeDefinition], wire("The event types, oldest first.", required=True)] = field(
        default_factory=list
    )


def run(call: MerchantCall, request: ListEventTypesRequest) -> ListEventTypesResponse:
    """List the event types."""
    found = list_event_types(
        call=call.call, configuration=call.configuration, offset=request.offset, limit=request.limit
    )
    return ListEventTypesResponse(event_types=[_definition(each) for each in found])


def _definition(seen: EventTypeSeen) -> EventTypeDefinition:
    return EventTypeDefinition(
        event_type=seen.root_type,
        category_id=seen.category_id,
        specific_id=text(seen.specific_id),
        name=seen.name,
        sentiment=seen.sentiment,
        group_type=seen.group_type,
        active=seen.is_active,
        create_date=format_moment(seen.created_at),
        modified_date=format_moment(seen.modified_at),
    )
