"""Who may open a page, and what every page carries."""

import pytest
from django.db import IntegrityError, connection
from django.http import HttpRequest
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.kernel.methods import METHODS
from apps.portal.pages.errors import failed
from apps.portal.urls import urlpatterns
from tests.portal.acme import Acme, OpenAs

PAGES = [
    "/",
    "/requests/",
    "/find/?q=x",
    "/cards/?number=x",
    "/requests/export.csv",
    "/catalog/products/",
    "/catalog/products/unknown/",
    "/admin/api-credentials/",
    "/accounts/security/",
]


@pytest.mark.parametrize("page", PAGES)
def test_stranger_is_sent_to_the_login(stranger: Client, page: str) -> None:
    answer = stranger.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(
    ("shown", "next"),
    [
        ("http://testserver/requests/?card=6000", "?next=/requests/%3Fcard%3D6000"),
        ("https://evil.example/requests/", ""),
        ("nonsense", ""),
    ],
)
def test_htmx_of_a_stranger_leads_over_the_login_back_to_the_shown_page(
    stranger: Client, shown: str, next: str
) -> None:
    answer = stranger.get("/requests/", headers={"HX-Request": "true", "HX-Current-URL": shown})
    assert answer["HX-Redirect"] == f"/accounts/login/{next}"


@pytest.mark.parametrize("page", [*PAGES, "/nowhere/", "/accounts/login/", "/accounts/password/change/"])
def test_no_page_is_kept(bob: Client, page: str) -> None:
    kept = bob.get(page)["Cache-Control"]
    assert "private" in kept
    assert "no-store" in kept


def test_rights_cost_no_statement_of_djangos_own(alice: Client) -> None:
    with CaptureQueriesContext(connection) as statements:
        alice.get("/nowhere/")
    assert not [each for each in statements if "auth_permission" in each["sql"]]


def test_superuser_is_never_restricted(acme: Acme) -> None:
    clerk = acme.login("dan", "clerk", location=acme.harbour)
    with pytest.raises(IntegrityError, match="superuser"):
        User.objects.filter(pk=clerk.pk).update(is_superuser=True)


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
