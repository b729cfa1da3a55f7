"""Switch a subscription list off, or on again."""

from uuid import UUID

from apps.brands.models import Brand
from apps.customers.models import SubscriptionList
from apps.kernel.errors import InvalidInput


class NoSuchList(InvalidInput):
    """The brand has no subscription list with this uuid."""

    message = "There is no subscription list with this uuid."


def switch_subscription_list(*, brand: Brand, uuid: UUID, is_active: bool) -> None:
    """A list that is off is not shown and cannot be named any more; who subscribed to it stays known."""
    if not SubscriptionList.objects.filter(brand=brand, uuid=uuid).update(is_active=is_active):
        raise NoSuchList
