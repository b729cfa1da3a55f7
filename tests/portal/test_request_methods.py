"""Request Ref pages and lists of calls that the JSON API made: child cards, transfers, people, subscriptions."""

import csv
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.lookups.queries.portal_request_rows import request_rows
from apps.requestlog.models import Request
from tests.portal.acme import NOON
from tests.portal.story import SECRETS, account_body, member, tell
from tests.shop import Shop, open_shop, usd

PERSONAL = ("account", "search", "subscription", "subscribed")


@pytest.fixture(scope="module")
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture(scope="module")
def told(shop: Shop) -> dict[str, str]:
    """References of the story's calls."""
    return tell(shop)


def login(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(scope="module")
def bob(shop: Shop) -> Client:
    """Administrator."""
    return login(member(shop, "administrator"))


@pytest.fixture(scope="module")
def alice(shop: Shop) -> Client:
    """Support: without the right to personal data."""
    return login(member(shop, "support"))


def text_of(client: Client, path: str) -> str:
    """What a page says, without its tags."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.content.decode())).split())


def page(client: Client, reference: str) -> str:
    return text_of(client, f"/requests/{reference}/")


# --- child cards ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["child", "child_issue", "child_checkout"])
def test_machine_pane_names_the_child_card(told: dict[str, str], bob: Client, call: str) -> None:
    assert "Child card kid" in page(bob, told[call])


def test_refused_call_still_names_its_child_card(shop: Shop, bob: Client) -> None:
    card = shop.card()
    refused = shop.post("updateBalance", usd(card, "issue", 1, childCardNumber="nobody"))
    assert "Child card nobody" in page(bob, str(refused["requestRef"]))


@pytest.mark.parametrize("number", [None, True, ["kid"], {}])
def test_what_is_no_child_number_is_not_named(shop: Shop, bob: Client, number: Any) -> None:
    refused = shop.post("updateBalance", usd(shop.card(), "issue", "x", childCardNumber=number))
    assert "Child card" not in page(bob, str(refused["requestRef"]))


def test_movements_of_a_child_name_root_and_child(shop: Shop, told: dict[str, str], bob: Client) -> None:
    lines = bob.get(f"/requests/{told['child_issue']}/").context["record"].entries
    assert [each.holder.child_number for each in lines] == ["kid"]
    assert lines[0].holder.card_number
    assert f"{lines[0].holder.card_number} child card kid" in page(bob, told["child_issue"])


def test_card_of_a_change_is_known_after_the_log_is_gone(shop: Shop, bob: Client) -> None:
    card = shop.card()
    reference = str(shop.ok("updateAccount", account_body(card))["requestRef"])
    Request.objects.filter(brand=shop.brand, id=reference).delete()
    assert f"Card number {card}" in page(bob, reference)


def test_list_and_file_show_the_child_card(told: dict[str, str], bob: Client) -> None:
    assert "child card kid" in text_of(bob, f"/requests/?ref={told['child_issue']}")
    lines = b"".join(bob.get(f"/requests/export.csv?ref={told['child_issue']}")).decode().splitlines()
    (row,) = csv.DictReader(lines)
    assert row["Child Card"] == "kid"


def test_statements_of_the_list_do_not_grow_with_rows(
    shop: Shop, told: dict[str, str], django_assert_num_queries: Any
) -> None:
    requests = list(Request.objects.filter(brand=shop.brand).order_by("-id"))
    with django_assert_num_queries(9):
        rows = request_rows(brand=shop.brand, requests=requests, now=NOON)
    assert len(rows) > 15


# --- transfers --------------------------------------------------------------------------------------------------------


def test_halves_of_a_transfer_lead_to_each_other(told: dict[str, str], bob: Client) -> None:
    out, into = page(bob, told["out"]), page(bob, told["in"])
    assert re.search(rf"went on to card C\S+ by {told['in']}", out)
    assert re.search(rf"came from card C\S+, taken out by {told['out']}", into)


def test_transfer_shows_what_moved_on_root_and_child(told: dict[str, str], bob: Client) -> None:
    for call, kind, sign in (("out", "Transferred out", "\N{MINUS SIGN}"), ("in", "Transferred in", "+")):
        record = bob.get(f"/requests/{told[call]}/").context["record"]
        moved = {each.holder.child_number: each.moved.signed for each in record.entries if each.kind == kind}
        assert moved == {"": f"{sign}40.00", "kid": f"{sign}10.00"}


def test_value_on_its_way_is_said_to_be_so(shop: Shop, bob: Client) -> None:
    out = shop.ok("transfer", {"cardNumber": shop.card(), "action": "out"})
    assert "no card has taken it in yet" in page(bob, str(out["requestRef"]))


def test_written_off_value_has_no_other_half(told: dict[str, str], bob: Client) -> None:
    shown = page(bob, told["zero"])
    assert "Adjusted" in shown
    assert "The value" not in shown


def test_half_elsewhere_is_told_without_reference_and_card(shop: Shop) -> None:
    old, new = shop.card(), shop.card()
    out = shop.ok("transfer", {"cardNumber": old, "action": "out"})["requestRef"]
    harbour = {"Location": shop.other_location.code, "Terminal": shop.other_terminal.code}
    into = shop.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old}, **harbour)["requestRef"]
    here, there = (login(member(shop, "clerk", location=each)) for each in (shop.location, shop.other_location))
    seen = page(here, out)
    assert "taken in at another location" in seen
    assert new not in seen
    assert into not in seen
    assert "taken out at another location" in page(there, into)
    assert there.get(f"/requests/{out}/").status_code == 404


# --- personal data ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", PERSONAL)
def test_nothing_personal_is_shown_without_the_right(told: dict[str, str], alice: Client, call: str) -> None:
    shown = page(alice, told[call])
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "Personal data is hidden" in shown


def test_all_of_it_is_shown_with_the_right(told: dict[str, str], bob: Client) -> None:
    shown = " ".join(page(bob, told[call]) for call in PERSONAL)
    assert [secret for secret in SECRETS if secret not in shown] == []


@pytest.mark.parametrize("call", ["event_type", "coupon", "coupon_used", "child", "out", "in", "zero"])
def test_what_is_not_personal_is_shown_to_all(told: dict[str, str], alice: Client, call: str) -> None:
    shown = page(alice, told[call])
    assert "Success" in shown
    assert "Personal data is hidden" not in shown
