"""Seal the secrets of second factors under the first of PIN_KEYS."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from apps.kernel.sealing import reseal


def reseal_authenticators() -> tuple[int, int]:
    """How many were sealed anew, and how many no key opens; those stay as they are. Harmless to repeat.

    Each is locked while it is changed: a login may use up a recovery code at the same moment.
    """
    done = unreadable = 0
    for id in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=id).first()
            try:
                changed = _resealed(row.data) if row else {}
            except InvalidToken:
                unreadable += 1
                continue
            if row and changed:
                row.data |= changed
                row.save(update_fields=["data"])
                done += 1
    return done, unreadable


def _resealed(data: dict[str, Any]) -> dict[str, Any]:
    """The fields that change. Security keys have nothing that is sealed."""
    changed: dict[str, Any] = {}
    for name in ("secret", "seed"):
        if name in data and (new := reseal(data[name].encode())):
            changed[name] = new.decode()
    if codes := data.get("migrated_codes"):
        new_codes = [(reseal(code.encode()) or code.encode()).decode() for code in codes]
        if new_codes != codes:
            changed["migrated_codes"] = new_codes
    return changed
