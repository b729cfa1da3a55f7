"""Who may open a page, and what every page carries."""

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings

from apps.portal.pages.errors import failed
from apps.portal.urls import urlpatterns
from apps.requestlog.core.kinds import METHODS
from tests.portal.acme import Acme, OpenAs

PAGES = ["/", "/requests/", "/find/?q=x", "/requests/export.csv", "/admin/api-credentials/", "/accounts/security/"]


@pytest.mark.parametrize("page", PAGES)
def test_stranger_is_sent_to_the_login(stranger: Client, page: str) -> None:
    answer = stranger.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_htmx_of_a_stranger_is_sent_to_the_login_as_a_page(stranger: Client) -> None:
    answer = stranger.get("/requests/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/accounts/login/"


@pytest.mark.parametrize("page", ["/requests/", "/find/?q=x", "/requests/export.csv", "/admin/api-credentials/"])
def test_analyst_may_not_read_requests(acme: Acme, open_as: OpenAs, page: str) -> None:
    assert open_as(acme.login("ann", "analyst")).get(page).status_code == 403


def test_start_page_welcomes_those_without_any_page(acme: Acme, open_as: OpenAs) -> None:
    assert "Welcome" in open_as(acme.login("ann", "analyst")).get("/").content.decode()


def test_navigation_shows_what_may_be_opened(alice: Client, bob: Client) -> None:
    assert "API Credentials" in bob.get("/").content.decode()
    assert "API Credentials" not in alice.get("/").content.decode()


def test_environment_brand_and_zone_are_marked(alice: Client) -> None:
    page = alice.get("/requests/").content.decode()
    for text in ("trial", "Acme", "America/New_York", "All locations"):
        assert text in page


def test_login_of_an_inactive_brand_opens_nothing(acme: Acme, alice: Client) -> None:
    acme.brand.is_active = False
    acme.brand.save(update_fields=["is_active"])
    assert alice.get("/").status_code == 403


@pytest.mark.parametrize("page", ["/", "/requests/", "/accounts/login/", "/nowhere/"])
def test_no_inline_script_or_style(alice: Client, page: str) -> None:
    answer = alice.get(page, follow=True)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for forbidden in (" style=", "<style", " onclick=", "<script>"):
        assert forbidden not in answer.content.decode()


def test_unknown_address_has_a_page_of_its_own(alice: Client) -> None:
    answer = alice.get("/nowhere/")
    assert answer.status_code == 404
    assert "not yours to see" in answer.content.decode()


def test_failure_page_needs_nothing_that_may_have_failed() -> None:
    answer = failed(HttpRequest())
    assert answer.status_code == 500
    assert "Nothing was half changed" in answer.content.decode()


@pytest.mark.parametrize("name", METHODS)
def test_no_page_stands_where_a_method_answers(name: str) -> None:
    for path in (f"/{name}", f"/{name}/"):
        assert not any(path.lstrip("/") == str(pattern.pattern) for pattern in urlpatterns)


@override_settings(ENVIRONMENT="production")
def test_production_is_told_apart(alice: Client) -> None:
    assert "production" in alice.get("/").content.decode()
