"""Customers: what an answer shows of them, what a request changes, and how they may be reached."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.customers.core.fields import MODES, OVERWRITE
from apps.customers.core.third_parties import THIRD_PARTIES
from apps.merchant_api.wire.common import Input, Output, Shared
from apps.merchant_api.wire.fields import DATE, wire

GENDERS = ("F", "M")
PREFERENCES = ("I", "O")
MAX_PAYLOAD = 131_072


class Customer(Output, kw_only=True):
    """A customer as stored."""

    birthday: Annotated[str | UnsetType, wire("Day of birth.", format=DATE)] = UNSET
    last_name: Annotated[str | UnsetType, wire("Family name.")] = UNSET
    country: Annotated[str | UnsetType, wire("Country, two letters (ISO 3166-1).")] = UNSET
    gender: Annotated[str | UnsetType, wire("Gender.", allowed=GENDERS)] = UNSET
    address2: Annotated[str | UnsetType, wire("Address, second line.")] = UNSET
    city: Annotated[str | UnsetType, wire("City.")] = UNSET
    address1: Annotated[str | UnsetType, wire("Address, first line.")] = UNSET
    latitude: Annotated[Decimal | UnsetType, wire("Degrees north of the equator; south is below zero.")] = UNSET
    first_name: Annotated[str | UnsetType, wire("Given name.")] = UNSET
    flv: Annotated[int | UnsetType, wire("Expected future value of the customer.")] = UNSET
    mobile_phone: Annotated[str | UnsetType, wire("Mobile phone number (E.164).")] = UNSET
    phone: Annotated[str | UnsetType, wire("Phone number (E.164).")] = UNSET
    phone_pref: Annotated[str | UnsetType, wire("Text messages: in or out.", allowed=PREFERENCES)] = UNSET
    middle_name: Annotated[str | UnsetType, wire("Middle name.")] = UNSET
    state: Annotated[str | UnsetType, wire("State or province.")] = UNSET
    postal: Annotated[str | UnsetType, wire("Postal code.")] = UNSET
    mail_pref: Annotated[str | UnsetType, wire("Letters: in or out.", allowed=PREFERENCES)] = UNSET
    is_mobile: Annotated[str | UnsetType, wire("Whether `phone` is a mobile one.", allowed=("N", "Y"))] = UNSET
    email: Annotated[str | UnsetType, wire("E-mail address.")] = UNSET
    email_pref: Annotated[str | UnsetType, wire("E-mails: in or out.", allowed=PREFERENCES)] = UNSET
    anniversary: Annotated[str | UnsetType, wire("Anniversary.", format=DATE)] = UNSET
    longitude: Annotated[Decimal | UnsetType, wire("Degrees east of Greenwich; west is below zero.")] = UNSET


class CustomerUpdates(Input, frozen=True, kw_only=True):
    """Changes of a customer: null leaves a field as it is, an empty text removes what is there.

    The two dates stay text because of that; the binder has checked that they exist. Degrees are numbers or an empty
    text.
    """

    birthday: Annotated[str | None, wire("Day of birth.", format=DATE, clearable=True)] = None
    last_name: Annotated[str | None, wire("Family name.", max_length=90)] = None
    country: Annotated[str | None, wire("Country, two letters (ISO 3166-1).", max_length=2)] = None
    gender: Annotated[str | None, wire("Gender.", allowed=GENDERS, clearable=True)] = None
    address2: Annotated[str | None, wire("Address, second line.", max_length=100)] = None
    city: Annotated[str | None, wire("City.", max_length=75)] = None
    mobile_operator_id: Annotated[str | None, wire("Mobile operator.", max_length=18)] = None
    address1: Annotated[str | None, wire("Address, first line.", max_length=100)] = None
    latitude: Annotated[
        Decimal | None, wire("Degrees north of the equator.", minimum=-90, maximum=90, clearable=True)
    ] = None
    first_name: Annotated[str | None, wire("Given name.", max_length=40)] = None
    mobile_phone: Annotated[str | None, wire("Mobile phone number.", max_length=18)] = None
    phone: Annotated[str | None, wire("Phone number.", max_length=18)] = None
    middle_name: Annotated[str | None, wire("Middle name.", max_length=40)] = None
    state: Annotated[str | None, wire("State or province.", max_length=75)] = None
    postal: Annotated[str | None, wire("Postal code.", max_length=10)] = None
    anniversary: Annotated[str | None, wire("Anniversary.", format=DATE, clearable=True)] = None
    email: Annotated[str | None, wire("E-mail address.", max_length=320)] = None
    longitude: Annotated[
        Decimal | None, wire("Degrees east of Greenwich.", minimum=-180, maximum=180, clearable=True)
    ] = None


class ThirdPartyCategory(Shared, frozen=True, kw_only=True):
    """Opt-in of a card to one category of messages."""

    opt_in_confirmed: Annotated[bool | None, wire("Whether the customer has confirmed.")] = None
    opt_in_pending: Annotated[bool | None, wire("Whether a confirmation is awaited.")] = None
    name: Annotated[str | None, wire("Name of the category.", identifier=True)] = None
    opt_in: Annotated[bool, wire("In or out.", default=False)]
    uuid: Annotated[str | None, wire("Id of the category, where no name is given.", identifier=True)] = None
    opt_in_source_id: Annotated[str | None, wire("Where the opt-in comes from.", identifier=True)] = None


class ThirdPartyCardProperties(Shared, frozen=True, kw_only=True):
    """Link of a card to one channel or third party, and the opt-in to it."""

    third_party: Annotated[str, wire("The third party.", allowed=THIRD_PARTIES)]
    opt_in_confirmed: Annotated[bool | None, wire("Whether the customer has confirmed.")] = None
    payload: Annotated[str | None, wire("Data of your own.", max_length=MAX_PAYLOAD)] = None
    mobile_operator_id: Annotated[str | None, wire("Mobile operator.")] = None
    opt_in: Annotated[bool | None, wire("Whether messages may go out this way.")] = None
    cause: Annotated[str | None, wire("Why the opt-in changes; kept with the event.")] = None
    custom_data: Annotated[str | None, wire("Data of your own, for `custom`.", max_length=MAX_PAYLOAD)] = None
    categories: Annotated[tuple[ThirdPartyCategory, ...], wire("Opt-in by category.")] = ()
    opt_in_confirmation_required: Annotated[bool | None, wire("Whether the customer must confirm first.")] = None
    username: Annotated[str | None, wire("Name of the customer there.")] = None


class BrandDemographicsValue(Input, frozen=True, kw_only=True):
    """One value of a brand demographic, in the one field that fits its type."""

    date_value: Annotated[date | None, wire("A date.")] = None
    string_value: Annotated[str | None, wire("A text.")] = None
    decimal_value: Annotated[Decimal | None, wire("A number.")] = None
    integer_value: Annotated[int | None, wire("A whole number.")] = None


class BrandDemographicsProperties(Input, frozen=True, kw_only=True):
    """A change of one brand demographic. An explicit null (None) differs from a field left out (UNSET)."""

    mode: Annotated[
        str,
        wire("How to combine with what is there.", allowed=MODES, json_v2=True),
    ] = OVERWRITE
    field_name: Annotated[str, wire("Internal name of the demographic.")]
    values: Annotated[tuple[BrandDemographicsValue, ...] | UnsetType | None, wire("New values.", json_v2=True)] = UNSET
    value: Annotated[str | UnsetType | None, wire("New value; a date as yyyy-MM-dd.")] = UNSET


class EventRegistration(Input, frozen=True, kw_only=True):
    """An event to log on the card."""

    payload: Annotated[str | None, wire("Text to keep with the event.")] = None
    category_id: Annotated[str, wire("Category of the event type.")]
    event_date: Annotated[datetime | None, wire("When it happened (UTC); now if left out.")] = None
