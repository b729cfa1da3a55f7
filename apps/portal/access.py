"""Who may open a page. Every page of the portal is wrapped by `page`; nothing else asks who is there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from apps.accounts.models import User
from apps.accounts.queries.visible_locations import visible_locations
from apps.brands.models import Brand


@dataclass(frozen=True, slots=True)
class Visitor:
    """A logged-in user and what the user may see. `locations` is None for the whole brand."""

    user: User
    brand: Brand
    locations: frozenset[int] | None

    def may(self, permission: str) -> bool:
        """Whether the user has a permission, `view_requests` for example."""
        return self.user.has_perm(f"portal.{permission}")


View = Callable[..., HttpResponseBase]


def page(*, permission: str = "", methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """A view for logged-in users of a brand that have `permission`; it gets a `Visitor` and shows the brand's time.

    Strangers are sent to the login, others get 403. Answers are never cached: they differ by user and by htmx.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _to_login(request)
            visitor = _visitor(request.user)
            if permission and not visitor.may(permission):
                raise PermissionDenied("Your roles do not include this page.")
            with timezone.override(ZoneInfo(visitor.brand.timezone)):
                return view(request, visitor, *args, **kwargs)

        guarded: View = cache_control(private=True, no_store=True)(require_http_methods(methods)(opened))
        return guarded

    return decorate


def _to_login(request: HttpRequest) -> HttpResponseBase:
    login = resolve_url(settings.LOGIN_URL)
    htmx = HtmxDetails(request)
    if not htmx:
        return redirect(f"{login}?next={quote(request.get_full_path())}")
    shown = htmx.current_url_abs_path
    return HttpResponseClientRedirect(f"{login}?next={quote(shown)}" if shown else login)


def _visitor(user: User) -> Visitor:
    if user.brand is None or not user.brand.is_active:
        raise PermissionDenied("This login belongs to no active brand.")
    return Visitor(user=user, brand=user.brand, locations=visible_locations(user=user))
