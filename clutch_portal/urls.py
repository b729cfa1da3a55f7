"""The table of contents of all pages and endpoints."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.portal.urls")),
]

handler403 = "apps.portal.pages.errors.forbidden"
handler404 = "apps.portal.pages.errors.not_found"
handler500 = "apps.portal.pages.errors.failed"
