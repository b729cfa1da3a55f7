"""API keys: made, and revoked for ever."""

import pytest
from django.conf import settings
from django.db import DatabaseError

from apps.brands.core.secrets import matches
from apps.brands.models import ApiCredential, Clock
from apps.brands.operations.create_api_credential import create_api_credential
from apps.brands.operations.revoke_api_credential import revoke_api_credential
from apps.kernel.errors import InvalidInput
from tests.portal.acme import NOON, Acme, make_acme


@pytest.fixture
def acme() -> Acme:
    return make_acme()


def create(acme: Acme, **facts: object) -> tuple[ApiCredential, str]:
    usual = {"name": "Shop", "methods": [], "location_codes": [], "created_by": "bob", "now": NOON}
    return create_api_credential(brand=acme.brand, **(usual | facts))


def config(acme: Acme) -> int:
    return Clock.objects.get(brand=acme.brand).config


def test_secret_has_256_bits_and_only_its_digest_is_kept(acme: Acme) -> None:
    credential, secret = create(acme)
    credential.refresh_from_db()
    assert len(secret) >= 43
    assert matches(secret, credential.secret_digest, pepper=settings.API_PEPPER)
    assert secret not in str(vars(credential))


def test_keys_and_secrets_never_repeat_and_fit_basic_authentication(acme: Acme) -> None:
    made = [create(acme) for _ in range(20)]
    assert len({credential.key for credential, _ in made} | {secret for _, secret in made}) == 40
    assert all(credential.key.startswith("ck_") and ":" not in credential.key + secret for credential, secret in made)


def test_creating_and_revoking_are_published(acme: Acme) -> None:
    before = config(acme)
    credential, _ = create(acme)
    assert config(acme) == before + 1
    revoke_api_credential(brand=acme.brand, credential_id=credential.pk, now=NOON)
    assert config(acme) == before + 2


def test_second_revocation_changes_nothing(acme: Acme) -> None:
    credential, _ = create(acme)
    first = revoke_api_credential(brand=acme.brand, credential_id=credential.pk, now=NOON)
    before = config(acme)
    again = revoke_api_credential(brand=acme.brand, credential_id=credential.pk, now=NOON.replace(year=2027))
    assert again.revoked_at == first.revoked_at == NOON
    assert config(acme) == before


def test_unknown_location_is_refused(acme: Acme) -> None:
    before = config(acme)
    with pytest.raises(InvalidInput, match="elsewhere"):
        create(acme, location_codes=["downtown", "elsewhere"])
    assert config(acme) == before


def test_other_brands_key_is_not_found(acme: Acme) -> None:
    theirs, _ = create(make_acme())
    with pytest.raises(InvalidInput):
        revoke_api_credential(brand=acme.brand, credential_id=theirs.pk, now=NOON)
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


@pytest.mark.parametrize("column", ["key", "secret_digest"])
def test_key_and_digest_never_change(acme: Acme, column: str) -> None:
    credential, _ = create(acme)
    with pytest.raises(DatabaseError):
        ApiCredential.objects.filter(pk=credential.pk).update(**{column: b"x" if column != "key" else "x"})


def test_unknown_method_is_refused(acme: Acme) -> None:
    with pytest.raises(InvalidInput, match="Search") as refused:
        create(acme, methods=["search", "Search"])
    assert refused.value.code == 9
    assert not ApiCredential.objects.filter(brand=acme.brand).exists()
