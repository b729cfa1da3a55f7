"""From the parts of an updateAccount to what the verb wants. What only the wire can say wrongly is refused here (9)."""

from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict

from apps.customers.core.fields import FieldChange, SentValue
from apps.customers.core.lists import ListUpdate
from apps.customers.core.third_parties import LINK_COLUMNS, Link, LinkUpdate
from apps.kernel.errors import InvalidInput
from apps.merchant_api.wire.customers import (
    BrandDemographicsProperties,
    BrandDemographicsValue,
    CustomerUpdates,
    EventRegistration,
    ThirdPartyCardProperties,
    ThirdPartyCategory,
)
from apps.transactions.account_after import EventWanted


def customer_changes(customer: CustomerUpdates | None) -> dict[str, Any]:
    """What was sent of a customer; None leaves a field as it is."""
    if customer is None:
        return {}
    return {name: value for name, value in asdict(customer).items() if value is not None}


def field_change(sent: BrandDemographicsProperties) -> FieldChange:
    """A change of one of the brand's fields. An explicit null or an empty `value` unsets it, but a null beside a real
    value says nothing."""
    has_value, has_values = sent.value not in (UNSET, None), sent.values not in (UNSET, None)
    if has_value and has_values:
        raise InvalidInput(f"brandDemographics: {sent.field_name} has both value and values.")
    if sent.value is UNSET and sent.values is UNSET:
        raise InvalidInput(f"brandDemographics: {sent.field_name} has neither value nor values.")
    if isinstance(sent.values, tuple):
        values = tuple(_typed(each, sent.field_name) for each in sent.values)
        return FieldChange(sent.field_name, values, sent.mode)
    value = SentValue(sent.value) if isinstance(sent.value, str) and sent.value else None
    return FieldChange(sent.field_name, (value,) if value else None, sent.mode)


def _typed(sent: BrandDemographicsValue, field_name: str) -> SentValue:
    found = {name.removesuffix("_value"): value for name, value in asdict(sent).items() if value is not None}
    if len(found) != 1:
        raise InvalidInput(f"brandDemographics: {field_name} takes values with one of the four fields each.")
    ((data_type, value),) = found.items()
    return SentValue(f"{value:f}" if data_type == "decimal" else str(value), data_type)


def link_update(sent: ThirdPartyCardProperties) -> LinkUpdate:
    """A change of the link to one third party."""
    return LinkUpdate(
        third_party=sent.third_party,
        sent=Link(**{name: getattr(sent, name) for name in LINK_COLUMNS}),
        cause=sent.cause,
        lists=tuple(_list_update(each) for each in sent.categories),
    )


def _list_update(sent: ThirdPartyCategory) -> ListUpdate:
    return ListUpdate(
        opt_in=sent.opt_in,
        uuid=sent.uuid,
        name=sent.name,
        is_pending=sent.opt_in_pending,
        is_confirmed=sent.opt_in_confirmed,
        source_id=sent.opt_in_source_id,
    )


def event_wanted(sent: EventRegistration) -> EventWanted:
    """An event to log."""
    return EventWanted(category_id=sent.category_id, payload=sent.payload, happened_at=sent.event_date)
