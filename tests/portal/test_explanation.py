"""Campaign results on the Request Ref page."""

from typing import Any

import pytest
from django.test import Client

from apps.requestlog.models import Request
from apps.transactions.operations.erase_person import erase_person
from tests.campaigns.live import condition, percent, points, publish, rule
from tests.portal.acme import OpenAs
from tests.portal.story import member
from tests.shop import Shop, open_shop


@pytest.fixture
def shop() -> Shop:
    return open_shop("acme")


@pytest.fixture
def support(shop: Shop, open_as: OpenAs) -> Client:
    return open_as(member(shop, "support"))


def shown(client: Client, reference: str) -> str:
    answer = client.get(f"/requests/{reference}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def buy(shop: Shop, **more: Any) -> str:
    card = shop.card(card_set=shop.loyalty_set)
    return str(shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 50} | more)["requestRef"])


def test_rules_stand_with_what_they_wanted_saw_and_did(shop: Shop, support: Client) -> None:
    few = condition("checkout_total", maximum=40)
    publish(shop, rule(percent(10), name="Tenth"), rule(points(1), when=[few], name="Few"), name="Spring")
    page = shown(support, buy(shop))
    for text in (
        "Campaign results",
        "Spring",
        "Revision 1",
        "1 of 2 rules fired",
        "Tenth",
        "Took 5.00 USD off the total",
    ):
        assert text in page
    assert page.index("Fired:") < page.index("Tenth") < page.index("Did not fire:") < page.index("Few")
    for text in ("Its condition was not met", "at most 40.00 USD", "45.00 USD", "Not met:"):
        assert text in page
    assert "must never happen" not in page


def test_what_was_seen_of_a_person_is_hidden_without_the_right(shop: Shop, support: Client, open_as: OpenAs) -> None:
    city = condition("customer_field", field="city", compare="one_of", values=["Rome"])
    publish(shop, rule(points(1), when=[condition("every", conditions=[city])]))
    card = shop.card(card_set=shop.loyalty_set)
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"city": "Springfield"}})
    reference = str(shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 5})["requestRef"])
    page = shown(support, reference)
    assert "Springfield" not in page
    assert "Personal data is hidden" in page
    assert "city is Rome" in page
    assert "Springfield" in shown(open_as(member(shop, "administrator")), reference)


def test_a_broken_promise_is_told(shop: Shop, support: Client) -> None:
    publish(shop, rule(points(1), name="Ten"))
    reference = buy(shop)
    row = Request.objects.get(brand=shop.brand, id=reference)
    assert row.verdicts is not None
    Request.objects.filter(brand=shop.brand, id=reference).update(
        verdicts=bytes(row.verdicts).replace(b'"verdict":"fired"', b'"verdict":"stopped"')
    )
    assert "“Ten”: stopped then, fired now." in shown(support, reference)


def test_erased_facts_are_told(shop: Shop, support: Client) -> None:
    publish(shop, rule(points(1)))
    card = shop.card(card_set=shop.loyalty_set)
    reference = str(shop.ok("checkout", {"cardNumber": card, "checkoutTotal": 5})["requestRef"])
    erase_person(call=shop.call(), card_number=card)
    assert "was erased together with the person" in shown(support, reference)


def test_calls_without_rules_say_nothing_of_campaigns(shop: Shop, support: Client) -> None:
    assert "ampaign" not in shown(support, buy(shop))


def test_only_who_sees_campaigns_is_led_to_them(shop: Shop, support: Client, open_as: OpenAs) -> None:
    row = publish(shop, rule(points(1)))
    reference = buy(shop)
    assert f"/campaigns/{row.uuid}/" not in shown(support, reference)
    assert f"/campaigns/{row.uuid}/" in shown(open_as(member(shop, "marketer")), reference)


def test_statements_do_not_grow_with_rules(shop: Shop, support: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        publish(shop, rule(points(1)), rule(points(1)))
    reference = buy(shop)
    with django_assert_max_num_queries(30):
        shown(support, reference)
