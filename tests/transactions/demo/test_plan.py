"""The plan of the demo brand, without a database."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from apps.transactions.demo.diary import DAYS
from apps.transactions.demo.places import GROUPS, PLACES
from apps.transactions.demo.plan import plan
from apps.transactions.demo.purse import Purse

END = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)


def test_there_are_three_groups_eight_locations_and_fifteen_terminals() -> None:
    assert (len(GROUPS), len(PLACES), sum(len(place.terminals) for place in PLACES)) == (3, 8, 15)


def test_the_seed_is_fixed() -> None:
    assert plan(end=END, customers=30) == plan(end=END, customers=30)


def test_five_hundred_customers_live_through_ninety_days() -> None:
    steps = plan(end=END, customers=500)
    joined = Counter(step.body["cardSetId"] for step in steps if step.method == "allocate")
    assert joined == {"loyalty-cards": 500, "gift-cards": 250}
    days = {(END - step.at).days for step in steps}
    assert days <= set(range(DAYS + 1))
    assert len(days) >= DAYS
    assert 4_000 < len(steps) < 9_000


def test_steps_are_in_the_order_of_time_and_names_are_unique() -> None:
    steps = plan(end=END, customers=100)
    assert all(before.at <= after.at for before, after in pairwise(steps))
    assert steps[-1].at <= END
    assert len({step.name for step in steps}) == len(steps)


def test_all_kinds_of_activity_are_there() -> None:
    steps = plan(end=END, customers=500)
    actions = {step.body.get("action") for step in steps if step.method == "updateBalance"}
    assert actions == {"issue", "redeem", "hold", "adjustOnly"}
    checkouts = [step.body for step in steps if step.method == "checkout"]
    assert any("cardNumber" not in body for body in checkouts)
    assert max(len(body.get("products", ())) for body in checkouts) >= 4
    payments = [payment for body in checkouts for payment in body["paymentMethods"]]
    for name in ("redeemBalance", "updateBalanceRequestRef", "checkoutPaymentAmount"):
        assert any(name in payment for payment in payments)
    assert {"voidTransaction", "reactivate", "search", "cardHistory", "updateAccount"} <= {
        step.method for step in steps
    }


def test_a_purse_spends_the_earliest_expiry_first() -> None:
    purse, later = Purse(), END + timedelta(days=1)
    purse.put(Decimal(5))
    purse.put(Decimal(3), expires_at=later)
    purse.put(Decimal(9), active_at=later)
    assert purse.free(END) == 8
    purse.take(Decimal(4), END)
    assert purse.free(later) == 13
