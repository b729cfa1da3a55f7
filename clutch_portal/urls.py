"""The table of contents of all pages and endpoints."""

from django.urls import include, path, re_path

from apps.merchant_api import documents
from apps.merchant_api.guide import pages as guide

# `/merchant/<method>` and `/<method>` never come this far: see `apps.merchant_api.gateway`. Nor do `/healthz` and
# `/readyz`: see `clutch_portal.health`.
urlpatterns = [
    path("api/openapi.json", documents.openapi, name="openapi"),
    re_path("^api-docs/?$", documents.swagger_listing, name="swagger_listing"),
    re_path("^api-docs/merchant/?$", documents.swagger_declaration, name="swagger_declaration"),
    path("api/guide/", guide.start, name="guide"),
    path("api/guide/methods/", guide.methods, name="guide_methods"),
    path("api/guide/methods/<str:name>/", guide.method, name="guide_method"),
    path("api/guide/<slug:name>/", guide.chapter, name="guide_chapter"),
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.portal.urls")),
]

handler403 = "apps.portal.pages.errors.forbidden"
handler404 = "apps.portal.pages.errors.not_found"
handler500 = "apps.portal.pages.errors.failed"
