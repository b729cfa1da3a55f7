"""Which locations a login may see."""

from apps.accounts.models import User
from apps.brands.models import Location


def visible_locations(*, user: User) -> frozenset[int] | None:
    """None for a login that sees the whole brand, else the ids of its own location or of its group's locations."""
    if user.location_id is not None:
        return frozenset({user.location_id})
    if user.group_id is None or user.brand_id is None:
        return None
    inside = Location.objects.filter(brand_id=user.brand_id, group_id=user.group_id)
    return frozenset(inside.values_list("pk", flat=True))
