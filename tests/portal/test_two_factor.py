"""Two-factor authentication that a user switches on under Security."""

import secrets
from base64 import b64encode

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.test import Client, override_settings

from apps.accounts.models import User
from apps.accounts.operations.reseal_authenticators import reseal_authenticators
from tests.portal.acme import PASSWORD, Acme


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def activate(client: Client, user: User) -> str:
    """Log in, switch the second factor on, and return its secret."""
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/security/totp/activate/")
    assert "no-store" in page["Cache-Control"]
    secret: str = page.context["form"].secret
    client.post("/accounts/security/totp/activate/", {"code": code_for(secret)})
    return secret


def new_key() -> str:
    return b64encode(secrets.token_bytes(32), b"-_").decode()


@override_settings(MFA_ADAPTER="apps.accounts.adapter.EncryptedSecrets")
def test_code_is_asked_for_after_the_password(acme: Acme, stranger: Client) -> None:
    user = acme.login("bob", "administrator")
    secret = activate(stranger, user)
    codes = stranger.get("/accounts/security/recovery-codes/")
    assert codes.status_code == 200
    assert codes["Cache-Control"] == "private, no-store"
    stranger.logout()
    answer = stranger.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/security/authenticate/")
    assert stranger.get("/").status_code == 302
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    stranger.post("/accounts/security/authenticate/", {"code": code_for(secret)})
    assert stranger.get("/").status_code == 200


def test_code_is_wrong_while_no_key_opens_its_secret(acme: Acme, stranger: Client) -> None:
    user = acme.login("bob", "administrator")
    secret = activate(stranger, user)
    stranger.logout()
    stranger.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    with override_settings(PIN_KEYS=[new_key()]):
        answer = stranger.post("/accounts/security/authenticate/", {"code": code_for(secret)})
    assert "Incorrect code" in answer.content.decode()
    assert stranger.get("/").status_code == 302


def test_second_factor_outlives_the_key_it_was_sealed_with(acme: Acme, stranger: Client) -> None:
    user = acme.login("bob", "administrator")
    secret = activate(stranger, user)
    new, old = new_key(), settings.PIN_KEYS
    with override_settings(PIN_KEYS=[new, *old]):
        done, _ = reseal_authenticators()
        assert done >= 2, "the secret, and the seed of the recovery codes"
        assert reseal_authenticators()[0] == 0
    with override_settings(PIN_KEYS=[new]):
        assert decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]) == secret
        assert Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    with override_settings(PIN_KEYS=[*old, new]):
        reseal_authenticators()
