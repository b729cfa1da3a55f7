"""cardHistory: the earlier calls of a card."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, UnsetType, field

from apps.kernel.moments import epoch_milliseconds
from apps.lookups.queries.card_history import HistoryRange, TransactionSeen, card_history, check_length
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.answers import balance_updates, given, moment, text
from apps.merchant_api.wire.common import CALL_TYPES, CardNumber, Input, Response
from apps.merchant_api.wire.fields import MOMENT, wire
from apps.merchant_api.wire.histories import HistoricTransaction
from apps.requestlog.core.kinds import WIRE_CALL_TYPES


class CardHistoryRequest(Input, frozen=True, kw_only=True):
    """The card and which part of its history."""

    begin_date: Annotated[datetime | None, wire("Not before (UTC).")] = None
    sort_most_recent_first: Annotated[bool, wire("Newest first, or oldest first.", json_v2=True)] = True
    offset: Annotated[int, wire("How many to skip.", minimum=0, maximum=1000, json_v2=True)] = 0
    end_date: Annotated[datetime | None, wire("Not after (UTC).")] = None
    max_results: Annotated[
        int, wire("How many to show, 100 at most.", minimum=1, maximum=100, clamp=True, json_v2=True, example=10)
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


def check(request: CardHistoryRequest) -> None:
    """Refuse what the request alone shows."""
    check_length(_range(request), in_detail=_in_detail(request))


def run(call: MerchantCall, request: CardHistoryRequest) -> CardHistoryResponse:
    """List the transactions of the card."""
    history = card_history(
        call=call.call,
        configuration=call.configuration,
        card_number=request.card_number,
        child_number=request.child_card_number,
        wanted=_range(request),
        split_holds=request.split_hold_mutations,
        with_external_ids=request.include_external_transaction_ids,
        with_campaigns=request.include_campaign_data,
    )
    return CardHistoryResponse(
        oldest_transaction=moment(history.oldest),
        newest_transaction=moment(history.newest),
        match_count=history.match_count,
        transaction_count=history.transaction_count,
        transactions=[_transaction(each, request) for each in history.transactions],
    )


def _in_detail(request: CardHistoryRequest) -> bool:
    return request.include_campaign_data or request.include_external_transaction_ids


def _range(request: CardHistoryRequest) -> HistoryRange:
    return HistoryRange(
        begin=request.begin_date,
        end=request.end_date,
        call_types=[WIRE_CALL_TYPES[name] for name in request.restrict_transaction_types],
        newest_first=request.sort_most_recent_first,
        offset=request.offset,
        limit=request.limit or request.max_results,
    )


def _transaction(seen: TransactionSeen, request: CardHistoryRequest) -> HistoricTransaction:
    return HistoricTransaction(
        transaction_id=str(seen.transaction_id),
        transaction_time=epoch_milliseconds(seen.at),
        request_ref=UNSET if seen.reference is None else str(seen.reference),
        call_type=text(seen.call_type),
        location=text(seen.location_code),
        child_card_number=text(seen.child_number),
        external_transaction_id=text(seen.external_id) if request.include_external_transaction_ids else UNSET,
        balance_updates=balance_updates(seen.movements.regular, seen.caused),
        hold_balance_updates=balance_updates(seen.movements.held, seen.caused) or UNSET,
        main_balance_update=given(seen.movements.main) if request.include_main_balance_update else UNSET,
    )
