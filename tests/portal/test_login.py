"""Login, as far as the portal shapes it. The rest is allauth's."""

import secrets

import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client, override_settings

from apps.accounts.models import User
from tests.portal.acme import PASSWORD, Acme

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
NOWHERE = {
    "default": {"BACKEND": "apps.kernel.db.cache.RedisOrMemory", "LOCATION": "redis://127.0.0.1:1/0", "OPTIONS": {}}
}


def lock_out(client: Client, user: User, address: str, **more: str) -> None:
    """Five wrong passwords."""
    for _ in range(5):
        client.post(LOGIN, {"login": user.username, "password": "wrong"}, REMOTE_ADDR=address, **more)


def test_login_by_username_or_address(acme: Acme, stranger: Client) -> None:
    user = acme.login("alice", "support")
    for name in (user.username, user.email.upper()):
        answer = stranger.post(LOGIN, {"login": name, "password": PASSWORD})
        assert answer["Location"] == "/"
        stranger.logout()


def test_wrong_password_says_so_once(acme: Acme, stranger: Client) -> None:
    user = acme.login("alice", "support")
    answer = stranger.post(LOGIN, {"login": user.username, "password": "wrong"})
    assert answer.status_code == 200
    assert "not correct" in answer.content.decode()


def test_sixth_wrong_password_locks_the_name_out(acme: Acme, stranger: Client) -> None:
    user = acme.login("alice", "support")
    for _ in range(5):
        stranger.post(LOGIN, {"login": user.username, "password": "wrong"})
    answer = stranger.post(LOGIN, {"login": user.username, "password": PASSWORD})
    assert answer.status_code == 200
    assert "Too many failed" in answer.content.decode()


def test_nobody_signs_up(stranger: Client) -> None:
    name = f"mallory-{secrets.token_hex(4)}"
    facts = {"username": name, "email": f"{name}@staff.example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert "closed" in stranger.post("/accounts/signup/", facts).content.decode()


def test_login_leads_back_to_the_page_that_was_asked_for(acme: Acme, stranger: Client) -> None:
    user = acme.login("alice", "support")
    facts = {"login": user.username, "password": PASSWORD, "next": "/requests/?card=1"}
    assert stranger.post(LOGIN, facts)["Location"] == "/requests/?card=1"


def test_login_never_leads_to_another_host(acme: Acme, stranger: Client) -> None:
    user = acme.login("alice", "support")
    facts = {"login": user.username, "password": PASSWORD, "next": "https://evil.example/"}
    assert stranger.post(LOGIN, facts)["Location"] == "/"


def test_sign_out_ends_the_session(alice: Client) -> None:
    alice.post("/accounts/logout/")
    assert alice.get("/").status_code == 302


@pytest.mark.parametrize(
    "page",
    ["login/", "signup/", "inactive/"],
)
def test_page_for_strangers_stands(stranger: Client, page: str) -> None:
    assert stranger.get(f"/accounts/{page}").status_code == 200


@pytest.mark.parametrize("page", ["logout/", "password/change/", "security/", "reauthenticate/"])
def test_page_for_users_stands(alice: Client, page: str) -> None:
    assert alice.get(f"/accounts/{page}").status_code == 200


def test_limit_is_of_one_visitor_behind_a_proxy(acme: Acme, stranger: Client) -> None:
    user, proxy = acme.login("alice", "support"), "198.51.100.1"
    facts = {"login": user.username, "password": PASSWORD}
    with override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "5/15m/ip"}, ALLAUTH_TRUSTED_PROXY_COUNT=1):
        lock_out(stranger, user, proxy, HTTP_X_FORWARDED_FOR=f"made up, {(bad := unused_address())}")
        refused = stranger.post(LOGIN, facts, REMOTE_ADDR=proxy, HTTP_X_FORWARDED_FOR=bad)
        let_in = stranger.post(LOGIN, facts, REMOTE_ADDR=proxy, HTTP_X_FORWARDED_FOR=unused_address())
    assert "Too many failed" in refused.content.decode()
    assert let_in.status_code == 302


@pytest.mark.parametrize("forwarded", [{}, {"HTTP_X_FORWARDED_FOR": "203.0.113.1"}])
@pytest.mark.parametrize("address", ["", "unix:", "127.0.0.1"])
def test_login_without_a_known_address_works(
    acme: Acme, stranger: Client, address: str, forwarded: dict[str, str]
) -> None:
    facts = {"login": acme.login("alice", "support").username, "password": PASSWORD}
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=2):
        assert stranger.post(LOGIN, facts, REMOTE_ADDR=address, **forwarded).status_code == 302


def test_login_works_while_redis_is_away(acme: Acme, stranger: Client) -> None:
    user = acme.login("alice", "support")
    with override_settings(CACHES=NOWHERE):
        caches["default"].clear()
        lock_out(stranger, user, "203.0.113.7")
        facts = {"login": user.username, "password": PASSWORD}
        assert "Too many failed" in stranger.post(LOGIN, facts).content.decode()
        other = acme.login("bob", "support")
        assert stranger.post(LOGIN, facts | {"login": other.username}).status_code == 302


def test_without_a_mail_server_no_password_is_reset(stranger: Client) -> None:
    assert stranger.get(RESET).status_code == 404
    assert "Forgot" not in stranger.get(LOGIN).content.decode()


@override_settings(ROOT_URLCONF="tests.portal.urls_with_mail")
def test_with_a_mail_server_the_link_goes_to_known_addresses_only(acme: Acme, stranger: Client) -> None:
    assert "Forgot" in stranger.get(LOGIN).content.decode()
    user = acme.login("alice", "support")
    for address in (user.email, f"{secrets.token_hex(4)}@staff.example.com"):
        assert stranger.post(RESET, {"email": address})["Location"] == f"{RESET}done/"
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def unused_address() -> str:
    """An address of its own for each test, since nothing is flushed."""
    return f"2001:db8:{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}::1"
