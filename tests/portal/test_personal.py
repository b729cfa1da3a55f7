"""Which fields of the JSON API are personal."""

from collections.abc import Iterator

import msgspec
import pytest

from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.cards import CustomEventProperty
from apps.merchant_api.wire.channels import ChannelKeyValuesType
from apps.merchant_api.wire.checkouts import CheckoutKeyValue
from apps.merchant_api.wire.customers import (
    BrandDemographicsProperties,
    Customer,
    CustomerUpdates,
    ThirdPartyCardProperties,
)
from apps.merchant_api.wire.search import CustomDemographicFilter
from apps.merchant_api.wire.spec import fields_of, models_below
from apps.portal.core.personal import is_personal

ABOUT_PEOPLE: tuple[type[msgspec.Struct], ...] = (
    BrandDemographicsProperties,
    ChannelKeyValuesType,
    CheckoutKeyValue,
    CustomDemographicFilter,
    CustomEventProperty,
    Customer,
    CustomerUpdates,
    ThirdPartyCardProperties,
)


def names_of(wanted: type[msgspec.Struct]) -> Iterator[str]:
    """The names under which some body of the API holds this type."""
    for method in METHODS.values():
        for body in (method.request, method.response):
            for model in models_below(body):
                yield from (field.name for field in fields_of(model) if field.model is wanted)


@pytest.mark.parametrize("model", ABOUT_PEOPLE)
def test_types_about_people_stand_under_personal_names_only(model: type[msgspec.Struct]) -> None:
    names = set(names_of(model))
    assert names
    assert [name for name in sorted(names) if not is_personal(name)] == []
