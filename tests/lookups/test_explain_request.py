"""Why rules did or did not fire on a request, worked out again."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from apps.lookups.core.explanation import RuleDrawn
from apps.lookups.queries.explain_request import Explained, explain_request
from apps.requestlog.models import Request
from apps.transactions.firing.trace import Verdicts
from tests.campaigns.live import condition, percent, points, publish, result, rule, uuid_of
from tests.coupons.booklet import booklet, given
from tests.merchant_api.steady import refused
from tests.shop import Reply, Shop


def explained(shop: Shop, reply: Reply) -> Explained:
    row = Request.objects.get(brand=shop.brand, id=UUID(reply["requestRef"]))
    found = explain_request(brand_id=shop.brand.pk, facts=row.facts, verdicts=row.verdicts)
    assert found is not None
    return found


def rules(found: Explained) -> list[RuleDrawn]:
    return [rule for campaign in found.campaigns for rule in campaign.rules]


def buy(shop: Shop, total: Any, **more: Any) -> Reply:
    return shop.ok("checkout", {"cardNumber": shop.card(card_set=shop.loyalty_set), "checkoutTotal": total} | more)


def test_a_rule_that_fired_says_what_it_did(acme: Shop) -> None:
    publish(acme, rule(points(10), percent(10), name="Tenth"), name="Spring")
    found = explained(acme, buy(acme, 50))
    (spring,) = found.campaigns
    assert (spring.name, spring.number, spring.fired, found.differences) == ("Spring", 1, 1, ())
    (tenth,) = spring.rules
    assert (tenth.name, tenth.fired, tenth.headline) == ("Tenth", True, "Fired, 5.00 USD off")
    assert tenth.done == ("Issued 10 Points", "Took 5.00 USD off the total")


def test_each_condition_says_what_it_wanted_and_saw(acme: Shop) -> None:
    group = condition(
        "any_of",
        conditions=[
            condition("location_is", locations=["harbour"]),
            condition("checkout_total", maximum=5, name="Small"),
        ],
    )
    publish(acme, rule(points(1), when=[condition("checkout_total", minimum=40), group]), name="x")
    (only,) = rules(explained(acme, buy(acme, "48.50")))
    assert (only.name, only.fired, only.headline) == ("Rule 1", False, "1 of 2 conditions was not met")
    total, either = only.conditions
    assert (total.title, total.passed, total.wanted, total.seen) == (
        "Checkout total",
        True,
        "at least 40.00 USD",
        "48.50 USD",
    )
    assert [(part.title, part.passed) for part in either.parts] == [
        ("Location is", False),
        ("Small (checkout total)", False),
    ]


def test_throttle_and_budget_say_how_full_they_were(acme: Shop) -> None:
    budget = {"uuid": uuid_of(rule()), "measure": "discount", "cap": 7}
    publish(acme, rule(percent(10), throttles=[{"times": 1}]), budgets=[budget])
    card = acme.card(card_set=acme.loyalty_set)
    body = {"cardNumber": card, "checkoutTotal": 50}
    first, second = (rules(explained(acme, acme.ok("checkout", body)))[0] for _ in range(2))
    assert first.limits == (
        "Fires at most 1 time per card in all; 0 before this call",
        "Budget of 7 discount; 0 before this call",
    )
    assert second.headline == "Throttled: 1 of 1 per card in all"
    (third,) = rules(explained(acme, buy(acme, 50)))
    assert third.headline.startswith("Out of budget: 5 of 7 discount")


def test_a_loser_says_to_whom_and_by_how_much(acme: Shop) -> None:
    group = {"name": "best", "picks": "highest"}
    publish(acme, rule(percent(10), group=group, name="Ten"), rule(percent(30), group=group, name="Thirty"))
    ten, thirty = rules(explained(acme, buy(acme, 50)))
    assert (ten.headline, thirty.fired) == ("Lost to “Thirty” by 10.00 USD of discount", True)


def test_who_came_late_or_was_stopped_says_by_whom(acme: Shop) -> None:
    group = {"name": "one"}
    publish(
        acme,
        rule(points(1), group=group, name="First"),
        rule(points(1), group=group, name="Late"),
        rule(points(1), stops_others=True, name="Stop"),
        rule(points(1)),
    )
    _, late, _, stopped = rules(explained(acme, buy(acme, 50)))
    assert late.headline == "Lost to “First”, which had fired for their group"
    assert stopped.headline == "Stopped by “Stop”"


def test_a_gift_that_was_not_there_is_no_deed(acme: Shop) -> None:
    booklet(acme, [])
    publish(acme, rule(result("allocate_coupon", coupon_set="summer"), points(1)))
    (only,) = rules(explained(acme, buy(acme, 5)))
    assert only.done == ("Issued 1 Points",)
    assert [each.reason for each in only.skipped] == ["The coupon set summer has no free coupon left."]
    assert only.skipped[0].result == "Give a coupon of set summer"


def test_what_a_campaigns_own_condition_took_stands_with_the_campaign(acme: Shop) -> None:
    card = acme.card(card_set=acme.loyalty_set)
    balance = {"balanceType": "Points", "amount": 30}
    acme.ok("updateBalance", {"cardNumber": card, "action": "issue", "amount": balance})
    threshold = condition("balance", value_type="Points", minimum=20, take_threshold=True)
    publish(acme, rule(percent(1)), conditions=[threshold])
    (campaign,) = explained(acme, acme.ok("checkout", {"cardNumber": card, "checkoutTotal": 10})).campaigns
    assert campaign.done == ("Took 20 Points",)
    assert campaign.rules[0].conditions[0].of_campaign


def test_refusals_by_campaigns_are_explained(acme: Shop) -> None:
    given(acme, "SAVE")
    publish(acme, rule(percent(10), when=[condition("checkout_total", minimum=500)], name="Big"))
    body = {"cardNumber": acme.card(), "checkoutTotal": 10, "coupons": ["SAVE"]}
    (big,) = rules(explained(acme, refused(acme, 52, "checkout", body)))
    assert (big.name, big.fired) == ("Big", False)


def test_a_promise_that_was_broken_is_told(acme: Shop) -> None:
    publish(acme, rule(points(10), name="Ten"))
    row = Request.objects.get(brand=acme.brand, id=UUID(buy(acme, 50)["requestRef"]))
    assert row.verdicts is not None
    kept = msgspec.json.decode(row.verdicts, type=Verdicts)
    other = msgspec.structs.replace(kept.verdicts[0], verdict="lost", times=0)
    verdicts = msgspec.json.encode(msgspec.structs.replace(kept, verdicts=(other,)))
    found = explain_request(brand_id=acme.brand.pk, facts=row.facts, verdicts=verdicts)
    assert found is not None
    assert found.differences == ("“Ten”: lost then, fired now.",)


def test_rules_whose_conditions_were_not_met_take_no_room(acme: Shop) -> None:
    big = [rule(percent(10), when=[condition("checkout_total", minimum=500)], name=f"Big {n}") for n in range(40)]
    publish(acme, rule(points(10), name="Ten"), *big)
    row = Request.objects.get(brand=acme.brand, id=UUID(buy(acme, 50)["requestRef"]))
    assert row.verdicts is not None and len(row.verdicts) < 300
    found = explain_request(brand_id=acme.brand.pk, facts=row.facts, verdicts=row.verdicts)
    assert found is not None and found.differences == ()
    assert [each.fired for each in found.campaigns[0].rules] == [True] + [False] * 40


def test_a_rule_that_was_not_kept_and_fires_now_is_a_broken_promise(acme: Shop) -> None:
    publish(acme, rule(points(10), name="Ten"))
    row = Request.objects.get(brand=acme.brand, id=UUID(buy(acme, 50)["requestRef"]))
    assert row.verdicts is not None
    kept = msgspec.json.decode(row.verdicts, type=Verdicts)
    verdicts = msgspec.json.encode(msgspec.structs.replace(kept, verdicts=()))
    found = explain_request(brand_id=acme.brand.pk, facts=row.facts, verdicts=verdicts)
    assert found is not None and found.differences == ("“Ten”: conditions then, fired now.",)


def test_a_request_explains_itself_by_the_revision_of_its_time(acme: Shop) -> None:
    row = publish(acme, rule(points(10)))
    reply = buy(acme, 50)
    publish(acme, rule(points(99)), campaign=row)
    (campaign,) = explained(acme, reply).campaigns
    assert (campaign.number, campaign.rules[0].done) == (1, ("Issued 10 Points",))


def test_who_asked_no_rules_has_no_explanation(acme: Shop) -> None:
    row = Request.objects.get(brand=acme.brand, id=UUID(buy(acme, 50)["requestRef"]))
    assert explain_request(brand_id=acme.brand.pk, facts=row.facts, verdicts=row.verdicts) is None


@pytest.mark.parametrize(
    ("kind", "more", "is_personal"),
    [
        ("customer_field", {"field": "city"}, True),
        ("custom_key", {"key": "shoe"}, True),
        ("occasion_today", {"occasion": {"what": "birthday"}}, True),
        ("occasion_today", {"occasion": {"what": "daily"}}, False),
        ("visited", {"minimum": 1}, False),
    ],
)
def test_what_is_known_of_a_person_is_marked(acme: Shop, kind: str, more: dict[str, Any], *, is_personal: bool) -> None:
    publish(acme, rule(points(1), when=[condition("any_of", conditions=[condition(kind, **more)])]))
    (only,) = rules(explained(acme, buy(acme, 5)))
    assert [part.is_personal for part in only.conditions[0].parts] == [is_personal]
