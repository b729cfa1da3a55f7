"""cardHistory: the earlier calls of a card."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, UnsetType, field

from apps.merchant_api.wire.common import CALL_TYPES, CardNumber, Input, Response
from apps.merchant_api.wire.fields import MOMENT, wire
from apps.merchant_api.wire.histories import HistoricTransaction


class CardHistoryRequest(Input, frozen=True, kw_only=True):
    """The card and which part of its history."""

    begin_date: Annotated[datetime | None, wire("Not before (UTC).")] = None
    sort_most_recent_first: Annotated[bool, wire("Newest first, or oldest first.", json_v2=True)] = True
    offset: Annotated[int, wire("How many to skip.", minimum=0, maximum=1000, json_v2=True)] = 0
    end_date: Annotated[datetime | None, wire("Not after (UTC).")] = None
    max_results: Annotated[
        int, wire("How many to show, 100 at most.", minimum=1, maximum=100, clamp=True, json_v2=True)
    ] = 20
    limit: Annotated[
        int | None, wire("Another name of maxResults.", minimum=1, maximum=100, clamp=True, addition=True)
    ] = None
    include_campaign_data: Annotated[bool, wire("Name the campaigns behind movements.", json_v2=True)] = False
    child_card_number: Annotated[str | None, wire("Number of a child card of this card.", identifier=True)] = None
    split_hold_mutations: Annotated[bool, wire("Show movements of held value apart.")] = False
    restrict_transaction_types: Annotated[
        tuple[str, ...], wire("Only these kinds of calls.", allowed=CALL_TYPES, json_v2=True)
    ] = ()
    include_external_transaction_ids: Annotated[bool, wire("Show external transaction ids.", json_v2=True)] = False
    card_number: CardNumber
    include_main_balance_update: Annotated[bool, wire("Show the main movement of each call.")] = False


class CardHistoryResponse(Response, kw_only=True):
    """The calls found, and how many there are."""

    oldest_transaction: Annotated[
        str | UnsetType, wire("The oldest call of all (UTC).", format=MOMENT, json_v2=True)
    ] = UNSET
    newest_transaction: Annotated[
        str | UnsetType, wire("The newest call of all (UTC).", format=MOMENT, json_v2=True)
    ] = UNSET
    match_count: Annotated[int | UnsetType, wire("How many calls match.", json_v2=True)] = UNSET
    transaction_count: Annotated[int | UnsetType, wire("How many calls there are.", json_v2=True)] = UNSET
    transactions: Annotated[list[HistoricTransaction], wire("The calls.")] = field(default_factory=list)
