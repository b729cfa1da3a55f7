"""returnMerchandise: goods come back."""

from decimal import Decimal
from typing import Annotated

from apps.checkouts.core.returned import ReturnedProduct
from apps.coupons.core.returned import Reset
from apps.kernel.amounts import ZERO
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.wire.checkouts import CheckoutProduct
from apps.merchant_api.wire.common import CustomRequestDate, Input, OptionalCardNumber, Response
from apps.merchant_api.wire.fields import wire
from apps.transactions.operations.return_merchandise import return_merchandise
from apps.transactions.returns.goods import Goods, Returner, TakenBack


class ReturnRequest(Input, frozen=True, kw_only=True):
    """What comes back, and what is to happen about the checkout that it was bought in."""

    returned_products: Annotated[
        tuple[CheckoutProduct, ...],
        wire(
            "What comes back. Without unitPrice, what was paid counts, if the checkout is known.",
            example=[{"sku": "COFFEE-LATTE", "amountPurchased": 1}],
        ),
    ] = ()
    used_coupon_resets: Annotated[
        str,
        wire("When coupons that the checkout used can be used again.", allowed=tuple(sorted(Reset)), json_v2=True),
    ] = Reset.ON_FULL_RETURN.value
    fail_if_over_return: Annotated[
        bool, wire("Refuse the call if more comes back than was bought and not returned yet.", json_v2=True)
    ] = True
    checkout_request_ref: Annotated[
        str | None,
        wire(
            "The checkout (its second step) in which the goods were bought.",
            identifier=True,
            example="01890a5d-ac96-774b-bcce-b302099a8057",
        ),
    ] = None
    fail_if_coupons_used: Annotated[
        bool, wire("Refuse the call if a coupon that the checkout issued was used since.")
    ] = True
    reverse_payments: Annotated[
        bool, wire("Give back what was redeemed for the checkout; once for each checkout.", json_v2=True)
    ] = False
    child_card_number: Annotated[str | None, wire("Child card of the checkout, if it had one.", identifier=True)] = None
    simulate_only: Annotated[bool, wire("Answer as usual, and change nothing.")] = False
    additional_return_amount: Annotated[
        Decimal | None, wire("Value that comes back beside the products.", minimum=0)
    ] = None
    remove_custom_events: Annotated[bool, wire("Take back the events that the checkout logged.")] = False
    card_number: OptionalCardNumber = None
    disable_issued_coupons: Annotated[bool, wire("Disable the coupons that the checkout issued.")] = True
    custom_request_date: CustomRequestDate = None


class ReturnResponse(Response, kw_only=True):
    """The goods are taken back."""


def reads(request: ReturnRequest) -> bool:
    """Whether the call changes nothing."""
    return request.simulate_only


def run(call: MerchantCall, request: ReturnRequest) -> ReturnResponse:
    """Take the goods back, or only see whether that would be refused."""
    goods, returner = _goods(request), _returner(request)
    if not request.simulate_only:
        return call.change(return_merchandise, _response, goods=goods, returner=returner)
    answer = return_merchandise(
        call=call.call, configuration=call.configuration, goods=goods, returner=returner, only_simulates=True
    )
    return _response(answer)


def _response(_: TakenBack) -> ReturnResponse:
    return ReturnResponse()


def _goods(request: ReturnRequest) -> Goods:
    return Goods(
        products=[_product(product) for product in request.returned_products],
        additional=request.additional_return_amount or ZERO,
        used_coupons=Reset(request.used_coupon_resets),
        fails_if_over=request.fail_if_over_return,
        fails_if_coupons_used=request.fail_if_coupons_used,
        disables_issued=request.disable_issued_coupons,
        reverses_payments=request.reverse_payments,
        removes_events=request.remove_custom_events,
    )


def _returner(request: ReturnRequest) -> Returner:
    return Returner(
        card_number=request.card_number,
        child_number=request.child_card_number,
        checkout=request.checkout_request_ref,
    )


def _product(product: CheckoutProduct) -> ReturnedProduct:
    """A price of 0 that is said is one; a price that is not said has to be found."""
    price = product.unit_price if product.says_price else None
    return ReturnedProduct(product.sku, product.amount_purchased, price, product.unit_cost)
