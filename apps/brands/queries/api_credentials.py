"""The API keys of a brand, without their digests."""

from django.db.models import F, QuerySet

from apps.brands.models import ApiCredential, Brand


def api_credentials(*, brand: Brand) -> "QuerySet[ApiCredential]":
    """Keys in use first, then revoked ones; the newest of each first."""
    found = ApiCredential.objects.filter(brand=brand).defer("secret_digest")
    return found.order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "-pk")
