"""What look-ups and histories say of campaigns: movements and discounts with what caused them."""

from decimal import Decimal
from typing import Any

import pytest

from apps.programs.operations.create_value_type import create_value_type
from tests.campaigns.live import condition, percent, points, publish, result, rule, uuid_of
from tests.merchant_api.steady import history
from tests.shop import Reply, Shop

HATS = [{"sku": "HAT", "unitPrice": 10, "amountPurchased": 3}, {"sku": "BAG", "unitPrice": 5}]


@pytest.fixture
def card(acme: Shop) -> str:
    return acme.card(card_set=acme.loyalty_set)


def bought(shop: Shop, card: str | None, **more: Any) -> Reply:
    body = {"cardNumber": card, "products": HATS, "returnBalanceMutations": True}
    return shop.ok("checkout", body | more)


def look(shop: Shop, reference: str) -> Reply:
    return shop.ok("checkoutLookup", {"checkoutTransactionId": reference})


def searched(shop: Shop, card: str) -> list[dict[str, Any]]:
    """The movements of the card's last checkout, as a search shows them."""
    body = {"filters": {"cardNumber": card}, "returnFields": {"checkouts": True, "checkoutMutations": True}}
    lines: list[dict[str, Any]] = shop.ok("search", body)["cards"][0]["checkouts"][0]["mutations"]
    return lines


def hats(**more: Any) -> dict[str, Any]:
    """Half the price of each hat."""
    return percent(50, of="items", items={"skus": ["HAT"]}, **more)


def test_a_lookup_says_what_the_checkout_said(acme: Shop, card: str) -> None:
    publish(acme, rule(hats(), points(7, name="Seven points")), rule(percent(10), points(2)))
    answer = bought(acme, card)
    seen = look(acme, answer["transactionId"])
    assert seen["balanceMutations"] == answer["balanceMutations"]
    assert (seen["totalDiscount"], seen["checkoutTotalBeforeDiscount"]) == (answer["totalDiscount"], 35)
    asked = acme.ok("requestLookup", {"requestRef": answer["requestRef"]})
    assert asked["balanceMutations"] == answer["balanceMutations"]
    assert asked["totalDiscount"] == answer["totalDiscount"]


def test_a_line_of_value_names_what_caused_it(acme: Shop, card: str) -> None:
    one = rule(points(7, name="Seven points"))
    campaign = publish(acme, one)
    (line,) = look(acme, bought(acme, card)["transactionId"])["balanceMutations"]
    revision = line.pop("campaignRevisionUUID")
    assert revision not in (str(campaign.uuid), "")
    assert line == {
        "amount": 7,
        "isDiscount": False,
        "balanceType": "Points",
        "campaignUUID": str(campaign.uuid),
        "campaignRuleUUID": str(uuid_of(one)),
        "campaignResultUUID": str(uuid_of(one["results"][0])),
        "campaignDescriptiveName": "Seven points",
    }


def test_dates_of_what_was_issued(acme: Shop, card: str) -> None:
    publish(acme, rule(points(7, expires={"on": "2099-12-31"}, starts={"on": "2099-01-01"})))
    answer = bought(acme, card)
    dates = {"balanceActiveDate": 4070908800000, "balanceExpiration": 4102444800000}
    for lines in (
        look(acme, answer["transactionId"])["balanceMutations"],
        acme.ok("requestLookup", {"requestRef": answer["requestRef"]})["balanceMutations"],
        answer["balanceMutations"],
        searched(acme, card),
    ):
        (line,) = lines
        assert {name: line[name] for name in dates} == dates


def test_a_discount_on_items_says_which_and_how_much_each(acme: Shop, card: str) -> None:
    publish(acme, rule(hats()))
    (line,) = look(acme, bought(acme, card)["transactionId"])["balanceMutations"]
    assert {name: value for name, value in line.items() if not name.startswith("campaign")} == {
        "amount": 15,
        "isDiscount": True,
        "sku": "HAT",
        "skuUnitPrice": 10,
        "skuAmount": 3,
        "skuUnitDiscount": 5,
    }


def test_a_threshold_that_was_taken_names_the_condition(acme: Shop, card: str) -> None:
    acme.ok("updateBalance", {"cardNumber": card, "action": "issue", "amount": {"balanceType": "Points", "amount": 90}})
    asks = condition("balance", value_type="Points", minimum=50, take_threshold=True, counts_as_expiry=True, name="50")
    publish(acme, rule(percent(10), when=[asks], name="Fifty for ten"), name="Autumn")
    answer = bought(acme, card)
    for lines in (
        answer["balanceMutations"],
        look(acme, answer["transactionId"])["balanceMutations"],
        acme.ok("requestLookup", {"requestRef": answer["requestRef"]})["balanceMutations"],
        searched(acme, card),
    ):
        taken = next(each for each in lines if not each["isDiscount"])
        assert (taken["amount"], taken["campaignConditionUUID"]) == (-50, str(uuid_of(asks)))
        assert taken["campaignDescriptiveName"] == "50"
        assert "campaignResultUUID" not in taken
    newest, *older = history(acme, card, includeCampaignData=True, maxResults=20)
    assert newest["balanceUpdates"] == [
        {
            "amount": -50,
            "balanceType": "Points",
            "campaignName": "Autumn",
            "campaignRuleName": "Fifty for ten",
            "campaignConditionName": "50",
        }
    ]
    assert all("callType" in each for each in older), "what a call takes as expired is no expiry of its own"


def test_a_payment_stands_before_what_campaigns_did(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, 50)
    publish(acme, rule(percent(10)))
    pays = [{"redeemBalance": True, "amount": 5, "balanceType": "Currency", "balanceCode": "USD"}]
    answer = bought(acme, card, paymentMethods=pays)
    lines = look(acme, answer["transactionId"])["balanceMutations"]
    assert [(each["amount"], each["isDiscount"]) for each in lines] == [(-5, False), (Decimal("3.5"), True)]
    assert "campaignUUID" not in lines[0]
    assert lines == answer["balanceMutations"]


def test_keys_and_the_referring_card_come_back(acme: Shop, card: str) -> None:
    friend = acme.card()
    pairs = [{"key": "promo", "value": "HATS"}, {"key": "promo", "value": "BAGS"}]
    reference = bought(acme, card, customKeyValues=pairs, referringCardNumber=friend)["transactionId"]
    seen = look(acme, reference)
    assert (seen["customKeyValues"], seen["referringCardNumber"]) == (pairs, friend)
    plain = look(acme, bought(acme, card)["transactionId"]).body
    assert not {"customKeyValues", "referringCardNumber"} & set(plain)


def test_an_anonymous_checkout_shows_its_discounts(acme: Shop) -> None:
    publish(acme, rule(percent(10)))
    seen = look(acme, bought(acme, None)["transactionId"])
    assert [each["amount"] for each in seen["balanceMutations"]] == [Decimal("3.50")]
    assert '"amount":3.50' in seen.text


def test_a_void_shows_what_it_took_back_and_no_campaign(acme: Shop, card: str) -> None:
    publish(acme, rule(points(7), percent(10)))
    reference = bought(acme, card)["requestRef"]
    voided = acme.ok("voidTransaction", {"cardNumber": card, "requestRef": reference})
    assert acme.ok("requestLookup", {"requestRef": voided["requestRef"]})["balanceMutations"] == [
        {"amount": -7, "isDiscount": False, "balanceType": "Points"}
    ]
    seen = look(acme, reference)
    assert (seen["isVoided"], len(seen["balanceMutations"])) == (True, 2)


# --- cardHistory -----------------------------------------------------------------------------------------------------


def test_a_history_names_campaign_rule_and_result(acme: Shop, card: str) -> None:
    publish(acme, rule(points(7, name="Seven"), percent(10), name="Each visit"), name="Spring")
    bought(acme, card)
    plain, named = history(acme, card)[0], history(acme, card, includeCampaignData=True, maxResults=20)[0]
    assert plain["balanceUpdates"] == [{"amount": 7, "balanceType": "Points"}]
    assert named["balanceUpdates"] == [
        {
            "amount": 7,
            "balanceType": "Points",
            "campaignName": "Spring",
            "campaignRuleName": "Each visit",
            "campaignResultName": "Seven",
        }
    ]


def test_names_are_those_of_the_revision_that_fired(acme: Shop, card: str) -> None:
    campaign = publish(acme, rule(points(7)), name="Spring")
    bought(acme, card)
    publish(acme, rule(points(8), name="New"), name="Summer", campaign=campaign)
    bought(acme, card)
    newer, older, *_ = history(acme, card, includeCampaignData=True, maxResults=20)
    assert [each["balanceUpdates"][0]["campaignName"] for each in (newer, older)] == ["Summer", "Spring"]
    assert "campaignRuleName" not in older["balanceUpdates"][0]


def test_the_main_update_is_value_and_never_a_discount(acme: Shop, card: str) -> None:
    publish(acme, rule(percent(10), points(7)))
    bought(acme, card)
    assert history(acme, card, includeMainBalanceUpdate=True)[0]["mainBalanceUpdate"] == 7


def test_a_search_shows_the_same_lines_without_discounts(acme: Shop, card: str) -> None:
    publish(acme, rule(hats(), points(7, name="Seven")))
    answer = bought(acme, card)
    assert searched(acme, card) == [each for each in answer["balanceMutations"] if not each["isDiscount"]]


# --- value that a locking setup held ---------------------------------------------------------------------------------


def completed(shop: Shop, card: str) -> str:
    """A checkout in two steps that takes what its setup held: for a condition and for a result."""
    create_value_type(brand=shop.brand, program=shop.loyalty, balance_type="Custom", balance_code="cashback", scale=2)
    shop.ok("updateBalance", {"cardNumber": card, "action": "issue", "amount": {"balanceType": "Points", "amount": 90}})
    asks = condition("balance", value_type="Points", minimum=50, take_threshold=True, name="Fifty")
    gives = result("convert", take="Points", threshold=30, give="Custom:cashback", reward=3, name="Three")
    publish(shop, rule(gives, when=[asks], name="Each visit"), name="Spring")
    setup = {"cardNumber": card, "products": HATS, "isSetup": True, "lockSetupDuration": 60}
    locked = shop.ok("checkout", setup)["transactionId"]
    return str(shop.ok("checkout", {"cardNumber": card, "relatedSetupTransactionId": locked})["requestRef"])


def test_held_lines_name_what_caused_them_too(acme: Shop, card: str) -> None:
    reference = completed(acme, card)
    seen = acme.ok("requestLookup", {"requestRef": reference, "splitHoldMutations": True})
    whole = acme.ok("requestLookup", {"requestRef": reference})["balanceMutations"]
    assert seen["holdBalanceMutations"] == [each for each in whole if each["amount"] < 0]
    assert [each["amount"] for each in seen["holdBalanceMutations"]] == [-50, -30]


def test_held_lines_of_a_history_name_campaign_rule_result_and_condition(acme: Shop, card: str) -> None:
    completed(acme, card)
    asked = {"includeCampaignData": True, "splitHoldMutations": True, "maxResults": 20}
    names = {"balanceType": "Points", "campaignName": "Spring", "campaignRuleName": "Each visit"}
    assert history(acme, card, **asked)[0]["holdBalanceUpdates"] == [
        {"amount": -50, "campaignConditionName": "Fifty", **names},
        {"amount": -30, "campaignResultName": "Three", **names},
    ]
