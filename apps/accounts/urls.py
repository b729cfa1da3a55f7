"""Login pages. Only those of allauth's that a closed portal needs; their names are the ones allauth itself looks up."""

from collections.abc import Iterable

from allauth.account import views
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import cache_control

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("security/", include("allauth.mfa.urls")),
]

password_reset: list[URLPattern | URLResolver] = [
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]


def keep_out_of_caches(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Neither browsers nor proxies keep answers of these pages: some show secrets."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            keep_out_of_caches(pattern.url_patterns)
        else:
            pattern.callback = cache_control(private=True, no_store=True)(pattern.callback)


keep_out_of_caches([*urlpatterns, *password_reset])
if settings.SENDS_EMAIL:
    urlpatterns += password_reset
