"""Calls and campaigns that try to break what campaigns make of calls. Each was a bug."""

import pytest

from apps.brands.models import Location
from apps.brands.operations.publish_config import publish_config
from apps.campaigns.operations.publish_revision import FaultyCampaign
from apps.cards.models import Card
from apps.customers.models import FieldValue
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.facts.models import Firing
from apps.programs.operations.create_value_type import create_value_type
from tests.campaigns.live import condition, percent, points, publish, result, rule, says
from tests.coupons.booklet import booklet, coupon
from tests.shop import Shop


@pytest.fixture
def card(acme: Shop) -> str:
    """A loyalty card of Alice's."""
    number = acme.card(card_set=acme.loyalty_set)
    acme.ok("updateAccount", {"cardNumber": number, "primaryCustomer": {"firstName": "Alice"}})
    return number


def values(shop: Shop) -> list[str]:
    """All values of the brand's own fields."""
    return list(FieldValue.objects.filter(brand=shop.brand).values_list("value", flat=True))


def test_texts_tell_balances_after_all_triggers_once(acme: Shop, card: str) -> None:
    create_demographic_field(brand=acme.brand, code="told", name="Told", data_type="string")
    tells = result("set_field", field="told", value='{{balance balanceType="Points"}}')
    publish(acme, rule(points(100), trigger="enrolment"), rule(tells, trigger="account_update"))
    acme.ok("updateAccount", {"cardNumber": card, "countAsEnrollment": True})
    assert values(acme) == ["100"]


def test_a_coupon_serves_one_trigger_of_a_call(acme: Shop, card: str) -> None:
    booklet(acme, ["ONE"], code="ones")
    acme.ok("allocateCoupon", {"couponId": "ONE", "cardNumber": card, "promotionId": "p"})
    uses = [
        rule(result("use_coupon", sets=["ones"]), points(5), trigger=each) for each in ("enrolment", "account_update")
    ]
    publish(acme, *uses)
    acme.ok("updateAccount", {"cardNumber": card, "countAsEnrollment": True})
    assert coupon(acme, "ONE").last_step == 2


def test_a_first_checkout_in_another_currency_is_the_first_once(acme: Shop, card: str) -> None:
    Location.objects.filter(pk=acme.location.pk).update(currency="EUR")
    publish_config(brand_id=acme.brand.pk)
    publish(acme, rule(percent(50), when=[condition("nth_checkout", n=1)]))
    body = {"cardNumber": card, "checkoutTotal": 10}
    assert [acme.ok("checkout", body)["totalDiscount"] for _ in range(3)] == [5, 0, 0]


def test_letting_go_of_a_hold_redeems_nothing(acme: Shop) -> None:
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Points", scale=0)
    redeems = condition("balance_moved", movement="redeem")
    publish(acme, rule(points(10), trigger="balance_update", when=[redeems]))
    card = acme.card()
    acme.issue(card, 10)
    acme.redeem(card, 0, redeemFromHoldTransactionId=acme.hold(card, 5), releaseHoldRemainder=True)
    assert [each["balanceType"] for each in acme.balances(card)] == ["Currency"]


@pytest.mark.parametrize("sent", ["NaN", "sNaN", "Infinity", "1E+999999", "1E+9999999999", "x", "1" * 60, " "])
def test_what_is_no_number_is_added_to_no_field(acme: Shop, card: str, sent: str) -> None:
    create_demographic_field(brand=acme.brand, code="sum", name="Sum", data_type="decimal")
    publish(acme, rule(result("set_field", field="sum", action="increment", value='{{keyValue key="x"}}')))
    body = {"cardNumber": card, "checkoutTotal": 1}
    acme.ok("checkout", body | {"customKeyValues": [{"key": "x", "value": "1.50"}]})
    acme.ok("checkout", body | {"customKeyValues": [{"key": "x", "value": sent}]})
    assert values(acme) == ["1.5"]


def test_sums_of_fields_are_exact(acme: Shop, card: str) -> None:
    create_demographic_field(brand=acme.brand, code="sum", name="Sum", data_type="decimal")
    publish(acme, rule(result("set_field", field="sum", action="increment", value="+" + "9" * 25 + ".00000001")))
    for _ in range(2):
        acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 1})
    assert values(acme) == ["1" + "9" * 24 + "8.00000002"]


def test_a_rule_fires_no_more_often_than_can_be_counted(acme: Shop, card: str) -> None:
    often = condition("checkout_total", minimum="0.000001", repeats=True)
    publish(acme, rule(says("Hello"), when=[often], times_per_call=None))
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 10_000_000})
    assert Firing.objects.get(brand=acme.brand).times == 2**31 - 1


def test_lines_of_one_product_may_be_more_units_than_a_mutation_keeps(acme: Shop, card: str) -> None:
    publish(acme, rule(percent(100, of="items")))
    lines = [{"sku": "DUST", "unitPrice": "0.000001", "amountPurchased": 500_000_000_000}] * 5
    answer = acme.ok("checkout", {"cardNumber": card, "products": lines, "returnBalanceMutations": True})
    assert answer["totalDiscount"] == sum(each["amount"] for each in answer["balanceMutations"]) == 2_500_000


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_value_cannot_end_where_calendars_do(acme: Shop, day: str) -> None:
    with pytest.raises(FaultyCampaign, match="not between the years"):
        publish(acme, rule(points(1, expires={"on": day})))


def test_a_message_goes_to_a_list_by_its_uuid(acme: Shop) -> None:
    with pytest.raises(FaultyCampaign, match="UUID of a subscription list"):
        publish(acme, rule(says("Hello", channel="email", options={"list": "news"})))


def test_a_childs_checkout_enrols_nobody(acme: Shop, card: str) -> None:
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": "kid"})
    publish(acme, rule(result("enrol")))
    acme.ok("checkout", {"cardNumber": card, "childCardNumber": "kid", "checkoutTotal": 1})
    assert Card.objects.get(brand=acme.brand, number=card).enrolled_at is None
