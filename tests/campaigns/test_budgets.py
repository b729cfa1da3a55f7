"""Budgets: exact under parallel load, windows that move on, reservations, and what voids give back."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from apps.campaigns.models import Budget, BudgetReservation, Spending
from apps.campaigns.tasks import give_back_lapsed_reservations
from apps.kernel.db.hot import hot_cursor
from tests.campaigns.purse import LATER, NOW, TODAY, move, purse, read_left, take, together
from tests.journeys.storm.journal import deadlocks
from tests.requestlog.test_unit import other_connection, wait_for_waiters
from tests.shop import Shop, open_shop

ONE = Decimal(1)
DAY = timedelta(days=1)


@pytest.fixture
def shop() -> Shop:
    """A brand whose books nobody verifies: budgets here are spent by nothing."""
    return open_shop("acme")


def stands(budget: int) -> tuple[Decimal, Decimal, dict[str, int]]:
    """What is used, what is reserved, and what was used on which day."""
    row = Budget.objects.get(pk=budget)
    return row.used, row.reserved, row.by_day


def left(shop: Shop, budget: int, today: date = TODAY) -> Decimal:
    return read_left(hot_cursor(), shop, [budget], today=today)[budget]


def test_what_is_spent_is_used(shop: Shop) -> None:
    budget = purse(shop, 100)
    move(shop, spent={budget: Decimal("12.5")})
    assert stands(budget) == (Decimal("12.5"), 0, {})
    assert left(shop, budget) == Decimal("87.5")
    row = Spending.objects.get(brand=shop.brand)
    assert (row.budget_id, row.amount, row.on_date, row.undone) == (budget, Decimal("12.5"), TODAY, False)


def test_the_guard_stops_what_is_more_than_is_left(shop: Shop) -> None:
    budget = purse(shop, 10, used=8)
    with pytest.raises(psycopg.errors.CheckViolation, match="campaigns_budget_not_over"):
        move(shop, spent={budget: Decimal(3)})
    assert stands(budget) == (8, 0, {})


def test_a_budget_of_100_gives_exactly_100_to_many_at_once(shop: Shop) -> None:
    budget = purse(shop, 100)
    given = together([partial(take, shop, {budget: ONE})] * 320)
    assert sum(given) == 100
    assert stands(budget)[0] == 100 == Spending.objects.filter(brand=shop.brand).count()


def test_a_throttle_of_the_brand_is_exact_too(shop: Shop) -> None:
    budget = purse(shop, 50, window_unit="week")
    given = together([partial(take, shop, {budget: ONE})] * 160)
    assert sum(given) == 50
    assert stands(budget) == (50, 0, {"2026-03-18": 50})


def test_two_budgets_in_any_order_never_deadlock(shop: Shop) -> None:
    before = deadlocks()
    one, two = purse(shop, 10_000), purse(shop, 10_000)
    orders = [random.sample([one, two], 2) for _ in range(300)]
    together([partial(move, shop, spent=dict.fromkeys(order, ONE)) for order in orders], threads=16)
    assert deadlocks() == before
    assert stands(one)[0] == stands(two)[0] == 300


def test_setups_and_their_ends_never_deadlock(shop: Shop) -> None:
    before = deadlocks()
    budgets = [purse(shop, 10_000) for _ in range(3)]

    def story(number: int) -> None:
        wanted = dict.fromkeys(random.sample(budgets, 2), ONE)
        setup = move(shop, reserved=wanted, until=LATER)
        if number % 2:
            move(shop, completes=setup)
        else:
            move(shop, gives_back=[setup], spent=wanted)

    together([partial(story, number) for number in range(120)], threads=16)
    assert deadlocks() == before
    assert sum(stands(budget)[0] for budget in budgets) == 240
    assert sum(stands(budget)[1] for budget in budgets) == 0


def test_a_row_that_was_waited_for_is_computed_anew(shop: Shop) -> None:
    budget = purse(shop, 100, window_unit="day", by_day={"2026-03-17": 4, "2026-03-18": 1}, used=5)
    with other_connection() as other:
        other.execute(
            """UPDATE campaigns_budget SET used = 9, reserved = 2, by_day = '{"2026-03-18": 9}'
            WHERE brand_id = %s AND id = %s""",
            [shop.brand.pk, budget],
        )
        both = [other.commit, partial(move, shop, spent={budget: ONE})]
        together([lambda: (wait_for_waiters(1), both[0]()), both[1]])
    assert stands(budget) == (10, 2, {"2026-03-18": 10})


# --- windows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "count", "last_day"),
    [
        ("day", 1, date(2026, 3, 18)),
        ("day", 3, date(2026, 3, 20)),
        ("week", 1, date(2026, 3, 22)),
        ("week", 2, date(2026, 3, 29)),
        ("month", 1, date(2026, 3, 31)),
        ("month", 2, date(2026, 4, 30)),
    ],
)
def test_a_window_counts_a_day_until_its_end(shop: Shop, unit: str, count: int, last_day: date) -> None:
    budget = purse(shop, 5, window_unit=unit, window_count=count)
    move(shop, spent={budget: Decimal(5)})
    assert (left(shop, budget, last_day), left(shop, budget, last_day + DAY)) == (0, 5)
    assert not take(shop, {budget: ONE}, on_date=last_day)
    assert take(shop, {budget: ONE}, on_date=last_day + DAY)
    assert stands(budget) == (1, 0, {str(last_day + DAY): 1})


def test_a_call_with_an_older_date_counts_in_its_own_window_only(shop: Shop) -> None:
    budget = purse(shop, 1, window_unit="day")
    move(shop, spent={budget: ONE})
    move(shop, spent={budget: ONE}, on_date=TODAY - DAY)
    assert stands(budget) == (1, 0, {"2026-03-18": 1})


def test_a_window_forgets_no_day_that_lies_in_it(shop: Shop) -> None:
    budget = purse(shop, 5, window_unit="day", window_count=2)
    for day in (TODAY, TODAY + DAY, TODAY + DAY, TODAY + 2 * DAY):
        move(shop, spent={budget: ONE}, on_date=day)
    assert stands(budget) == (3, 0, {"2026-03-19": 2, "2026-03-20": 1})


# --- reservations ----------------------------------------------------------------------------------------------------


def test_what_is_reserved_is_not_left(shop: Shop) -> None:
    budget = purse(shop, 10)
    move(shop, reserved={budget: Decimal(6)}, until=LATER)
    assert (stands(budget), left(shop, budget)) == ((0, 6, {}), 4)
    assert not take(shop, {budget: Decimal(5)})
    assert take(shop, {budget: Decimal(4)})


def test_a_completed_setup_has_spent_what_it_reserved(shop: Shop) -> None:
    budget, daily = purse(shop, 10), purse(shop, 5, window_unit="day")
    setup = move(shop, reserved={budget: Decimal(6), daily: ONE}, until=LATER)
    done = move(shop, completes=setup, on_date=TODAY + DAY)
    assert (stands(budget), stands(daily)) == ((6, 0, {}), (1, 0, {"2026-03-19": 1}))
    assert set(Spending.objects.values_list("operation_id", "amount").filter(budget_id=budget)) == {(done, 6)}
    assert not BudgetReservation.objects.filter(brand=shop.brand).exists()


def test_a_setup_completes_whatever_the_cap_is_now(shop: Shop) -> None:
    budget = purse(shop, 10)
    setup = move(shop, reserved={budget: Decimal(6)}, until=LATER)
    Budget.objects.filter(pk=budget).update(cap=2)
    move(shop, completes=setup)
    assert (stands(budget), left(shop, budget)) == ((6, 0, {}), -4)


def test_one_call_may_end_a_setup_and_spend(shop: Shop) -> None:
    budget = purse(shop, 10)
    setup = move(shop, reserved={budget: Decimal(6)}, until=LATER)
    move(shop, gives_back=[setup], spent={budget: Decimal(9)})
    assert stands(budget) == (9, 0, {})


def test_a_setup_ends_once(shop: Shop) -> None:
    budget = purse(shop, 10)
    setup = move(shop, reserved={budget: Decimal(6)}, until=LATER)
    together([partial(move, shop, gives_back=[setup])] * 8)
    assert stands(budget) == (0, 0, {})


def test_what_lapsed_is_left_and_given_back_when_it_is_needed(shop: Shop) -> None:
    budget = purse(shop, 10)
    move(shop, reserved={budget: Decimal(6)}, until=NOW)
    assert left(shop, budget) == 10
    assert take(shop, {budget: Decimal(9)})
    assert stands(budget) == (9, 0, {})


# --- voids -----------------------------------------------------------------------------------------------------------


def test_a_void_gives_back_once(shop: Shop) -> None:
    budget, daily = purse(shop, 10), purse(shop, 5, window_unit="week")
    spent = move(shop, spent={budget: Decimal(6), daily: ONE})
    move(shop, spent={daily: ONE}, on_date=TODAY + DAY)
    for _ in range(2):
        move(shop, undoes=[spent], on_date=TODAY + DAY)
    assert (stands(budget), stands(daily)) == ((0, 0, {}), (1, 0, {"2026-03-18": 0, "2026-03-19": 1}))
    assert set(Spending.objects.filter(operation_id=spent).values_list("undone", flat=True)) == {True}


def test_a_void_after_the_window_changes_nothing_in_it(shop: Shop) -> None:
    budget = purse(shop, 10, window_unit="day")
    spent = move(shop, spent={budget: Decimal(6)})
    move(shop, spent={budget: ONE}, on_date=TODAY + DAY)
    move(shop, undoes=[spent], on_date=TODAY + DAY)
    assert stands(budget) == (1, 0, {"2026-03-19": 1})


def test_another_brands_budget_cannot_be_touched(shop: Shop, charlie: Shop) -> None:
    budget = purse(shop, 10)
    assert read_left(hot_cursor(), charlie, [budget]) == {}
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        move(charlie, spent={budget: ONE})
    setup = move(shop, reserved={budget: ONE}, until=LATER)
    move(charlie, gives_back=[setup], undoes=[setup])
    assert stands(budget) == (0, 1, {})


def test_no_moves_are_no_statement(shop: Shop) -> None:
    assert isinstance(move(shop), UUID)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM campaigns_spending WHERE brand_id = %s", [shop.brand.pk])
        assert cursor.fetchone() == (0,)


# --- the task --------------------------------------------------------------------------------------------------------


def test_the_task_gives_back_what_lapsed(shop: Shop, charlie: Shop) -> None:
    kept, lapsed, others = purse(shop, 10), purse(shop, 10), purse(charlie, 10)
    move(shop, reserved={kept: ONE}, until=datetime.now(UTC) + DAY)
    move(shop, reserved={lapsed: ONE, kept: Decimal(2)}, until=NOW)
    move(charlie, reserved={others: ONE}, until=NOW)
    together([give_back_lapsed_reservations] * 4)
    give_back_lapsed_reservations()
    assert [stands(budget)[1] for budget in (kept, lapsed, others)] == [1, 0, 0]


def test_the_task_passes_over_what_is_locked(shop: Shop) -> None:
    budget = purse(shop, 10)
    move(shop, reserved={budget: ONE}, until=NOW)
    with other_connection() as other:
        other.execute("SELECT 1 FROM campaigns_budget WHERE id = %s FOR NO KEY UPDATE", [budget])
        give_back_lapsed_reservations()
        assert stands(budget)[1] == 1
    give_back_lapsed_reservations()
    assert stands(budget)[1] == 0
