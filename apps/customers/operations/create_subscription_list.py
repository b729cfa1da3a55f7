"""Create a subscription list."""

from uuid import UUID

from apps.brands.core.codes import check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.customers.core.addresses import CHANNELS
from apps.customers.models import SubscriptionList
from apps.kernel.errors import InvalidInput


def create_subscription_list(
    *, brand: Brand, uuid: UUID, channel: str, name: str, is_public: bool = True
) -> SubscriptionList:
    """Insert the list. Clients name it by `uuid`, which never changes, or by its name, which is unique in the channel,
    case aside. Not public: for the brand's own use, not for people to choose."""
    check_name(name)
    if channel not in CHANNELS:
        raise InvalidInput(f"A channel is one of {', '.join(CHANNELS)}.")
    row = SubscriptionList(brand=brand, uuid=uuid, channel=channel, name=name.strip(), is_public=is_public)
    return insert_row(row=row, duplicate=f"The channel {channel} has a list {name!r} already, or the uuid is taken.")
