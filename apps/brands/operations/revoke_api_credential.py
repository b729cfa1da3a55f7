"""Revoke an API key."""

from datetime import datetime

from django.db import transaction

from apps.brands.models import ApiCredential, Brand
from apps.brands.operations.publish_config import publish_config
from apps.kernel.errors import InvalidInput


class CredentialNotFound(InvalidInput):
    """The brand has no such API key."""

    message = "There is no such API key."


def revoke_api_credential(*, brand: Brand, credential_id: int, now: datetime) -> ApiCredential:
    """Mark the key as revoked and publish it, so that its next call is refused. A second time changes nothing."""
    with transaction.atomic():
        credential = ApiCredential.objects.select_for_update().filter(brand=brand, pk=credential_id).first()
        if credential is None:
            raise CredentialNotFound
        if credential.revoked_at is None:
            credential.revoked_at = now
            credential.save(update_fields=["revoked_at"])
            publish_config(brand_id=brand.pk)
    return credential
