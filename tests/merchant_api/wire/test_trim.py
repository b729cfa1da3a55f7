"""What brands on version 1 see."""

from decimal import Decimal

from apps.merchant_api.methods.request_lookup import RequestLookupResponse
from apps.merchant_api.methods.search import SearchResponse
from apps.merchant_api.methods.update_balance import UpdateBalanceResponse
from apps.merchant_api.wire.balances import CampaignBalanceMutation, CardBalance
from apps.merchant_api.wire.cards import Card, HistoricCheckout
from apps.merchant_api.wire.json import parse, render
from apps.merchant_api.wire.trim import trim


def test_version_1_leaves_newer_fields_out_also_below() -> None:
    balance = CardBalance(amount=Decimal("5.00"), balance_type="Points", scale=0, does_balance_expire=False)
    response = UpdateBalanceResponse(request_ref="r", balances=[balance], converted_amount=Decimal(1))
    trim(response, version=1)
    assert parse(render(response)) == {
        "requestRef": "r",
        "success": True,
        "balances": [{"amount": Decimal("5.00"), "balanceType": "Points", "scale": 0, "isHold": False}],
        "didOverdraw": False,
    }


def test_version_1_leaves_out_fields_that_are_always_there_in_version_2() -> None:
    response = RequestLookupResponse(request_ref="r")
    assert b'"isVoided":false' in render(response)
    trim(response, version=1)
    assert render(response) == b'{"requestRef":"r","success":true}'


def test_version_2_sees_everything() -> None:
    mutation = CampaignBalanceMutation(amount=Decimal(1), campaign_descriptive_name="n", campaign_uuid="u")
    cards = [Card(card_number="1", pin="1", checkouts=[HistoricCheckout(mutations=[mutation])])]
    response = SearchResponse(request_ref="r", cards=cards)
    before = render(response)
    trim(response, version=2)
    assert render(response) == before
    trim(response, version=1)
    assert parse(render(response))["cards"] == [{"cardNumber": "1"}]
