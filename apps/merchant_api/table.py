"""The table of contents of the JSON API: the methods that are there, with their types and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.merchant_api.methods import (
    allocate,
    card_history,
    checkout,
    checkout_lookup,
    list_requests,
    list_value_types,
    reactivate,
    request_lookup,
    search,
    update_account,
    update_balance,
    void_transaction,
)
from apps.merchant_api.wire.common import Input, Response


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its types, the function that carries it out, whether it only reads, and what can be refused (9) from
    the request alone before anything else is looked at (changing verbs do that themselves)."""

    request: type[Input]
    response: type[Response]
    run: Callable[[Any, Any], Response]
    summary: str
    reads: bool = False
    check: Callable[[Any], None] | None = None


METHODS: dict[str, Method] = {
    "allocate": Method(
        allocate.AllocateRequest, allocate.AllocateResponse, allocate.run, "Activate a card, named or drawn from a set"
    ),
    "cardHistory": Method(
        card_history.CardHistoryRequest,
        card_history.CardHistoryResponse,
        card_history.run,
        "List the transactions of a card",
        reads=True,
        check=card_history.check,
    ),
    "checkout": Method(
        checkout.CheckoutRequest, checkout.CheckoutResponse, checkout.run, "Record a purchase and make its payments"
    ),
    "checkoutLookup": Method(
        checkout_lookup.CheckoutLookupRequest,
        checkout_lookup.CheckoutLookupResponse,
        checkout_lookup.run,
        "Look up an earlier checkout",
        reads=True,
    ),
    "listRequests": Method(
        list_requests.ListRequestsRequest,
        list_requests.ListRequestsResponse,
        list_requests.run,
        "List the calls that carried an external transaction id",
        reads=True,
    ),
    "listValueTypes": Method(
        list_value_types.ListValueTypesRequest,
        list_value_types.ListValueTypesResponse,
        list_value_types.run,
        "List what a card, or the cards of a set, can hold",
        reads=True,
        check=list_value_types.check,
    ),
    "reactivate": Method(
        reactivate.ReactivateRequest,
        reactivate.ReactivateResponse,
        reactivate.run,
        "Make a suspended card active again",
    ),
    "requestLookup": Method(
        request_lookup.RequestLookupRequest,
        request_lookup.RequestLookupResponse,
        request_lookup.run,
        "Look up an earlier call",
        reads=True,
    ),
    "search": Method(
        search.SearchRequest, search.SearchResponse, search.run, "Find cards", reads=True, check=search.check
    ),
    "updateAccount": Method(
        update_account.UpdateAccountRequest,
        update_account.UpdateAccountResponse,
        update_account.run,
        "Change the customer of a card, or enrol",
    ),
    "updateBalance": Method(
        update_balance.UpdateBalanceRequest,
        update_balance.UpdateBalanceResponse,
        update_balance.run,
        "Issue, redeem or hold value, or adjust a card",
    ),
    "voidTransaction": Method(
        void_transaction.VoidRequest, void_transaction.VoidResponse, void_transaction.run, "Undo what a call moved"
    ),
}
