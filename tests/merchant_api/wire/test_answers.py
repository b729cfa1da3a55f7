"""How answers look on the wire."""

from decimal import Decimal

import pytest

from apps.merchant_api.methods.allocate import AllocateResponse
from apps.merchant_api.methods.card_history import CardHistoryResponse
from apps.merchant_api.methods.checkout import CheckoutResponse
from apps.merchant_api.methods.list_requests import ListRequestsResponse
from apps.merchant_api.methods.list_value_types import ListValueTypesResponse
from apps.merchant_api.methods.search import SearchResponse
from apps.merchant_api.wire.balances import CampaignBalanceMutation
from apps.merchant_api.wire.checkouts import CheckoutProduct, PaymentMethod
from apps.merchant_api.wire.common import ErrorResponse, Response
from apps.merchant_api.wire.json import render

SUCCESS = b'"requestRef":"r","success":true'


@pytest.mark.parametrize(
    ("response", "rest"),
    [
        (AllocateResponse(request_ref="r"), b""),
        (SearchResponse(request_ref="r"), b',"usedCache":false,"cards":[]'),
        (CardHistoryResponse(request_ref="r"), b',"transactions":[]'),
        (CheckoutResponse(request_ref="r"), b',"issuedCouponIDs":[],"responseMessages":[]'),
        (ListRequestsResponse(request_ref="r"), b',"requestRefs":[]'),
        (ListValueTypesResponse(request_ref="r"), b',"valueTypes":[]'),
    ],
)
def test_lists_and_booleans_with_a_default_are_always_there(response: Response, rest: bytes) -> None:
    assert render(response) == b"{" + SUCCESS + rest + b"}"


def test_a_refusal_says_why() -> None:
    response = ErrorResponse(request_ref="r", error_message="m", error_code=3, original_request_ref="o")
    assert render(response) == (
        b'{"requestRef":"r","success":false,"errorMessage":"m","errorCode":3,"originalRequestRef":"o"}'
    )


def test_parts_that_clients_send_come_back_without_nulls_but_with_their_defaults() -> None:
    assert render(CheckoutProduct(sku="a")) == b'{"unitPrice":0,"amountPurchased":1,"sku":"a"}'
    assert render(PaymentMethod(amount=Decimal("5.00"))) == (
        b'{"countAsDiscount":false,"amount":5.00,"redeemBalance":false}'
    )


def test_irregular_names_are_kept() -> None:
    mutation = CampaignBalanceMutation(amount=Decimal(1), campaign_uuid="a", campaign_rule_uuid="b")
    assert render(mutation) == b'{"campaignUUID":"a","amount":1,"isDiscount":false,"campaignRuleUUID":"b"}'
