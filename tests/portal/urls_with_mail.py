"""The table of contents of an installation with a mail server."""

from django.urls import include, path

from apps.accounts.urls import password_reset
from clutch_portal import urls

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [path("accounts/", include(password_reset)), *urls.urlpatterns]
