"""A campaign that does everything that a campaign can do on a checkout, and a card that has what it asks for."""

from decimal import Decimal
from uuid import uuid4

from apps.campaigns.models import Campaign
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.programs.operations.create_value_type import create_value_type
from tests.campaigns.live import condition, percent, points, publish, result, rule, says
from tests.coupons.booklet import booklet, found_at_once
from tests.merchant_api.steady import points as points_body
from tests.shop import Shop

CAP = Decimal(1000)


def lavish(shop: Shop) -> Campaign:
    """Publish it. Its budget counts discounts, its first rule may fire fifty times for the whole brand."""
    create_value_type(brand=shop.brand, program=shop.loyalty, balance_type="Currency", balance_code="USD", scale=2)
    create_demographic_field(brand=shop.brand, code="visits", name="Visits", data_type="integer")
    shop.ok("createEventType", {"categoryId": "spree"})
    booklet(shop, [f"IN-{number}" for number in range(40)], code="in")
    found_at_once(booklet(shop, [f"OUT-{number}" for number in range(40)], code="out"))  # statements are counted
    earn = result("issue_balance", value_type="Points", amount={"kind": "per_unit", "amount": 1}, expires={"days": 30})
    reward = result("convert", take="Points", threshold=100, give="Currency:USD", reward=5)
    hats = percent(50, of="every_nth", n=2, items={"skus": ["HAT"]})
    fit = says("{{couponCodes}} for {{firstName}}", "email", subject="Thank you")
    return publish(
        shop,
        rule(earn, reward, throttles=[{"times": 50, "per": "brand"}, {"times": 3}]),
        rule(hats, percent(10), when=[condition("coupon_from", sets=["in"])]),
        rule(
            result("allocate_coupon", coupon_set="out"),
            result("log_event", category="spree", payload="{{issuedAmount}}"),
            result("set_field", field="visits", action="increment", value="1"),
            result("enrol"),
            says("Hello {{firstName}}"),
            fit,
            points(7, starts={"days": 3}),
        ),
        budgets=[{"uuid": uuid4(), "measure": "discount", "cap": CAP}],
    )


def member(shop: Shop) -> str:
    """A loyalty card with 60 points, 40 dollars and a customer called Ada."""
    card = shop.card(card_set=shop.loyalty_set)
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Ada", "email": "a@example.org"}})
    shop.ok("updateBalance", points_body(card, "issue", 60))
    shop.issue(card, 40)
    return card


def basket(card: str, coupon: str | None = None) -> dict[str, object]:
    """Three hats and a tie, paid in part from the card."""
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 12}
    body: dict[str, object] = {
        "cardNumber": card,
        "products": [{"sku": "HAT", "unitPrice": 20, "amountPurchased": 3}, {"sku": "TIE", "unitPrice": "5.5"}],
        "paymentMethods": [pay, {"paymentType": "Cash", "amount": 20}],
        "customKeyValues": [{"key": "shoe", "value": "36"}],
        "returnBalances": True,
        "returnBalanceMutations": True,
    }
    return body | ({"coupons": [coupon]} if coupon is not None else {})


def coupon(shop: Shop) -> str:
    """A coupon of the set that the campaign wants, allocated."""
    return str(shop.ok("allocateCoupon", {"couponSetId": "in"})["couponId"])
