"""What every page shows: environment, brand, restriction and time zone, and the navigation the user may see."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.models import User
from apps.portal.navigation import Section, sections_for

BADGES = {"trial": "bg-purple", "stage": "bg-orange", "production": "bg-green"}


def portal(request: HttpRequest) -> dict[str, Any]:
    """Template variables of the base layout."""
    user = getattr(request, "user", None)
    brand = user.brand if isinstance(user, User) else None
    return {
        "environment": settings.ENVIRONMENT,
        "environment_badge": BADGES.get(settings.ENVIRONMENT, "bg-blue"),
        "brand": brand,
        "restriction": (user.location or user.group) if isinstance(user, User) else None,
        "navigation": SimpleLazyObject(lambda: _sections(user, request.path)),
    }


def _sections(user: object, path: str) -> list[Section]:
    return sections_for(user=user, path=path) if isinstance(user, User) else []
