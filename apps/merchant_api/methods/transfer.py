"""transfer: take a card's value out, put it into another card, or write it off."""

from typing import Annotated, cast

from apps.customers.core.merge import MergeMode
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.common import CardNumber, ForcePin, Input, Pin, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.transfer import Action, TransferWanted, transfer
from apps.transactions.transfer_in import Arrival, OwnerRule
from apps.transactions.under_lock import PinClaim


class TransferRequest(Input, frozen=True, kw_only=True):
    """One half of a transfer, or the end of a card's value."""

    old_card_number: Annotated[
        str | None, wire("On the way in: the card that was transferred out.", identifier=True)
    ] = None
    force_pin_validation: ForcePin = False
    ignore_hold_balances: Annotated[bool, wire("Release what is on hold instead of refusing.")] = False
    owning_location_type: Annotated[
        str,
        wire(
            "On the way in, who owns the card from now on: `target` its own location, `source` the old card's, `min`"
            " that of the card which was activated first.",
            allowed=("min", "source", "target"),
        ),
    ] = "target"
    pin: Pin = None
    copy_custom_card_number: Annotated[bool, wire("On the way in: take over the custom number.")] = False
    overwrite_demographics: Annotated[
        bool | None, wire("The older way to say mergeMode `overwrite`, which goes before it.", deprecated=True)
    ] = None
    action: Annotated[
        str, wire("`out`, then `in`; `zero` writes the value off.", allowed=("in", "out", "zero"), example="out")
    ]
    merge_mode: Annotated[
        str | None,
        wire(
            "On the way in, what becomes of demographics, opt-ins and events of the old card: `skip` leaves them,"
            " `combine` fills gaps, `overwrite` goes before what the card has.",
            allowed=("combine", "overwrite", "skip"),
            default="skip",
        ),
    ] = None
    card_number: CardNumber


class TransferResponse(Response, kw_only=True):
    """The transfer is done."""


def run(call: MerchantCall, request: TransferRequest) -> TransferResponse:
    """Carry the half out."""
    return call.change(
        transfer,
        lambda _: TransferResponse(),
        card_number=request.card_number,
        wanted=_wanted(request),
        claim=PinClaim(request.force_pin_validation, request.pin),
    )


def _wanted(request: TransferRequest) -> TransferWanted:
    action = cast("Action", request.action)
    if action != "in":
        return TransferWanted(action=action, release_holds=request.ignore_hold_balances)
    mode = request.merge_mode or ("overwrite" if request.overwrite_demographics else "skip")
    arrival = Arrival(
        old_number=request.old_card_number,
        owner=cast("OwnerRule", request.owning_location_type),
        mode=MergeMode(mode),
        copies_custom_number=request.copy_custom_card_number,
    )
    return TransferWanted(action=action, arrival=arrival)
