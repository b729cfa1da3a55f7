"""What a brand has that campaigns may name."""

from typing import Any

from django.db.models import QuerySet

from apps.brands.models import Brand, Location, LocationGroup, Terminal
from apps.campaigns.core.known import Known
from apps.catalog.models import Category
from apps.coupons.models import CouponSet
from apps.customers.core.third_parties import THIRD_PARTIES
from apps.customers.models import DemographicField, EventType, SubscriptionList
from apps.programs.models import CardSet, Program, ValueType
from apps.segments.models import Segment


def known_names(*, brand: Brand) -> Known:
    """The names in use, those of switched-off rows too: they may be switched on again."""
    lists = SubscriptionList.objects.filter(brand=brand).values_list("name", flat=True)
    value_types = ValueType.objects.filter(brand=brand).values_list("balance_type", "balance_code")
    events = EventType.objects.filter(brand=brand).values_list("category_id", flat=True)
    return Known(
        programs=_codes(Program.objects.filter(brand=brand)),
        card_sets=_codes(CardSet.objects.filter(brand=brand)),
        locations=_codes(Location.objects.filter(brand=brand)),
        groups=_codes(LocationGroup.objects.filter(brand=brand)),
        terminals=_codes(Terminal.objects.filter(brand=brand)),
        value_types=frozenset(":".join(filter(None, each)) for each in value_types),
        coupon_sets=_codes(CouponSet.objects.filter(brand=brand)),
        fields=_codes(DemographicField.objects.filter(brand=brand)),
        event_types=frozenset(events),
        segments=_codes(Segment.objects.filter(brand=brand)),
        opt_ins=frozenset(lists) | frozenset(THIRD_PARTIES),
        categories=_codes(Category.objects.filter(brand=brand)),
    )


def _codes(rows: "QuerySet[Any]") -> frozenset[str]:
    return frozenset(rows.values_list("code", flat=True))
