"""What look-ups and histories say of campaigns: movements and discounts with what caused them."""

from decimal import Decimal
from typing import Any

import pytest

from tests.campaigns.live import condition, percent, points, publish, rule, uuid_of
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
    reference = bought(acme, card)["transactionId"]
    taken = next(each for each in look(acme, reference)["balanceMutations"] if not each["isDiscount"])
    assert (taken["amount"], taken["campaignConditionUUID"]) == (-50, str(uuid_of(asks)))
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


def test_movements_in_a_search_name_their_campaigns(acme: Shop, card: str) -> None:
    campaign = publish(acme, rule(percent(10), points(7)))
    bought(acme, card)
    body = {"filters": {"cardNumber": card}, "returnFields": {"checkouts": True, "checkoutMutations": True}}
    (checkout,) = acme.ok("search", body)["cards"][0]["checkouts"]
    assert [(each["amount"], each["campaignUUID"]) for each in checkout["mutations"]] == [(7, str(campaign.uuid))]
