"""A card as a search shows it, with all that can hang on it."""

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, UnsetType

from apps.merchant_api.wire.balances import CampaignBalanceMutation, CardBalance
from apps.merchant_api.wire.common import Output
from apps.merchant_api.wire.customers import Customer, ThirdPartyCardProperties
from apps.merchant_api.wire.fields import DATE, EPOCH, MOMENT, wire

CARD_STATUSES = (
    "Activated",
    "Closed",
    "Demo",
    "Distributed",
    "Expired",
    "Inventory",
    "Lost",
    "Stolen",
    "Suspended",
    "Transfer",
)


class HistoricCheckout(Output, kw_only=True):
    """An earlier checkout or return in short."""

    external_reference: Annotated[str | UnsetType, wire("External transaction id of the call.")] = UNSET
    is_return: Annotated[bool, wire("Whether it was a return.")] = False
    checkout_date: Annotated[str | UnsetType, wire("When it happened (UTC).", format=MOMENT)] = UNSET
    mutations: Annotated[
        list[CampaignBalanceMutation] | UnsetType, wire("Movements of value, no discounts.", json_v2=True)
    ] = UNSET
    transaction_reference: Annotated[str | UnsetType, wire("Reference of the call.")] = UNSET
    location_id: Annotated[str | UnsetType, wire("Where it happened.")] = UNSET
    checkout_total: Annotated[Decimal | UnsetType, wire("Its total; below zero for returns.")] = UNSET


class Mailing(Output, kw_only=True):
    """A mailing that the customer got."""

    mailing_list_id: Annotated[str, wire("The mailing list.")]
    mailing_run_id: Annotated[str, wire("The run of that list.")]
    sent_at: Annotated[int, wire("When it was sent.", format=EPOCH)]


class RecommendedProduct(Output, kw_only=True):
    """A product that may please the customer."""

    name: Annotated[str | UnsetType, wire("Name of the product.")] = UNSET
    sku: Annotated[str, wire("The product.")]


class CardSegment(Output, kw_only=True):
    """A segment that the card is in."""

    name: Annotated[str, wire("Name of the segment.")]
    description: Annotated[str | UnsetType, wire("What the segment is.")] = UNSET
    id: Annotated[str, wire("Id of the segment.")]


class CardScore(Output, kw_only=True):
    """How recently, how often and for how much the customer buys, compared with the others."""

    score_label: Annotated[str | UnsetType, wire("Name of the range of totalScore.", json_v2=True)] = UNSET
    monetary_score: Annotated[Decimal, wire("1 to 5, three decimals.", json_v2=True)]
    recency_score: Annotated[Decimal, wire("1 to 5, three decimals.", json_v2=True)]
    frequency_score: Annotated[Decimal, wire("1 to 5, three decimals.", json_v2=True)]
    total_score: Annotated[Decimal, wire("0 to 100, no decimals.", json_v2=True)]


class CardCoupon(Output, kw_only=True):
    """A coupon of the card in short."""

    redemption_date: Annotated[str | UnsetType, wire("When it was used (UTC).", format=MOMENT)] = UNSET
    issued_date: Annotated[str | UnsetType, wire("When it was issued (UTC).", format=MOMENT)] = UNSET
    coupon_id: Annotated[str | UnsetType, wire("The coupon.")] = UNSET
    expiration_date: Annotated[str | UnsetType, wire("When it expires (UTC).", format=MOMENT)] = UNSET


class CustomEventProperty(Output, kw_only=True):
    """A property of an event."""

    value: Annotated[str, wire("The value.")]
    key: Annotated[str, wire("The key, unique in its event.")]


class SearchResultEvent(Output, kw_only=True):
    """An event of the card."""

    mailing_specific_id: Annotated[str | UnsetType, wire("For bounces: specificId of the mailing.")] = UNSET
    custom_properties: Annotated[list[CustomEventProperty] | UnsetType, wire("Its properties.")] = UNSET
    specific_id: Annotated[str | UnsetType, wire("Second part of the event type.")] = UNSET
    payload: Annotated[str | UnsetType, wire("Text kept with the event.")] = UNSET
    event_type: Annotated[str, wire("Root of the event type.")]
    mailing_category_id: Annotated[str | UnsetType, wire("For bounces: categoryId of the mailing.")] = UNSET
    category_id: Annotated[str, wire("Category of the event type.")]
    event_date: Annotated[int, wire("When it happened.", format=EPOCH)]


class Card(Output, kw_only=True):
    """A card; which fields it has depends on the returnFields of the search."""

    brand_demographics: Annotated[str | UnsetType, wire("Brand demographics, a JSON object as text.")] = UNSET
    checkouts: Annotated[list[HistoricCheckout] | UnsetType, wire("Earlier checkouts.", json_v2=True)] = UNSET
    mailings: Annotated[list[Mailing] | UnsetType, wire("Mailings sent.")] = UNSET
    email_bounced: Annotated[bool | UnsetType, wire("Whether e-mails bounce.")] = UNSET
    enrollment_date: Annotated[str | UnsetType, wire("Day of the enrolment.", format=DATE, json_v2=True)] = UNSET
    custom_data: Annotated[str | UnsetType, wire("Data of the custom third party.")] = UNSET
    recommended_products: Annotated[
        list[RecommendedProduct] | UnsetType, wire("Recommended products.", json_v2=True)
    ] = UNSET
    segments: Annotated[list[CardSegment] | UnsetType, wire("Segments of the card.", json_v2=True)] = UNSET
    third_party_links: Annotated[list[ThirdPartyCardProperties] | UnsetType, wire("Links to third parties.")] = UNSET
    score: Annotated[CardScore | UnsetType, wire("Score of the customer.", json_v2=True)] = UNSET
    balances: Annotated[list[CardBalance] | UnsetType, wire("Balances.")] = UNSET
    giver_customer: Annotated[Customer | UnsetType, wire("The customer who gave the card away.")] = UNSET
    alternate_customer: Annotated[Customer | UnsetType, wire("The second customer of the card.")] = UNSET
    pin: Annotated[str | UnsetType, wire("PIN of the card.", secret=True, json_v2=True)] = UNSET
    child_cards: Annotated[list["Card"] | UnsetType, wire("Child cards.", json_v2=True)] = UNSET
    coupons: Annotated[list[CardCoupon] | UnsetType, wire("Up to 20 active coupons.", json_v2=True)] = UNSET
    card_set_id: Annotated[str | UnsetType, wire("Set of the card; child cards have none.")] = UNSET
    custom_card_number: Annotated[str | UnsetType, wire("Your own number of the card.")] = UNSET
    is_enrolled: Annotated[bool | UnsetType, wire("Whether the customer is enrolled.")] = UNSET
    activation_date: Annotated[
        str | UnsetType, wire("When the card was activated (UTC).", format=MOMENT, json_v2=True)
    ] = UNSET
    card_number: Annotated[str, wire("Number of the card.")]
    card_status: Annotated[
        str | UnsetType, wire("Status of the card; shown with includeInactive.", allowed=CARD_STATUSES)
    ] = UNSET
    events: Annotated[list[SearchResultEvent] | UnsetType, wire("Events of the card.")] = UNSET
    customer: Annotated[Customer | UnsetType, wire("The customer.")] = UNSET
