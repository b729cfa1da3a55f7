"""Seal the secrets of senders under the first of PIN_KEYS."""

from cryptography.fernet import InvalidToken
from django.db import transaction

from apps.brands.models import Brand
from apps.kernel.sealing import reseal
from apps.messaging.models import Sender


def reseal_senders(*, brand: Brand) -> tuple[int, int]:
    """How many were sealed anew, and how many no key opens; those stay as they are. Harmless to repeat."""
    done = unreadable = 0
    with transaction.atomic():
        for row in Sender.objects.select_for_update().filter(brand=brand, secrets__isnull=False):
            try:
                new = reseal(bytes(row.secrets or b""))
            except InvalidToken:
                unreadable += 1
                continue
            if new is not None:
                row.secrets = new
                row.save(update_fields=["secrets"])
                done += 1
    return done, unreadable
