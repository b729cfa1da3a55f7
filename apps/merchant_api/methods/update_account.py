"""updateAccount: change the customers of a card, enrol, and what belongs to that."""

from typing import Annotated

from apps.merchant_api.wire.checkouts import CheckoutKeyValue
from apps.merchant_api.wire.common import CardNumber, ChildCardNumber, CustomRequestDate, ForcePin, Input, Pin, Response
from apps.merchant_api.wire.customers import (
    BrandDemographicsProperties,
    CustomerUpdates,
    EventRegistration,
    ThirdPartyCardProperties,
)
from apps.merchant_api.wire.fields import wire


class UpdateAccountRequest(Input, frozen=True, kw_only=True):
    """The changes; what is left out stays as it is."""

    force_pin_validation: ForcePin = False
    brand_demographics: Annotated[tuple[BrandDemographicsProperties, ...], wire("Changes of brand demographics.")] = ()
    child_card_number: ChildCardNumber = None
    new_events: Annotated[tuple[EventRegistration, ...], wire("Events to log.")] = ()
    custom_key_values: Annotated[tuple[CheckoutKeyValue, ...], wire("Keys and values for campaigns.")] = ()
    third_party_updates: Annotated[
        tuple[ThirdPartyCardProperties, ...], wire("Changes of links to third parties.")
    ] = ()
    count_as_enrollment: Annotated[bool, wire("Enrol the customer, unless enrolled already.")] = False
    primary_customer: Annotated[CustomerUpdates | None, wire("Changes of the customer.")] = None
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
