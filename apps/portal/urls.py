"""The pages. No path may be one of the 26 method names, which the JSON API also answers at the root."""

from django.urls import path

from apps.portal.pages import (
    api_credentials,
    campaigns,
    card,
    find,
    messages,
    opt_in,
    products,
    request,
    request_export,
    requests,
    sandbox,
    simulate,
    start,
    unknown_skus,
)

app_name = "portal"
urlpatterns = [
    path("", start.start, name="start"),
    path("find/", find.find, name="find"),
    path("cards/", card.card, name="card"),
    path("cards/release-lock/", card.release_lock, name="card_release_lock"),
    path("requests/", requests.requests, name="requests"),
    path("requests/export.csv", request_export.request_export, name="request_export"),
    path("requests/<uuid:reference>/", request.request, name="request"),
    path("messages/", messages.messages, name="messages"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/<uuid:uuid>/", campaigns.campaign, name="campaign"),
    path("campaigns/<uuid:uuid>/<slug:name>/", campaigns.step, name="campaign_step"),
    path("try/", simulate.simulate, name="simulate"),
    path("catalog/products/", products.products, name="products"),
    path("catalog/products/export.csv", products.product_export, name="product_export"),
    path("catalog/products/unknown/", unknown_skus.unknown_skus, name="unknown_skus"),
    path("catalog/products/unknown/export.csv", unknown_skus.unknown_sku_export, name="unknown_sku_export"),
    path("admin/api-credentials/", api_credentials.listing, name="api_credentials"),
    path("admin/api-credentials/new/", api_credentials.new, name="api_credential_new"),
    path("admin/api-credentials/<int:credential_id>/revoke/", api_credentials.revoke, name="api_credential_revoke"),
    path("opt-in/<str:token>", opt_in.opt_in, name="opt_in"),
    path("documentation/sandbox/", sandbox.sandbox, name="sandbox"),
]
