"""Locking setups under everything that can happen meanwhile: what a setup showed, its complete does, to the unit."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.kernel.value_types import BalanceType
from apps.programs.models import ValueType
from apps.programs.operations.create_value_type import create_value_type
from tests.campaigns.live import publish
from tests.coupons.booklet import booklet
from tests.journeys.lock_story import BUDGET, LONGEST, MAXIMUM, Story, rules
from tests.merchant_api.steady import change_brand
from tests.shop import Shop, open_shop

AMOUNTS = st.integers(1, 90)
KINDS = st.sampled_from([BalanceType.CURRENCY, BalanceType.POINTS])
BOTH = frozenset({BalanceType.CURRENCY, BalanceType.POINTS})


@pytest.fixture(scope="module")
def shop(database: None) -> Shop:
    """A brand with generous campaigns, coupons of both kinds and bounds that are met now and then."""
    shop = open_shop("acme")
    change_brand(shop, longest_checkout_lock=LONGEST)
    Story.shop = shop
    Story.dollars = create_value_type(
        brand=shop.brand,
        program=shop.loyalty,
        balance_type="Currency",
        balance_code="USD",
        scale=2,
        maximum=Decimal(MAXIMUM),
    )
    ValueType.objects.filter(pk=shop.points.pk).update(maximum=MAXIMUM)
    booklet(shop, [f"IN-{number}" for number in range(500)], code="in")
    booklet(shop, [f"OUT-{number}" for number in range(500)], code="out")
    Story.campaign = publish(shop, *rules(1, 10, 50, 1), budgets=[BUDGET])
    return shop


def does(name: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """One thing that happens."""
    return st.tuples(st.just(name), st.fixed_dictionaries(arguments))


PASSES = does("time_passes", minutes=st.sampled_from([1, 5, 50, 600, 1500]))
PUBLISHES = does(
    "somebody_publishes",
    factor=st.integers(1, 3),
    off=st.integers(0, 40),
    threshold=st.integers(20, 90),
    days=st.integers(0, 2),
)
UPDATES = does(
    "update_balance",
    kind=KINDS,
    action=st.sampled_from(["issue", "redeem", "hold"]),
    amount=AMOUNTS,
    minutes=st.none() | st.sampled_from([3, 40, 900]),
)
EXTREMES = does("somebody_takes_all_there_is", kind=KINDS) | does("somebody_fills_the_card", kind=KINDS)
VERBS = does("another_verb", which=st.sampled_from(["checkout", "setup", "lock", "account", "child", "zero", "erase"]))
OTHERS = st.sampled_from([("void", {}), ("the_sweep_comes_by", {}), ("somebody_tidies_up", {}), ("look_back", {})])
MEANWHILE = PASSES | PUBLISHES | UPDATES | EXTREMES | EXTREMES | VERBS | OTHERS


class LockingSetups(RuleBasedStateMachine):
    """A card that is locked, used and unlocked in any order. What is locked at last is completed; without a lock
    nothing ends. No preconditions: what a setup finds depends on what earlier machines published."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()

    @rule(events=st.lists(MEANWHILE, min_size=1, max_size=4))
    def something_happens(self, events: list[tuple[str, dict[str, Any]]]) -> None:
        for name, arguments in events:
            getattr(self.story, name)(**arguments)
            self.story.check_budgets()

    @rule(
        total=AMOUNTS,
        pays=st.sampled_from([0, 5, 20, 35]),
        seconds=st.sampled_from([60, 600, 3600, 30 * 3600, 30 * 3600]),
        excluded=st.sampled_from([frozenset(), frozenset({BalanceType.POINTS}), BOTH, BOTH]),
        with_coupon=st.booleans(),
    )
    def a_till_sets_up(self, **wanted: Any) -> None:
        self.story.set_up(**wanted)

    @rule(how=st.sampled_from([*["complete"] * 4, "cancel", "release", "wait"]))
    def it_ends(self, how: str) -> None:
        getattr(self.story, how)()

    @invariant()
    def what_is_reserved_is_reserved_for_somebody(self) -> None:
        self.story.check_budgets()

    def teardown(self) -> None:
        self.story.complete()
        self.story.look_back()
        self.story.close()


@pytest.mark.usefixtures("shop")
def test_complete_does_what_setup_showed_whatever_happens_in_between() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        LockingSetups,
        settings=settings(
            max_examples=25, stateful_step_count=24, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
