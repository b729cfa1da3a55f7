"""What a search looks for and what it answers with."""

from typing import Annotated

from apps.merchant_api.wire.common import Input
from apps.merchant_api.wire.fields import wire


class CustomDemographicFilter(Input, frozen=True, kw_only=True):
    """A brand demographic and the text it must have."""

    field_name: Annotated[str, wire("Internal name of the demographic.")]
    text_value: Annotated[str, wire("The text to look for.")]


class SearchFilters(Input, frozen=True, kw_only=True):
    """What cards must match. Empty texts are kept: they match nothing, while None is no filter at all."""

    last_name: Annotated[str | None, wire("Family name of the customer.")] = None
    first_name_prefix: Annotated[
        str | None, wire("Beginning of the given name.", json_v2=True, brand_feature="prefixes")
    ] = None
    custom_demographics: Annotated[tuple[CustomDemographicFilter, ...], wire("Brand demographics.", json_v2=True)] = ()
    first_name: Annotated[str | None, wire("Given name of the customer.")] = None
    last_name_prefix: Annotated[
        str | None, wire("Beginning of the family name.", json_v2=True, brand_feature="prefixes")
    ] = None
    exclude_card_set_ids: Annotated[tuple[str, ...], wire("Leave out cards of these sets.")] = ()
    mobile_phone: Annotated[str | None, wire("Mobile phone of the customer, best as E.164.", json_v2=True)] = None
    phone: Annotated[str | None, wire("Phone of the customer, best as E.164.")] = None
    card_set_id: Annotated[str | None, wire("Only cards of this set; never the only filter.")] = None
    custom_card_number: Annotated[str | None, wire("Your own number of the card.")] = None
    card_number: Annotated[str | None, wire("Number of the card.")] = None
    email: Annotated[str | None, wire("E-mail address of the customer.")] = None
    program_types: Annotated[tuple[str, ...], wire("Only cards of programs of these types.")] = ()
    sent_keys: Annotated[tuple[str, ...], wire("Names in the JSON object.", sent_keys=True)] = ()

    @property
    def is_literally_empty(self) -> bool:
        """Whether the client sent `{}`, which matches every card (an object of nulls matches none)."""
        return not self.sent_keys


class SearchReturnFields(Input, frozen=True, kw_only=True):
    """What to show of each card beyond its number and its set."""

    delayed_balances: Annotated[bool, wire("With balances: also what is not usable yet.", json_v2=True)] = False
    brand_demographics: Annotated[bool, wire("Brand demographics.")] = False
    checkouts: Annotated[bool, wire("Earlier checkouts.", json_v2=True)] = False
    mailings: Annotated[bool, wire("Mailings sent.", json_v2=True, brand_feature="mailings", left_out=True)] = False
    email_bounced: Annotated[bool, wire("Whether e-mails bounce.")] = False
    balance_expirations: Annotated[bool, wire("With balances: one entry per expiry.")] = False
    checkout_mutations: Annotated[bool, wire("With checkouts: their movements.", json_v2=True)] = False
    custom_data: Annotated[bool, wire("Data of the custom third party.")] = False
    segments: Annotated[
        bool, wire("Segments of the first card.", json_v2=True, brand_feature="segments", left_out=True)
    ] = False
    third_party_links: Annotated[bool, wire("Links to third parties.")] = False
    score: Annotated[bool, wire("Score of the customer.", json_v2=True)] = False
    balances: Annotated[bool, wire("Balances.")] = False
    giver_customer: Annotated[bool, wire("The customer who gave the card away.")] = False
    alternate_customer: Annotated[bool, wire("The second customer of the card.")] = False
    pin: Annotated[bool, wire("PIN of the card.", json_v2=True, brand_feature="pin", left_out=True)] = False
    recommendation_amount: Annotated[
        int,
        wire(
            "How many recommended products.",
            minimum=0,
            maximum=20,
            json_v2=True,
            brand_feature="recommendations",
            left_out=True,
        ),
    ] = 0
    child_cards: Annotated[bool, wire("Child cards.", json_v2=True)] = False
    coupons: Annotated[bool, wire("Up to 20 active coupons.", json_v2=True)] = False
    custom_card_number: Annotated[bool, wire("Your own number of the card.")] = False
    is_enrolled: Annotated[bool, wire("Whether and since when the customer is enrolled.")] = False
    activation_date: Annotated[
        bool, wire("When the card was activated.", json_v2=True, brand_feature="activationDate", left_out=True)
    ] = False
    events: Annotated[bool, wire("Events of the card.")] = False
    customer: Annotated[bool, wire("The customer.")] = False
