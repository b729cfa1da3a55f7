"""updateAccount: change the customers of a card, enrol, and what belongs to that."""

from typing import Annotated

from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.account_changes import customer_changes, event_wanted, field_change, link_update
from apps.merchant_api.wire.checkouts import CheckoutKeyValue
from apps.merchant_api.wire.common import CardNumber, ChildCardNumber, CustomRequestDate, ForcePin, Input, Pin, Response
from apps.merchant_api.wire.customers import (
    BrandDemographicsProperties,
    CustomerUpdates,
    EventRegistration,
    ThirdPartyCardProperties,
)
from apps.merchant_api.wire.fields import wire
from apps.transactions.account_after import AccountChange
from apps.transactions.operations.update_account import update_account
from apps.transactions.under_lock import PinClaim


class UpdateAccountRequest(Input, frozen=True, kw_only=True):
    """The changes; what is left out stays as it is.

    One field has nothing to act on yet: no campaign reads `custom_key_values`. The request log keeps them.
    """

    force_pin_validation: ForcePin = False
    brand_demographics: Annotated[tuple[BrandDemographicsProperties, ...], wire("Changes of brand demographics.")] = ()
    child_card_number: ChildCardNumber = None
    new_events: Annotated[tuple[EventRegistration, ...], wire("Events to log.")] = ()
    custom_key_values: Annotated[tuple[CheckoutKeyValue, ...], wire("Keys and values for campaigns.")] = ()
    third_party_updates: Annotated[
        tuple[ThirdPartyCardProperties, ...], wire("Changes of links to third parties.")
    ] = ()
    count_as_enrollment: Annotated[bool, wire("Enrol the customer, unless enrolled already.")] = False
    primary_customer: Annotated[
        CustomerUpdates | None,
        wire("Changes of the customer.", example={"firstName": "Ada", "lastName": "Byron", "email": "ada@example.org"}),
    ] = None
    alternate_customer: Annotated[CustomerUpdates | None, wire("Changes of the second customer.")] = None
    pin: Pin = None
    custom_card_number: Annotated[str | None, wire("Your own number of the card.", max_length=64)] = None
    skip_opt_in_confirmation_emails: Annotated[
        bool, wire("Send no e-mails that ask to confirm an opt-in.", json_v2=True)
    ] = False
    card_number: CardNumber
    custom_request_date: CustomRequestDate = None


class UpdateAccountResponse(Response, kw_only=True):
    """The changes are made."""


def run(call: MerchantCall, request: UpdateAccountRequest) -> UpdateAccountResponse:
    """Make the changes."""
    wanted = AccountChange(
        customer=customer_changes(request.primary_customer),
        alternate=customer_changes(request.alternate_customer),
        custom_number=request.custom_card_number,
        enrols=request.count_as_enrollment,
        fields=tuple(field_change(each) for each in request.brand_demographics),
        links=tuple(link_update(each) for each in request.third_party_updates),
        events=tuple(event_wanted(each) for each in request.new_events),
        asks_by_email=not request.skip_opt_in_confirmation_emails,
    )
    return call.change(
        update_account,
        lambda _: UpdateAccountResponse(),
        card_number=request.card_number,
        child_number=request.child_card_number,
        wanted=wanted,
        claim=PinClaim(request.force_pin_validation, request.pin),
    )
