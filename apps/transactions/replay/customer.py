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

    A customRequestId is the log, the line and the step, so that whoever plays the same log again repeats nothing.
    """
    try:
        card = _card(counter, customer, purchases[0])
    except Refused as refusal:
        _note(counter, refusal, purchases[0])
        return
    for purchase in purchases:
        try:
            before = _done_before(counter, "checkout", _checkout(card, purchase), purchase, quantity=purchase.quantity)
        except Refused as refusal:
            _note(counter, refusal, purchase)
        else:
            counter.tally.purchase(purchase, before=before is not None)


def _card(counter: Counter, customer: str, first: Purchase) -> str:
    """The customer's card; a new one is active and enrolled since the first purchase."""
    found = counter.till.call("search", {"filters": {"customCardNumber": customer}})["cards"]
    if found:
        counter.tally.card(is_new=False)
        return str(found[0]["cardNumber"])
    card = _allocated(counter, first)
    account = {"cardNumber": card, "customCardNumber": customer, "countAsEnrollment": True}
    _done_before(counter, "enrol", account | _dated(first.at), first)
    counter.tally.card(is_new=True)
    return card


def _allocated(counter: Counter, first: Purchase) -> str:
    """A card of the set. Where the answer to an earlier call was lost, the API tells which card it was."""
    body = {"cardSetId": counter.card_set} | _dated(first.at)
    try:
        answer = counter.till.call("allocate", body, custom_id=_custom_id(counter, first, "allocate"))
    except Refused as refusal:
        if refusal.code != ErrorCode.DUPLICATE_CUSTOM_REQUEST_ID or refusal.original is None:
            raise
        answer = counter.till.call("requestLookup", {"requestRef": refusal.original})
    return str(answer["cardNumber"])


def _checkout(card: str, purchase: Purchase) -> dict[str, Any]:
    return {"cardNumber": card, "checkoutTotal": purchase.amount} | _dated(purchase.at)


_METHODS = {"checkout": "checkout", "enrol": "updateAccount"}


def _done_before(
    counter: Counter, step: str, body: dict[str, Any], purchase: Purchase, *, quantity: str = ""
) -> str | None:
    """Make a changing call; returns the reference of the earlier call that had done the same, if there was one."""
    note = f"quantity {quantity}" if quantity else ""
    try:
        counter.till.call(_METHODS[step], body, custom_id=_custom_id(counter, purchase, step), note=note)
    except Refused as refusal:
        if refusal.code != ErrorCode.DUPLICATE_CUSTOM_REQUEST_ID:
            raise
        return refusal.original
    return None


def _custom_id(counter: Counter, purchase: Purchase, step: str) -> str:
    return f"replay/{counter.log}/{purchase.row}/{step}"


def _dated(at: datetime) -> dict[str, str]:
    return {"customRequestDate": format_moment(at)}


def _note(counter: Counter, refusal: Refused, purchase: Purchase) -> None:
    said = f"line {purchase.row}, customer {purchase.customer}: {refusal}"
    counter.tally.refusal(said)
    if refusal.code in HOPELESS:
        raise Hopeless(said) from refusal
