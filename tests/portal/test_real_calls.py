"""Calls made over the JSON API, as the pages show them."""

import re
import secrets

import pytest
from django.test import Client

from apps.accounts.operations.create_user import create_user
from apps.brands.models import ApiCredential
from tests.portal.acme import NOON, PASSWORD
from tests.shop import Shop, open_shop, usd


@pytest.fixture
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture
def bob(shop: Shop) -> Client:
    """The shop's administrator."""
    name = f"bob-{secrets.token_hex(4)}"
    address = f"{name}@staff.example.com"
    user = create_user(
        brand=shop.brand, username=name, email=address, password=PASSWORD, roles=["administrator"], now=NOON
    )
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_redemption_is_shown_with_its_movement(shop: Shop, bob: Client) -> None:
    card = shop.card()
    shop.issue(card, "20.00")
    reference = shop.redeem(card, "12.50")
    shown = page(bob, f"/requests/{reference}/")
    for text in (
        "updateBalance",
        "Success",
        "UPDATE_BALANCE",
        card,
        "\N{MINUS SIGN}12.50",
        "7.50",
        "Main Street",
        "till",
    ):
        assert text in shown


def test_nothing_secret_is_shown(shop: Shop, bob: Client) -> None:
    shop.post("search", {"filters": {"cardNumber": "1"}, "pin": "8422"}, employeePassword="4711-secret")
    reference = re.search(r"/requests/([0-9a-f-]{36})/", bob.get("/requests/").content.decode())
    shown = page(bob, f"/requests/{reference[1]}/")
    for hidden in (shop.secret, "8422", "4711-secret", "Basic "):
        assert hidden not in shown
    assert "Authorization" in shown


def test_hold_ends_when_it_is_redeemed(shop: Shop, bob: Client) -> None:
    card = shop.card()
    shop.issue(card, "20.00")
    hold = shop.hold(card, "5.00")
    assert "On hold" in page(bob, f"/requests/{hold}/")
    more = {"redeemFromHoldTransactionId": hold, "releaseHoldRemainder": True}
    redeemed = shop.redeem(card, "5.00", **more)
    assert "Ended" in page(bob, f"/requests/{hold}/")
    assert "another request" in page(bob, f"/requests/{redeemed}/")


def test_void_and_voided_name_each_other(shop: Shop, bob: Client) -> None:
    card = shop.card()
    issued = shop.issue(card, "20.00")
    void = shop.ok("voidTransaction", {"cardNumber": card, "requestRef": issued})["requestRef"]
    assert f"voided by {void}" in " ".join(page(bob, f"/requests/{issued}/").split())
    assert issued in page(bob, f"/requests/{void}/")


def test_refused_and_broken_calls_are_listed(shop: Shop, bob: Client) -> None:
    shop.post("updateBalance", usd("nobody", "redeem", "1.00"))
    shop.post("updateBalance", b"{broken")
    shown = page(bob, "/requests/?outcome=refused")
    assert "refused 2" in shown
    assert "refused 6" in shown


def test_call_is_found_by_every_reference(shop: Shop, bob: Client) -> None:
    card = shop.card()
    facts = {"customRequestId": "till-1-0001", "externalTransactionId": "CHK-1"}
    reference = shop.ok("updateBalance", usd(card, "issue", "20.00"), **facts)["requestRef"]
    for text in (reference, *facts.values()):
        assert bob.get("/find/", {"q": text})["Location"] == f"/requests/{reference}/"


def test_key_made_on_the_page_works_until_it_is_revoked(shop: Shop, bob: Client) -> None:
    new = "/admin/api-credentials/new/"
    form = {"name": "Shop", "methods": ["search"], "once": bob.get(new).context["once"]}
    made = bob.post(new, form).content.decode()
    shop.key, shop.secret = (re.search(rf'id="{name}"[^>]*>([^<]+)<', made)[1] for name in ("key", "secret"))
    body = {"filters": {"cardNumber": "1"}}
    assert shop.post("search", body).status == 200
    assert shop.post("listValueTypes").status == 401
    credential = ApiCredential.objects.get(key=shop.key)
    bob.post(f"/admin/api-credentials/{credential.pk}/revoke/")
    assert shop.post("search", body).status == 401
