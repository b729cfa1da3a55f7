"""Documentation > JSON API Sandbox: what the server draws of it."""

import re

import pytest
from django.test import Client

from tests.portal.acme import Acme, OpenAs

PAGE = "/documentation/sandbox/"


def shown(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", ["support", "marketer", "analyst", "accountant", "clerk", "location_manager"])
def test_without_developer_tools_there_is_no_sandbox(acme: Acme, open_as: OpenAs, role: str) -> None:
    client = open_as(acme.login("eve", role))
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/").content.decode()


def test_strangers_are_sent_to_the_login(stranger: Client) -> None:
    assert stranger.get(PAGE).url.startswith("/accounts/login/")


def test_navigation_leads_to_guide_and_sandbox(bob: Client) -> None:
    page = bob.get("/").content.decode()
    assert f'href="{PAGE}"' in page
    assert 'href="/api/guide/"' in page


def test_a_first_place_is_filled_in_and_others_are_offered(acme: Acme, bob: Client) -> None:
    page = shown(bob)
    assert re.search(r'data-header="Location"\s+value="downtown"', page)
    assert re.search(r'data-header="Terminal"\s+value="till-1"', page)
    assert f'data-header="Brand" value="{acme.brand.code}"' in page
    assert '<option value="harbour">Harbour</option>' in page


def test_a_restricted_login_is_offered_its_own_places(acme: Acme, open_as: OpenAs) -> None:
    page = shown(open_as(acme.login("dev", "administrator", group=acme.west)))
    assert re.search(r'data-header="Location"\s+value="harbour"', page)
    assert "Downtown" not in page


def test_other_brands_places_are_not_offered(charlies: Acme, bob: Client) -> None:
    charlies.harbour.name = "Charlie's harbour"
    charlies.harbour.save(update_fields=["name"])
    assert "Charlie" not in shown(bob)


def test_key_and_secret_can_never_be_sent_to_the_portal(bob: Client) -> None:
    for input_ in re.findall(r"<input[^>]*>", shown(bob).partition('id="sandbox"')[2].partition("</form>")[0]):
        assert " name=" not in input_


def test_production_is_warned_of(bob: Client, settings: object) -> None:
    assert "moves the value of real cards" not in shown(bob)
    settings.ENVIRONMENT = "production"
    assert "moves the value of real cards" in shown(bob)
