"""Serve one customer: find the card or hand one out, then record the purchases in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.kernel.errors import ErrorCode
from apps.kernel.moments import format_moment
from apps.transactions.replay.purchases import Purchase
from apps.transactions.replay.tally import Tally
from apps.transactions.replay.till import HttpTill, Refused

HOPELESS = frozenset(
    {
        ErrorCode.INVALID_CREDENTIALS,
        ErrorCode.CARD_SET_NOT_FOUND,
        ErrorCode.CARD_SET_DEPLETED,
        ErrorCode.METHOD_NOT_FOUND,
        ErrorCode.REQUEST_HEADERS_FORMAT,
    }
)
"""Refusals that every other customer would meet as well."""


class Hopeless(Exception):
    """It makes no sense to go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Counter:
    """The counter at which a customer is served. `log` begins every customRequestId."""

    till: HttpTill
    tally: Tally
    log: str
    card_set: str


def serve(*, counter: Counter, customer: str, purchases: Sequence[Purchase]) -> None:
    """Play all purchases of one customer, the earliest first.

    A customRequestId is the log, the line and the method, so that whoever plays the same log again repeats nothing.
    """
    try:
        card = _card(counter, customer, purchases[0])
    except Refused as refusal:
        _note(counter, refusal, purchases[0])
        return
    for purchase in purchases:
        try:
            is_new = _record(counter, card, purchase)
        except Refused as refusal:
            _note(counter, refusal, purchase)
        else:
            counter.tally.purchase(purchase, before=not is_new)


def _card(counter: Counter, customer: str, first: Purchase) -> str:
    """The customer's card; a new one is active and enrolled since the first purchase."""
    found = counter.till.call("search", {"filters": {"customCardNumber": customer}})["cards"]
    if found:
        counter.tally.card(is_new=False)
        return str(found[0]["cardNumber"])
    card = _allocated(counter, first)
    account = {"cardNumber": card, "customCardNumber": customer, "countAsEnrollment": True}
    _change(counter, "updateAccount", account | _dated(first.at), first)
    counter.tally.card(is_new=True)
    return card


def _allocated(counter: Counter, first: Purchase) -> str:
    """A card of the set. Where the answer to an earlier call was lost, the API tells which card it was."""
    body = {"cardSetId": counter.card_set} | _dated(first.at)
    try:
        answer = counter.till.call("allocate", body, custom_id=_custom_id(counter, first, "allocate"))
    except Refused as refusal:
        if refusal.original is None:
            raise
        answer = counter.till.call("requestLookup", {"requestRef": refusal.original})
        if "cardNumber" not in answer:
            raise Hopeless("requestLookup does not tell the card; version 1 of the API does not.") from refusal
    return str(answer["cardNumber"])


def _record(counter: Counter, card: str, purchase: Purchase) -> bool:
    """Record a purchase; False if an earlier call had done so."""
    body = {"cardNumber": card, "checkoutTotal": purchase.amount} | _dated(purchase.at)
    note = f"quantity {purchase.quantity}" if purchase.quantity else ""
    return _change(counter, "checkout", body, purchase, note=note)


def _change(counter: Counter, method: str, body: dict[str, Any], purchase: Purchase, *, note: str = "") -> bool:
    """Make a changing call; False if an earlier one with the same customRequestId had made it."""
    try:
        counter.till.call(method, body, custom_id=_custom_id(counter, purchase, method), note=note)
    except Refused as refusal:
        if refusal.code == ErrorCode.DUPLICATE_CUSTOM_REQUEST_ID:
            return False
        raise
    return True


def _custom_id(counter: Counter, purchase: Purchase, method: str) -> str:
    return f"replay/{counter.log}/{purchase.row}/{method}"


def _dated(at: datetime) -> dict[str, str]:
    return {"customRequestDate": format_moment(at)}


def _note(counter: Counter, refusal: Refused, purchase: Purchase) -> None:
    said = f"line {purchase.row}, customer {purchase.customer}: {refusal}"
    counter.tally.refusal(said)
    if refusal.code in HOPELESS:
        raise Hopeless(said) from refusal
