"""Login, as far as the portal shapes it. The rest is allauth's."""

import secrets

import pytest
from django.test import Client

from tests.portal.acme import PASSWORD, Acme

LOGIN = "/accounts/login/"


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
    facts = {"username": name, "email": f"{name}@example.com", "password1": PASSWORD, "password2": PASSWORD}
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
    ["login/", "signup/", "password/reset/", "password/reset/done/", "inactive/"],
)
def test_page_for_strangers_stands(stranger: Client, page: str) -> None:
    assert stranger.get(f"/accounts/{page}").status_code == 200


@pytest.mark.parametrize("page", ["logout/", "password/change/", "security/", "reauthenticate/"])
def test_page_for_users_stands(alice: Client, page: str) -> None:
    assert alice.get(f"/accounts/{page}").status_code == 200
