"""Two-factor authentication that a user switches on under Security."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client, override_settings

from tests.portal.acme import PASSWORD, Acme


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@override_settings(MFA_ADAPTER="apps.accounts.adapter.EncryptedSecrets")
def test_code_is_asked_for_after_the_password(acme: Acme, stranger: Client) -> None:
    user = acme.login("bob", "administrator")
    stranger.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    stranger.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = stranger.get("/accounts/security/totp/activate/")
    secret = page.context["form"].secret
    stranger.post("/accounts/security/totp/activate/", {"code": code_for(secret)})
    assert stranger.get("/accounts/security/recovery-codes/").status_code == 200
    stranger.logout()
    answer = stranger.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/security/authenticate/")
    assert stranger.get("/").status_code == 302
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    stranger.post("/accounts/security/authenticate/", {"code": code_for(secret)})
    assert stranger.get("/").status_code == 200
