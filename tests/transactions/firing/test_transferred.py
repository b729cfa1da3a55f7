"""What rules know of a card that another one was transferred into."""

from tests.campaigns.live import condition, percent, points, publish, result, rule, says
from tests.coupons.booklet import booklet
from tests.merchant_api.methods.test_transfer import into, out
from tests.shop import Shop


def test_rules_count_what_happened_on_the_old_card(acme: Shop) -> None:
    booklet(acme, ["T-1", "T-2"], code="two", limit_per_card=1)
    acme.ok("createEventType", {"categoryId": "call"})
    week = {"unit": "week"}
    publish(
        acme,
        rule(points(5), throttles=[{"times": 1}]),
        rule(percent(10), throttles=[{"times": 2, "window": week}]),
        rule(result("allocate_coupon", coupon_set="two"), result("log_event", category="call")),
        rule(says("second"), when=[condition("nth_checkout", n=2)]),
        rule(says("spent"), when=[condition("spent", window=week, minimum=9)]),
        rule(says("called"), when=[condition("event_count", category="call", minimum=1)]),
        rule(says("came"), when=[condition("visited", window=week, minimum=1)]),
    )
    old, new = acme.card(card_set=acme.loyalty_set), acme.card(card_set=acme.loyalty_set)
    first = acme.ok("checkout", {"cardNumber": old, "checkoutTotal": 10})
    assert (len(first["issuedCouponIDs"]), first["responseMessages"]) == (1, [])
    out(acme, old)
    into(acme, new, old)
    body = {"cardNumber": new, "checkoutTotal": 10, "returnBalances": True}
    second = acme.ok("checkout", body)
    assert second["responseMessages"] == ["second", "spent", "called", "came"]
    assert (second["issuedCouponIDs"], second["balances"][0]["amount"], second["totalDiscount"]) == ([], 5, 1)
    assert acme.ok("checkout", body)["totalDiscount"] == 0
