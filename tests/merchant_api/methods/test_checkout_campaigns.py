"""What campaigns make of checkouts, as a till sees it."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.programs.operations.create_value_type import create_value_type
from tests.campaigns.live import condition, percent, points, publish, result, rule, says
from tests.merchant_api.steady import refused
from tests.shop import Shop


def test_one_point_per_dollar(acme: Shop) -> None:
    each = result("issue_balance", value_type="Points", amount={"kind": "per_unit", "amount": 1})
    row = publish(acme, rule(each))
    card = acme.card(card_set=acme.loyalty_set)
    body = {"cardNumber": card, "checkoutTotal": "100.50", "returnBalances": True, "returnBalanceMutations": True}
    answer = acme.ok("checkout", body)
    assert answer["balances"] == [
        {"amount": 100, "balanceType": "Points", "scale": 0, "isHold": False},
    ]
    (mutation,) = answer["balanceMutations"]
    assert mutation["campaignUUID"] == str(row.uuid)
    assert mutation["amount"] == 100
    assert mutation["isDiscount"] is False


def test_ten_percent_for_loyalty_customers(acme: Shop) -> None:
    publish(acme, rule(percent(10), when=[condition("card_set_is", card_sets=[acme.loyalty_set.code])]))
    loyal = acme.ok("checkout", {"cardNumber": acme.card(card_set=acme.loyalty_set), "checkoutTotal": 50})
    assert loyal["totalDiscount"] == Decimal("5.00")
    assert acme.ok("checkout", {"cardNumber": acme.card(), "checkoutTotal": 50})["totalDiscount"] == 0
    assert acme.ok("checkout", {"checkoutTotal": 50})["totalDiscount"] == 0


def test_only_five_points_to_your_next_reward(acme: Shop) -> None:
    publish(
        acme,
        rule(points(95)),
        rule(
            says(
                '{{balance balanceType="Points"}} points, only 5 to your next reward, {{firstName default="friend"}}!'
            ),
            when=[condition("balance", value_type="Points", minimum=95, maximum=99)],
        ),
    )
    card = acme.card(card_set=acme.loyalty_set)
    answer = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 1, "isSetup": True})
    assert answer["responseMessages"] == ["95 points, only 5 to your next reward, friend!"]
    assert "issuedCouponIDs" not in answer.body
    assert (
        acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 1})["responseMessages"] == answer["responseMessages"]
    )


def test_a_setup_changes_nothing(acme: Shop) -> None:
    publish(acme, rule(points(10), percent(50)))
    card = acme.card(card_set=acme.loyalty_set)
    body = {"cardNumber": card, "checkoutTotal": 10, "isSetup": True, "returnBalances": True}
    answer = acme.ok("checkout", body | {"returnBalanceMutations": True})
    assert answer["totalDiscount"] == Decimal("5.00")
    assert [each["amount"] for each in answer["balanceMutations"]] == [10, Decimal("5.00")]
    assert answer["balances"] == []
    assert acme.ok("checkout", body)["balances"] == []


def test_cashback_per_hundred_points_leaves_25_of_60_and_65(acme: Shop) -> None:
    create_value_type(brand=acme.brand, program=acme.loyalty, balance_type="Custom", balance_code="cashback", scale=2)
    earn = result("issue_balance", value_type="Points", amount={"kind": "per_unit", "amount": 1})
    convert = result("convert", take="Points", threshold=100, give="Custom:cashback", reward=5, repeats=True)
    publish(acme, rule(earn), rule(convert))
    card = acme.card(card_set=acme.loyalty_set)
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 60})
    answer = acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 65, "returnBalances": True})
    assert {each["balanceType"]: each["amount"] for each in answer["balances"]} == {"Points": 25, "Custom": 5}


def test_a_rule_per_customer_fires_once(acme: Shop) -> None:
    once = rule(
        percent(10),
        when=[condition("custom_key", key="promoCode", values=["HATS123"])],
        throttles=[{"times": 1}],
    )
    publish(acme, once)
    body = {
        "cardNumber": acme.card(card_set=acme.loyalty_set),
        "checkoutTotal": 10,
        "customKeyValues": [{"key": "promoCode", "value": "HATS123"}],
    }
    discounts = [acme.ok("checkout", body)["totalDiscount"] for _ in range(2)]
    assert discounts == [1, 0]
    assert acme.ok("checkout", body | {"cardNumber": None})["totalDiscount"] == 0


def test_a_balance_over_its_maximum_refuses_the_checkout(acme: Shop) -> None:
    acme.points.maximum = 50
    acme.points.save()
    publish(acme, rule(points(60)))
    card = acme.card(card_set=acme.loyalty_set)
    refused(acme, 13, "checkout", {"cardNumber": card, "checkoutTotal": 1})


def test_a_message_in_the_answer_can_name_what_any_message_can(acme: Shop) -> None:
    dates = "{{activationDate}} {{enrollmentDate}}"
    names = "{{brandName}} {{cardSetName}} {{cardNumber}} {{customCardNumber}} {{childCardNumber default='-'}}"
    publish(acme, rule(says(f"{names} {dates}")))
    card = acme.card(card_set=acme.loyalty_set)
    acme.ok("updateAccount", {"cardNumber": card, "customCardNumber": f"{card}-own", "countAsEnrollment": True})
    acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": f"{card}-kid"})
    body = {"cardNumber": card, "checkoutTotal": 5}
    today = datetime.now(UTC).astimezone(ZoneInfo(acme.brand.timezone)).date()
    known = f"Acme Loyalty cards {card} {card}-own"
    assert acme.ok("checkout", body)["responseMessages"] == [f"{known} - {today} {today}"]
    kids = acme.ok("checkout", body | {"childCardNumber": f"{card}-kid"})["responseMessages"]
    assert kids == [f"{known} {card}-kid {today} {today}"]
    assert acme.ok("checkout", {"checkoutTotal": 5})["responseMessages"][0].split() == ["Acme", "-"]
