"""How people and scripts get into the demo brand: three logins and an API key, told in one file of mode 0600."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from apps.accounts.models import Role, User
from apps.accounts.operations.create_user import create_user
from apps.accounts.operations.set_password import set_password
from apps.brands.models import ApiCredential, Brand, LocationGroup
from apps.brands.operations.create_api_credential import create_api_credential
from apps.brands.operations.revoke_api_credential import revoke_api_credential
from apps.transactions.demo.places import CARD_SETS, PLACES
from apps.transactions.demo.till import Caller

CREATED_BY = "seed_demo"
"""Whose API keys mark a brand as made here."""
ROLES: Mapping[str, Role] = {
    "admin": Role.ADMINISTRATOR,
    "support": Role.SUPPORT,
    "restricted": Role.LOCATION_MANAGER,
}
RESTRICTED_TO = "waterfront"
"""Code of the location group that the restricted login sees."""


def is_begun(brand: Brand | None = None) -> bool:
    """Whether the brand, or any brand at all, was made by the command; revoked keys count too."""
    marks = ApiCredential.objects.filter(created_by=CREATED_BY)
    return (marks.filter(brand=brand) if brand else marks).exists()


def is_known(*, brand: Brand, file: Path) -> bool:
    """Whether the file is there and tells a key of this brand that still works."""
    try:
        key = json.loads(file.read_text())["apiKey"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return ApiCredential.objects.filter(brand=brand, key=key, revoked_at__isnull=True).exists()


def new_caller(*, brand: Brand, now: datetime) -> Caller:
    """A new API key; those of earlier seeds are revoked, since nobody can know their secrets any more."""
    for old in ApiCredential.objects.filter(brand=brand, created_by=CREATED_BY, revoked_at__isnull=True):
        revoke_api_credential(brand=brand, credential_id=old.pk, now=now)
    credential, secret = create_api_credential(
        brand=brand, name="Demo till", methods=[], location_codes=[], created_by=CREATED_BY, now=now
    )
    return Caller(brand.code, credential.key, secret)


def new_logins(*, brand: Brand, now: datetime) -> dict[str, dict[str, str]]:
    """The three logins with new passwords, by their part."""
    logins = {}
    for part, role in ROLES.items():
        login = {"username": f"{brand.code}-{part}", "password": secrets.token_urlsafe(12)}
        _admit(brand, part, role, login, now)
        logins[part] = login
    return logins


def _admit(brand: Brand, part: str, role: Role, login: Mapping[str, str], now: datetime) -> None:
    known = User.objects.filter(brand=brand, username=login["username"]).first()
    if known is not None:
        set_password(user=known, password=login["password"])
        return
    group = LocationGroup.objects.get(brand=brand, code=RESTRICTED_TO) if part == "restricted" else None
    email = f"{part}@{brand.code}.example"
    create_user(
        brand=brand,
        username=login["username"],
        password=login["password"],
        email=email,
        roles=[role.value],
        group=group,
        now=now,
    )


def tell(*, file: Path, base_url: str, caller: Caller, logins: Mapping[str, Mapping[str, str]]) -> None:
    """Write the file: all of it or nothing, and never readable by others."""
    first = PLACES[0]
    facts: dict[str, Any] = {
        "baseUrl": base_url,
        "brand": caller.brand,
        "location": first.code,
        "terminal": first.terminals[0],
        "apiKey": caller.key,
        "apiSecret": caller.secret,
        "cardSets": dict(CARD_SETS),
        "couponSets": {},
        "users": logins,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(json.dumps(facts, indent=2) + "\n")
    draft.replace(file)
