"""Stories of campaigns that are not about a checkout: birthdays, coming back, welcome, keys, friends, words."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from apps.cards.models import Card
from apps.coupons.models import Coupon
from apps.messaging.models import Outbox
from apps.transactions.checkouts.basket import Basket, Shopper
from apps.transactions.operations.checkout import checkout
from tests.campaigns.live import condition, points, publish, result, rule, says, uuid_of
from tests.coupons.booklet import booklet
from tests.merchant_api.triggers import member, points_of
from tests.shop import Shop
from tests.transactions.date_days import BIRTHDAY, DAILY, TODAY, days, on_day, run

ELEVEN_MONTHS = [{"times": 1, "window": {"unit": "month", "count": 11}}]


def born(shop: Shop, card: str, day: date) -> None:
    """The customer says to have the birthday on this day."""
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": {"birthday": f"1988-{day.month:02}-{day.day:02}"}})


def test_whoever_moves_the_birthday_is_congratulated_once_in_eleven_months(acme: Shop) -> None:
    publish(acme, on_day(BIRTHDAY, points(100), says("Happy birthday!", "sms"), throttles=ELEVEN_MONTHS))
    card = member(acme, firstName="Ada", birthday=f"1988-{TODAY.month:02}-{TODAY.day:02}")
    gifts = []
    for wait in (0, 30, 200, 366):
        day = TODAY + days(wait)
        born(acme, card, day)
        gifts.append(run(acme, day).fired)
    assert gifts == [1, 0, 0, 1]
    assert points_of(acme, card) == 200
    assert Outbox.objects.filter(brand=acme.brand).count() == 2


def test_who_stayed_away_for_a_month_is_invited_once(acme: Shop) -> None:
    away = condition("last_visit", minimum_days=30)
    once = [{"times": 1, "window": {"unit": "month", "count": 2}}]
    publish(acme, on_day(DAILY, points(25), says("We miss you", "sms"), when=[away], throttles=once))
    regular, lost, new = member(acme), member(acme), member(acme)
    for card in (regular, lost):
        acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 5})
    came_again = datetime.combine(TODAY + days(29), time(9), UTC)
    fired = [run(acme, TODAY + days(number)).fired for number in (0, 29)]
    buy(acme, regular, at=came_again)
    fired += [run(acme, TODAY + days(number)).fired for number in (30, 31)]
    assert fired == [0, 0, 1, 0]
    assert [points_of(acme, card) for card in (regular, lost, new)] == [0, 25, 0]


def test_a_welcome_coupon_at_enrolment(acme: Shop) -> None:
    booklet(acme, ["W-1", "W-2", "W-3"], code="welcome")
    publish(acme, rule(result("allocate_coupon", coupon_set="welcome"), trigger="enrolment"))
    card = member(acme)
    for _ in range(2):
        acme.ok("updateAccount", {"cardNumber": card, "countAsEnrollment": True})
    assert Coupon.objects.filter(brand=acme.brand, wallet_id=wallet_of(acme, card)).count() == 1


def test_a_newsletter_triggers_by_its_keys(acme: Shop) -> None:
    spring, again = (condition("custom_key", key="newsletter", values=["spring"]) for _ in range(2))
    coffee = condition("custom_key", key="likes")
    publish(
        acme,
        rule(points(1), says("Spring is here, {{firstName}}"), when=[spring], trigger="custom"),
        rule(points(10), when=[again, coffee], trigger="custom", throttles=[{"times": 1}]),
    )
    card = member(acme, firstName="Ada")
    keys = [{"key": "newsletter", "value": "spring"}, {"key": "likes", "value": "coffee"}]
    for _ in range(2):
        answer = acme.ok("triggerCustomCampaigns", {"cardNumber": card, "customKeyValues": keys})
        assert answer["responseMessages"] == ["Spring is here, Ada"]
    assert points_of(acme, card) == 12


def test_friends_that_buy_are_rewarded_and_the_reward_can_be_taken_back(acme: Shop) -> None:
    enough = condition("referred_sales", minimum_total=50, minimum_count=2)
    publish(acme, rule(points(20), when=[enough], trigger="referral_period"))
    card = member(acme)
    period = {"cardNumber": card, "checkoutTotalSum": "80.00"}
    acme.ok("triggerReferRewards", period | {"checkoutCount": 1})
    rewarded = acme.ok("triggerReferRewards", period | {"checkoutCount": 2})
    assert points_of(acme, card) == 20
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": rewarded["requestRef"]})
    assert points_of(acme, card) == 0


@pytest.mark.parametrize(("word", "given"), [("Balance", 0), ("WIN", 5), ("stop", 0)])
def test_a_word_wins_once(acme: Shop, word: str, given: int) -> None:
    win = condition("message_says", words=["win"])
    publish(acme, rule(points(5), when=[win], trigger="message", throttles=[{"times": 1}]))
    card = member(acme, firstName="Ada", mobilePhone="+14155550123")
    fired = [acme.ok("processMessage", {"cardNumber": card, "message": word})["triggeredRuleCount"] for _ in range(2)]
    assert fired == [1 if given else 0, 0]
    assert points_of(acme, card) == given


def test_a_partner_that_tries_again_rewards_once(acme: Shop) -> None:
    reward = rule(points(40), says("Thanks", "sms"), trigger="single_rule")
    campaign = publish(acme, reward)
    card = member(acme)
    body = {"cardNumber": card, "campaignUUID": str(campaign.uuid), "campaignRuleUUID": str(uuid_of(reward))}
    for triggering in ("visit-1", "visit-1", "visit-2"):
        acme.ok("triggerCampaignRule", body | {"triggeringUUID": triggering})
    assert points_of(acme, card) == 80
    assert Outbox.objects.filter(brand=acme.brand).count() == 2


def wallet_of(shop: Shop, card: str) -> int:
    """The card's wallet."""
    wallet: int = Card.objects.get(brand=shop.brand, number=card).wallet_id
    return wallet


def buy(shop: Shop, card: str, *, at: datetime) -> None:
    """A checkout at that moment."""
    basket = Basket(total=Decimal(5))
    call = shop.call(now=at, moment=at)
    checkout(call=call, configuration=shop.configuration, basket=basket, shopper=Shopper(card_number=card))
