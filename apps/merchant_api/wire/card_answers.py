"""From what a search finds to the wire: a card with all that hangs on it. What there is none of is left out."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from msgspec import UNSET, UnsetType

from apps.cards.queries.events_of import EventSeen
from apps.coupons.queries.coupons_of import CouponSeen
from apps.customers.queries.customers_of import FieldSeen, LinkSeen, ListOptInSeen
from apps.facts.queries.recommended import Recommended
from apps.facts.queries.scores_of import ScoreSeen
from apps.kernel.moments import epoch_milliseconds
from apps.lookups.queries.card_parts import HolderSeen, PersonSeen
from apps.lookups.queries.checkouts_of import PastCheckout
from apps.lookups.queries.search import CardSeen
from apps.merchant_api.wire.answers import balance_part, customer, day, midnight, moment, mutations, text
from apps.merchant_api.wire.cards import (
    Card,
    CardCoupon,
    CardScore,
    CardSegment,
    CustomEventProperty,
    HistoricCheckout,
    Mailing,
    RecommendedProduct,
    SearchResultEvent,
)
from apps.merchant_api.wire.customers import Customer, ThirdPartyCardProperties, ThirdPartyCategory
from apps.merchant_api.wire.search import SearchReturnFields
from apps.messaging.queries.mailings_of import MailingSeen
from apps.segments.queries.segments_of import SegmentSeen

_NUMBERS = ("integer", "decimal")


def card(seen: CardSeen, shows: SearchReturnFields, *, with_status: bool) -> Card:
    """A card as a search shows it."""
    return Card(
        card_number=seen.number,
        card_set_id=seen.card_set_code,
        card_status=seen.status.wire_name if with_status else UNSET,
        is_enrolled=seen.enrolled_at is not None if shows.is_enrolled else UNSET,
        enrollment_date=day(seen.enrolled_at) if shows.is_enrolled else UNSET,
        custom_card_number=text(seen.custom_number) if shows.custom_card_number else UNSET,
        activation_date=midnight(seen.activated_at) if shows.activation_date else UNSET,
        pin=text(seen.pin),
        giver_customer=_person(seen.giver_customer),
        coupons=[_coupon(coupon) for coupon in seen.coupons] or UNSET,
        segments=[_segment(segment) for segment in seen.segments] or UNSET,
        child_cards=[Card(card_number=child.number, **_holder(child.holder)) for child in seen.children] or UNSET,
        **_holder(seen.holder),
    )


def _holder(seen: HolderSeen) -> dict[str, Any]:
    """The fields that cards and child cards share."""
    return {
        "balances": UNSET if seen.balances is None else [balance_part(part) for part in seen.balances],
        "customer": _person(seen.customer),
        "alternate_customer": _person(seen.alternate_customer),
        "brand_demographics": brand_demographics(seen.fields) if seen.fields else UNSET,
        "custom_data": text(seen.custom_data),
        "third_party_links": [_link(each) for each in seen.links] or UNSET,
        "email_bounced": UNSET if seen.has_bounced is None else seen.has_bounced,
        "events": [_event(event) for event in seen.events] or UNSET,
        "checkouts": [_checkout(each) for each in seen.checkouts] or UNSET,
        "recommended_products": recommended_products(seen.recommended) or UNSET,
        "mailings": [_mailing(each) for each in seen.mailings] or UNSET,
        "score": UNSET if seen.score is None else _score(seen.score),
    }


def brand_demographics(fields: Iterable[FieldSeen]) -> str:
    """A JSON object as text: numbers as numbers with all their digits, everything else as text."""
    members = [f"{_quoted(field.code)}:{_value(field)}" for field in fields]
    return "{" + ",".join(members) + "}"


def _value(field: FieldSeen) -> str:
    values = [value if field.data_type in _NUMBERS else _quoted(value) for value in field.values]
    return "[" + ",".join(values) + "]" if field.is_multiple else values[0]


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _person(seen: PersonSeen | None) -> Customer | UnsetType:
    if seen is None:
        return UNSET
    shown = customer(seen.demographics)
    shown.email_pref, shown.phone_pref = _preference(seen.wants_email), _preference(seen.wants_texts)
    return shown


def _preference(opt_in: bool | None) -> str | UnsetType:
    if opt_in is None:
        return UNSET
    return "I" if opt_in else "O"


def _link(seen: LinkSeen) -> ThirdPartyCardProperties:
    """Without the custom data, which is a field of the card."""
    return ThirdPartyCardProperties(
        third_party=seen.third_party,
        opt_in=seen.link.opt_in,
        opt_in_confirmed=seen.link.opt_in_confirmed,
        opt_in_confirmation_required=seen.link.opt_in_confirmation_required,
        username=seen.link.username,
        payload=seen.link.payload,
        mobile_operator_id=seen.link.mobile_operator_id,
        categories=tuple(_category(each) for each in seen.lists),
    )


def _category(seen: ListOptInSeen) -> ThirdPartyCategory:
    return ThirdPartyCategory(
        uuid=str(seen.uuid),
        name=seen.name,
        opt_in=seen.state.opt_in,
        opt_in_pending=seen.state.is_pending,
        opt_in_confirmed=seen.state.is_confirmed,
        opt_in_source_id=seen.source_id,
    )


def _event(seen: EventSeen) -> SearchResultEvent:
    return SearchResultEvent(
        event_type=seen.root_type,
        category_id=seen.category_id,
        specific_id=text(seen.specific_id),
        payload=text(seen.payload),
        event_date=epoch_milliseconds(seen.happened_at),
        custom_properties=[CustomEventProperty(key=key, value=value) for key, value in seen.properties] or UNSET,
    )


def _coupon(seen: CouponSeen) -> CardCoupon:
    return CardCoupon(coupon_id=seen.code, issued_date=moment(seen.issued_at), expiration_date=moment(seen.expires_at))


def recommended_products(seen: Iterable[Recommended]) -> list[RecommendedProduct]:
    """Products that may please, the best first."""
    return [RecommendedProduct(sku=each.sku, name=text(each.name)) for each in seen]


def _mailing(seen: MailingSeen) -> Mailing:
    return Mailing(
        mailing_list_id=str(seen.list_id), mailing_run_id=str(seen.run_id), sent_at=epoch_milliseconds(seen.sent_at)
    )


def _score(seen: ScoreSeen) -> CardScore:
    return CardScore(
        recency_score=seen.recency,
        frequency_score=seen.frequency,
        monetary_score=seen.monetary,
        total_score=Decimal(seen.total),
        score_label=text(seen.label),
    )


def _segment(seen: SegmentSeen) -> CardSegment:
    return CardSegment(id=seen.code, name=seen.name, description=text(seen.description))


def _checkout(seen: PastCheckout) -> HistoricCheckout:
    return HistoricCheckout(
        transaction_reference=str(seen.operation_id),
        checkout_date=moment(seen.at),
        checkout_total=seen.total,
        location_id=text(seen.location_code),
        external_reference=text(seen.external_id),
        is_return=seen.is_return,
        mutations=UNSET if seen.movements is None else mutations(seen.movements),
    )
