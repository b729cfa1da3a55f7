"""What a simulation says, and that it leaves no trace."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from apps.campaigns.core.definitions import Campaign
from apps.campaigns.core.kinds import Trigger, Verdict
from apps.campaigns.core.outcome import CouponGiven
from apps.campaigns.models import Campaign as CampaignRow
from apps.campaigns.models import Revision
from apps.campaigns.operations.create_campaign import create_campaign
from apps.campaigns.operations.pause_campaign import pause_campaign
from apps.campaigns.operations.publish_revision import FaultyCampaign
from apps.campaigns.operations.save_draft import save_draft
from apps.cards.core.status import CardNotActive, CardNotFound
from apps.checkouts.core.payments import PaymentInput
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.value_types import BalanceType
from apps.ledger.core.book import TooLittleBalance
from apps.requestlog.core.kinds import Origin
from apps.requestlog.models import Request
from apps.transactions.checkouts.basket import Basket, Shopper
from apps.transactions.checkouts.decision import InvalidCoupons
from apps.transactions.firing.about import About
from apps.transactions.operations.simulate import simulate
from apps.transactions.simulation.opened import EnrolledAlready
from apps.transactions.simulation.question import Question, Simulated
from apps.transactions.simulation.rules import NoSuchRevision
from tests.campaigns.live import condition, percent, points, publish, result, rule, says, uuid_of
from tests.coupons.booklet import booklet, given
from tests.merchant_api.steady import rack, state
from tests.shop import Shop
from tests.transactions.locks import lock

CHECKOUT = About(triggers=(Trigger.CHECKOUT,))


def simulated(shop: Shop, card: str | None, about: About = CHECKOUT, **more: Any) -> Simulated:
    """Simulate, and see that all rows of the brand are as they were, those of the request log too."""
    moment = more.pop("moment", datetime.now(UTC))
    basket = Basket(**{"total": Decimal(50)} | more.pop("basket", {}))
    call = shop.call(origin=Origin.PORTAL, now=moment, moment=moment, terminal_id=None)
    question = Question(about=about, shopper=Shopper(card_number=card), basket=basket, **more)
    before = (state(shop), Request.objects.filter(brand=shop.brand).count())
    try:
        return simulate(call=call, configuration=shop.configuration, question=question)
    finally:
        assert (state(shop), Request.objects.filter(brand=shop.brand).count()) == before


def drafted(shop: Shop, *rules: dict[str, Any], campaign: CampaignRow | None = None, **more: Any) -> UUID:
    now = datetime.now(UTC)
    definition = msgspec.convert({"name": "Draft", "rules": rules, **more}, Campaign, strict=False)
    row = campaign or create_campaign(brand=shop.brand, name="Draft", now=now)
    return save_draft(brand=shop.brand, campaign_id=row.pk, definition=definition, now=now).uuid


def amounts(found: Simulated) -> list[Decimal]:
    return [each.amount for each in found.mutations]


def loyal(shop: Shop, amount: int = 0) -> str:
    card = shop.card(card_set=shop.loyalty_set)
    if amount:
        value = {"balanceType": "Points", "amount": amount}
        shop.ok("updateBalance", {"cardNumber": card, "action": "issue", "amount": value})
    return card


def test_it_says_what_the_checkout_right_after_it_says(acme: Shop) -> None:
    booklet(acme, ["SAVE", "GIFT"])
    acme.ok("allocateCoupon", {"couponId": "SAVE"})
    gift = result("allocate_coupon", coupon_set="summer")
    budget = {"uuid": uuid4(), "measure": "discount", "cap": 100}
    publish(
        acme,
        rule(percent(10), when=[condition("coupon_from", sets=["summer"])], throttles=[{"times": 1}]),
        rule(points(7), says("Hello {{firstName default='friend'}}"), gift),
        rule(points(1), when=[condition("basket_has", items={"skus": ["HAT"]}, minimum_quantity=3)]),
        budgets=[budget],
    )
    card = loyal(acme, 20)
    lines = [CheckoutLine("HAT", Decimal(2), Decimal("12.50"))]
    basket = {"total": None, "lines": lines, "coupons": ["SAVE"]}
    found = simulated(acme, card, basket=basket)
    products = [{"sku": "HAT", "amountPurchased": 2, "unitPrice": 12.5}]
    body = {"cardNumber": card, "products": products, "coupons": ["SAVE"], "returnBalanceMutations": True}
    answer = acme.ok("checkout", body | {"returnBalances": True})
    assert amounts(found) == [each["amount"] for each in answer["balanceMutations"]]
    assert found.said.direct == tuple(answer["responseMessages"]) == ("Hello friend",)
    assert found.total == answer["checkoutTotalBeforeDiscount"]
    assert found.outcome.discount == answer["totalDiscount"] == Decimal("2.50")
    assert found.spend == Decimal("22.50")
    assert Decimal(found.said.balances["Points"]) == answer["balances"][0]["amount"] == 27
    verdicts = [each.verdict for each in found.outcome.verdicts]
    assert verdicts == [Verdict.FIRED, Verdict.FIRED, Verdict.CONDITIONS]
    assert all(each.conditions for each in found.outcome.verdicts if each.verdict is Verdict.CONDITIONS)


def test_payments_from_the_card_count(acme: Shop) -> None:
    publish(acme, rule(percent(10), when=[condition("balance", value_type="Currency:USD", maximum=5)]))
    card = acme.card()
    acme.issue(card, 20)
    paid = PaymentInput(redeems=True, balance_type=BalanceType.CURRENCY, balance_code="USD", amount=Decimal(15))
    assert amounts(simulated(acme, card, basket={"payments": [paid]})) == [Decimal("-15.00"), Decimal("5.00")]
    assert amounts(simulated(acme, card)) == []
    with pytest.raises(TooLittleBalance):
        simulated(acme, card, basket={"payments": [paid, paid]})


def test_anonymous_customers_can_be_simulated(acme: Shop) -> None:
    publish(acme, rule(percent(10)), rule(points(1)))
    found = simulated(acme, None)
    assert amounts(found) == [Decimal("5.00")]
    with pytest.raises(InvalidInput):
        simulated(acme, None, About(triggers=(Trigger.CUSTOM,)))


def test_a_locked_card_is_no_obstacle(acme: Shop) -> None:
    publish(acme, rule(percent(10)))
    card = acme.card()
    acme.issue(card, 20)
    lock(acme, card, (acme.usd, "-10"))
    assert amounts(simulated(acme, card)) == [Decimal("5.00")]


def test_what_campaigns_make_it_fail_with_is_part_of_the_answer(acme: Shop) -> None:
    given(acme, "SAVE")
    publish(acme, rule(percent(10), when=[condition("checkout_total", minimum=500)]))
    found = simulated(acme, acme.card(), basket={"coupons": ["SAVE"]})
    assert found.refusal is not None
    assert found.refusal.code is ErrorCode.COUPONS_NOT_USED
    assert found.unused == ("SAVE",)
    with pytest.raises(InvalidCoupons):
        simulated(acme, acme.card(), basket={"coupons": ["NONE"]})


@pytest.mark.parametrize("number", ["unknown", "shelf"])
def test_cards_that_could_not_be_used_are_refused(acme: Shop, number: str) -> None:
    rack(acme, "shelf")
    with pytest.raises((CardNotFound, CardNotActive)):
        simulated(acme, number)


def test_a_draft_takes_the_place_of_its_campaign(acme: Shop) -> None:
    row = publish(acme, rule(percent(10)))
    publish(acme, rule(points(1)))
    draft = drafted(acme, rule(percent(20)), campaign=row)
    card = loyal(acme)
    assert amounts(simulated(acme, card)) == [Decimal("5.00"), 1]
    assert amounts(simulated(acme, card, revision=draft)) == [Decimal("10.00"), 1]


def test_a_new_campaign_runs_behind_the_others_of_its_priority(acme: Shop) -> None:
    publish(acme, rule(percent(50)))
    draft = drafted(acme, rule(percent(50)))
    assert amounts(simulated(acme, None, revision=draft)) == [Decimal("25.00"), Decimal("12.50")]
    first = drafted(acme, rule(percent(10)), priority=1)
    assert amounts(simulated(acme, None, revision=first)) == [Decimal("5.00"), Decimal("22.50")]


def test_a_paused_campaign_runs_by_its_revision(acme: Shop) -> None:
    row = publish(acme, rule(percent(10)))
    pause_campaign(brand=acme.brand, campaign_id=row.pk)
    revision = Revision.objects.get(brand=acme.brand, campaign_id=row.pk)
    assert amounts(simulated(acme, None)) == []
    assert amounts(simulated(acme, None, revision=revision.uuid)) == [Decimal("5.00")]


def test_budgets_count_what_was_given_under_the_drafts_cap(acme: Shop) -> None:
    spring = rule(percent(10))
    budget = {"uuid": uuid4(), "measure": "discount", "cap": 7}
    row = publish(acme, spring, budgets=[budget])
    acme.ok("checkout", {"checkoutTotal": 50})
    assert simulated(acme, None).outcome.verdicts[0].verdict is Verdict.OUT_OF_BUDGET
    more = drafted(acme, spring, campaign=row, budgets=[budget | {"cap": 10}])
    assert amounts(simulated(acme, None, revision=more)) == [Decimal("5.00")]
    less = drafted(acme, spring, campaign=row, budgets=[budget | {"cap": 9}])
    assert amounts(simulated(acme, None, revision=less)) == []
    new = drafted(acme, spring, campaign=row, budgets=[{**budget, "uuid": uuid4(), "cap": 5}])
    assert amounts(simulated(acme, None, revision=new)) == [Decimal("5.00")]


def test_a_throttle_for_all_cards_counts_in_the_drafts_window(acme: Shop) -> None:
    day = {"times": 1, "per": "brand", "window": {"unit": "day"}}
    spring = rule(percent(10), throttles=[day])
    row = publish(acme, spring)
    card = acme.card()
    acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 50})
    assert amounts(simulated(acme, card)) == []
    ever = drafted(acme, spring | {"throttles": [{"times": 2, "per": "brand"}]}, campaign=row)
    assert amounts(simulated(acme, card, revision=ever)) == [Decimal("5.00")]
    assert amounts(simulated(acme, card, moment=datetime.now(UTC) + timedelta(days=2))) == [Decimal("5.00")]


def test_faulty_and_unknown_revisions_are_refused(acme: Shop, charlie: Shop) -> None:
    with pytest.raises(FaultyCampaign):
        simulated(acme, None, revision=drafted(acme, rule(points(1), when=[condition("in_segment", segments=["no"])])))
    with pytest.raises(NoSuchRevision):
        simulated(acme, None, revision=drafted(charlie, rule(points(1))))


def test_other_brands_cards_are_unknown(acme: Shop, charlie: Shop) -> None:
    with pytest.raises(CardNotFound):
        simulated(acme, charlie.card())


def test_any_moment_will_do(acme: Shop) -> None:
    publish(acme, rule(percent(10), when=[condition("date_range", first="2090-01-01")]))
    assert amounts(simulated(acme, acme.card())) == []
    assert amounts(simulated(acme, acme.card(), moment=datetime(2090, 6, 1, tzinfo=UTC))) == [Decimal("5.00")]


def about(trigger: Trigger, **more: Any) -> About:
    return About(triggers=(trigger,), **more)


@pytest.mark.parametrize(
    ("asked", "trigger", "when"),
    [
        (about(Trigger.CUSTOM, keys=(("door", "3"),)), "custom", [condition("custom_key", key="door", values=["3"])]),
        (about(Trigger.EVENT, logged=("call",)), "event", [condition("event_logged", categories=["call"])]),
        (about(Trigger.EVENT, logged=("call",)), "event", [condition("event_count", category="call", minimum=1)]),
        (about(Trigger.MESSAGE, message="hello"), "message", [condition("message_says", words=["HELLO"])]),
        (about(Trigger.ENROLMENT), "enrolment", [condition("enrolled")]),
        (about(Trigger.ACCOUNT_UPDATE), "account_update", []),
        (
            about(Trigger.REFERRAL_PERIOD, referred_total=Decimal(9), referred_count=2),
            "referral_period",
            [condition("referred_sales", minimum_total=9, minimum_count=2)],
        ),
        (
            about(Trigger.BALANCE_UPDATE, movement="issue", moved="Points", moved_amount=Decimal(4)),
            "balance_update",
            [condition("balance", value_type="Points", minimum=4, maximum=4)],
        ),
    ],
)
def test_every_trigger_can_be_simulated(acme: Shop, asked: About, trigger: str, when: list[dict[str, Any]]) -> None:
    acme.ok("createEventType", {"categoryId": "call", "name": "Call", "groupType": "OTHER"})
    publish(acme, rule(points(3), when=when, trigger=trigger), rule(points(100)))
    assert amounts(simulated(acme, loyal(acme), asked)) == [3]


def test_returns_see_what_comes_back(acme: Shop) -> None:
    publish(acme, rule(points(3), when=[condition("basket_has", items={"skus": ["HAT"]})], trigger="return"))
    lines = {"total": None, "lines": [CheckoutLine("HAT", Decimal(1), Decimal(5))]}
    assert amounts(simulated(acme, loyal(acme), about(Trigger.RETURN), basket=lines)) == [3]


def test_one_rule_alone(acme: Shop) -> None:
    wanted = rule(points(3), trigger="single_rule")
    publish(acme, wanted, rule(points(4), trigger="single_rule"))
    asked = about(Trigger.SINGLE_RULE, rule=uuid_of(wanted))
    assert amounts(simulated(acme, loyal(acme), asked)) == [3]


def test_who_is_enrolled_is_not_enrolled_again(acme: Shop) -> None:
    card = loyal(acme)
    acme.ok("updateAccount", {"cardNumber": card, "countAsEnrollment": True})
    with pytest.raises(EnrolledAlready):
        simulated(acme, card, about(Trigger.ENROLMENT))


@pytest.mark.parametrize(
    ("movement", "moved", "amount"), [("issue", "Punches", "1"), ("issue", "Points", "0"), ("redeem", "Points", "9")]
)
def test_a_movement_that_is_impossible_is_refused(acme: Shop, movement: str, moved: str, amount: str) -> None:
    asked = about(Trigger.BALANCE_UPDATE, movement=movement, moved=moved, moved_amount=Decimal(amount))
    with pytest.raises(Refusal):
        simulated(acme, loyal(acme), asked)


@pytest.mark.parametrize(("movement", "left"), [("redeem", 6), ("hold", 6), ("adjust", 14)])
def test_movements_come_before_the_rules(acme: Shop, movement: str, left: int) -> None:
    card = loyal(acme, 10)
    publish(acme, rule(points(1), trigger="balance_update"))
    asked = about(Trigger.BALANCE_UPDATE, movement=movement, moved="Points", moved_amount=Decimal(4))
    assert simulated(acme, card, asked).said.balances == {"Points": str(left + 1)}


def test_coupons_and_mails_are_announced_and_not_drawn(acme: Shop) -> None:
    booklet(acme, ["GIFT"])
    publish(acme, rule(result("allocate_coupon", coupon_set="summer"), says("Hello", "email")))
    effects = simulated(acme, loyal(acme)).outcome.effects
    assert [isinstance(each, CouponGiven) for each in effects] == [True, False]
