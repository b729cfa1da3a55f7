"""What campaigns make of balance updates, enrolments, account updates and events."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.cards.models import Card
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.facts.models import Firing
from apps.messaging.models import Outbox
from tests.campaigns.live import condition, points, publish, result, rule, says
from tests.shop import Shop


def balances(shop: Shop, card: str) -> dict[str, Decimal]:
    """What a card has, by the type of balance."""
    found = shop.ok("search", {"filters": {"cardNumber": card}, "returnFields": {"balances": True}})
    return {each["balanceType"]: each["amount"] for each in found["cards"][0].get("balances", [])}


def test_a_balance_update_gives_points(acme: Shop) -> None:
    moved = condition("balance_moved", movement="issue", value_type="Points", minimum=50)
    publish(acme, rule(points(5), trigger="balance_update", when=[moved]))
    card = acme.card(card_set=acme.loyalty_set)
    body = {"cardNumber": card, "action": "issue", "amount": {"balanceType": "Points", "amount": 50}}
    answer = acme.ok("updateBalance", body | {"returnBalances": True})
    assert answer["balances"][0]["amount"] == 55
    body["amount"]["amount"] = 49
    assert acme.ok("updateBalance", body | {"returnBalances": True})["balances"][0]["amount"] == 104


def test_an_enrolment_is_welcomed_once(acme: Shop) -> None:
    welcome = [points(10), says("Hello {{firstName}}", channel="email", subject="Welcome")]
    publish(acme, rule(*welcome, trigger="enrolment"))
    card = acme.card(card_set=acme.loyalty_set)
    body = {"cardNumber": card, "countAsEnrollment": True, "primaryCustomer": {"firstName": "Ada"}}
    for _ in range(2):
        acme.ok("updateAccount", body)
    assert balances(acme, card) == {"Points": 10}
    assert Outbox.objects.filter(brand=acme.brand).count() == 1
    assert Firing.objects.filter(brand=acme.brand).count() == 1


def test_rules_see_the_account_as_it_is_after_the_update(acme: Shop) -> None:
    lives = condition("customer_field", field="city", compare="one_of", values=["Delft"])
    publish(acme, rule(points(7), trigger="account_update", when=[lives]))
    card = acme.card(card_set=acme.loyalty_set)
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"city": "Leiden"}})
    assert balances(acme, card) == {}
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"city": "Delft"}})
    assert balances(acme, card) == {"Points": 7}


def test_the_third_event_of_a_kind_gives_points(acme: Shop) -> None:
    acme.ok("createEventType", {"categoryId": "call"})
    thrice = condition("event_count", category="call", minimum=3)
    publish(acme, rule(points(3), trigger="event", when=[thrice]))
    card = acme.card(card_set=acme.loyalty_set)
    for _ in range(3):
        acme.ok("updateAccount", {"cardNumber": card, "newEvents": [{"categoryId": "call"}]})
    assert balances(acme, card) == {"Points": 3}


def test_a_rule_adds_to_a_field_that_the_call_sets(acme: Shop) -> None:
    create_demographic_field(brand=acme.brand, code="visits", name="Visits", data_type="integer")
    adds = result("set_field", field="visits", action="increment", value="2")
    publish(acme, rule(adds, trigger="account_update"))
    card = acme.card(card_set=acme.loyalty_set)
    body = {"cardNumber": card, "brandDemographics": [{"fieldName": "visits", "value": 40}]}
    acme.ok("updateAccount", body)
    found = acme.ok("search", {"filters": {"cardNumber": card}, "returnFields": {"brandDemographics": True}})
    assert "42" in found["cards"][0]["brandDemographics"]


def test_a_rule_enrols(acme: Shop) -> None:
    publish(acme, rule(result("enrol"), trigger="account_update"))
    card = acme.card(card_set=acme.loyalty_set)
    acme.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"city": "Delft"}})
    assert Card.objects.get(number=card).enrolled_at is not None


def test_a_text_tells_the_account_as_it_is_after_the_call(acme: Shop) -> None:
    create_demographic_field(brand=acme.brand, code="note", name="Note", data_type="string")
    notes = result("set_field", field="note", action="set", value="{{customCardNumber}} of {{enrollmentDate}}")
    publish(acme, rule(notes, trigger="enrolment"))
    card = acme.card(card_set=acme.loyalty_set)
    body = {"cardNumber": card, "customCardNumber": f"{card}-own", "primaryCustomer": {"city": "Delft"}}
    acme.ok("updateAccount", body | {"countAsEnrollment": True})
    found = acme.ok("search", {"filters": {"cardNumber": card}, "returnFields": {"brandDemographics": True}})
    today = datetime.now(UTC).astimezone(ZoneInfo(acme.brand.timezone)).date()
    assert f"{card}-own of {today}" in found["cards"][0]["brandDemographics"]
