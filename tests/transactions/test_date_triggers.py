"""Date triggers: whose day it is, once for each card, rule and day, whatever happens to the worker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from apps.campaigns.operations.pause_campaign import pause_campaign
from apps.campaigns.operations.resume_campaign import resume_campaign
from apps.campaigns.operations.take_date_run import LEASE, take_date_run
from apps.cards.models import Card
from apps.kernel.db.hot import Cursor
from apps.ledger.queries.read_wallet import lock_family_if_free
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.core.plan import Plan
from apps.requestlog.models import Operation
from apps.requestlog.unit import change
from apps.transactions import tasks
from apps.transactions.operations import advance_date_run as module
from apps.transactions.operations.advance_date_run import Advanced, State, advance_date_run
from apps.transactions.operations.release_checkout_lock import release_checkout_lock
from apps.transactions.tasks import run_date_triggers
from tests.campaigns.live import condition, points, publish, rule, says
from tests.merchant_api.steady import change_brand, set_status
from tests.merchant_api.triggers import member, points_of
from tests.shop import Shop, open_shop
from tests.transactions.date_days import BIRTHDAY, DAILY, TODAY, days, firings, on_day, row_of, run
from tests.transactions.locks import lock


def members(shop: Shop, count: int) -> list[str]:
    return [member(shop) for _ in range(count)]


def given(shop: Shop, cards: list[str]) -> list[int]:
    return [points_of(shop, card) for card in cards]


def born(day: date) -> str:
    """A birthday on this day of another year."""
    return f"1988-{day.month:02}-{day.day:02}"


# --- whose day it is -------------------------------------------------------------------------------------------------


def test_a_birthday_is_congratulated_on_its_day_only(acme: Shop) -> None:
    publish(acme, on_day(BIRTHDAY, points(50)))
    ada, _other, nobody = member(acme, birthday=born(TODAY)), member(acme, birthday=born(TODAY + days(1))), member(acme)
    assert run(acme) == Advanced(State.DONE, cards=1, fired=1)
    assert (points_of(acme, ada), points_of(acme, nobody)) == (50, 0)


def test_other_occasions_find_their_cards(acme: Shop) -> None:
    month = (TODAY.replace(day=1) + days(40)).replace(day=1)
    monthly = [{"times": 1, "window": {"unit": "month"}}]
    publish(
        acme,
        on_day({"what": "enrolment"}, points(1)),
        on_day({"what": "activation"}, points(10)),
        on_day({"what": "birthday_month"}, points(100), throttles=monthly),
        on_day({"what": "birthday", "shift": -7}, points(1000)),
    )
    # the month is an occasion of the whole month once something else has the card looked at: hence its throttle
    enrolled, plain = member(acme), member(acme, birthday=born(month + days(20)))
    acme.ok("updateAccount", {"cardNumber": enrolled, "countAsEnrollment": True})
    anniversary = TODAY.replace(year=TODAY.year + 1)
    for day in sorted({TODAY, month, month + days(13), anniversary}):
        run(acme, day)
    assert points_of(acme, enrolled) == 11
    assert points_of(acme, plain) == 1110


def test_an_anniversary_goes_by_the_brands_days(acme: Shop) -> None:
    change_brand(acme, timezone="Pacific/Auckland")
    card = member(acme)
    evening = datetime(2024, 7, 4, 20, tzinfo=UTC)  # already the fifth in Auckland
    Card.objects.filter(brand=acme.brand, number=card).update(activated_at=evening)
    publish(acme, on_day({"what": "activation"}, points(1)))
    assert [run(acme, date(2027, 7, day), at=time(6)).fired for day in (4, 5, 6)] == [0, 1, 0]


def test_the_day_begins_at_the_brands_midnight(acme: Shop) -> None:
    change_brand(acme, timezone="America/New_York")
    publish(acme, on_day({"what": "fixed_date", "on": "2027-07-04"}, points(1)))
    card = member(acme)
    assert run(acme, date(2027, 7, 4), at=time(3, 59)).cards == 0
    assert run(acme, date(2027, 7, 4), at=time(4, 1)).fired == 1
    assert row_of(acme, date(2027, 7, 4)).finished_at == datetime(2027, 7, 4, 4, 1, tzinfo=UTC)
    assert points_of(acme, card) == 1


def test_an_occasion_evaluates_all_date_rules_of_its_cards(acme: Shop) -> None:
    anyone = rule(points(1), trigger="date", occasion={"what": "fixed_date", "on": "2000-01-01"})
    publish(acme, on_day(BIRTHDAY, points(10)), anyone, on_day({"what": "enrolment"}, points(100)))
    ada, other = member(acme, birthday=born(TODAY)), member(acme)
    run(acme)
    assert given(acme, [ada, other]) == [11, 0]


def test_only_active_root_cards_are_looked_at(acme: Shop) -> None:
    publish(acme, on_day(DAILY, points(1)))
    root, lost = members(acme, 2)
    acme.ok("allocateChildCard", {"cardNumber": root, "childCardNumber": "kid"})
    set_status(acme, lost, "Lost")
    assert run(acme) == Advanced(State.DONE, cards=1, fired=1)
    assert points_of(acme, root, "kid") == 0


def test_another_brand_is_not_touched(acme: Shop, charlie: Shop) -> None:
    publish(acme, on_day(DAILY, points(1)))
    theirs = member(charlie, birthday=born(TODAY))
    run(acme)
    assert run(charlie).state is State.NOTHING
    assert points_of(charlie, theirs) == 0


def test_what_fires_is_a_task_without_till_and_can_be_voided(acme: Shop) -> None:
    publish(acme, on_day(DAILY, points(7), says("Hi", "sms")))
    card = member(acme)
    run(acme)
    operation = Operation.objects.get(brand=acme.brand, call_type=int(CallType.CAMPAIGN))
    assert (operation.origin, operation.location_id, operation.terminal_id) == (Origin.TASK, None, None)
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": str(operation.id)})
    assert points_of(acme, card) == 0


# --- once for each card, rule and day --------------------------------------------------------------------------------


def run_again(shop: Shop) -> Advanced:
    """Run the day as if it had never been run."""
    row_of(shop).delete()
    return run(shop)


def test_a_rule_fires_once_a_day(acme: Shop) -> None:
    publish(acme, on_day(DAILY, points(1)))
    cards = members(acme, 3)
    assert [run(acme).fired, run(acme).fired, run_again(acme).fired] == [3, 0, 0]
    assert run(acme, TODAY + days(1)).fired == 3
    assert given(acme, cards) == [2, 2, 2]


@pytest.mark.parametrize("restores", [False, True])
def test_what_was_voided_does_not_fire_again_that_day(acme: Shop, restores: bool) -> None:
    change_brand(acme, void_restores_counters=restores)
    publish(acme, on_day(DAILY, points(1)))
    card = member(acme)
    run(acme)
    operation = Operation.objects.get(brand=acme.brand, call_type=int(CallType.CAMPAIGN))
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": str(operation.id)})
    assert run_again(acme).fired == 0
    assert run(acme, TODAY + days(1)).fired == 1


def test_a_transfer_takes_the_day_along(acme: Shop) -> None:
    publish(acme, on_day(DAILY, points(1)))
    old, new = members(acme, 2)
    Card.objects.filter(brand=acme.brand, number=new).update(
        locked_until=datetime.now(UTC) + days(2), locked_by=uuid4()
    )
    run(acme)
    Card.objects.filter(brand=acme.brand, number=new).update(locked_until=None, locked_by=None)
    acme.ok("transfer", {"cardNumber": old, "action": "out"})
    acme.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": old})
    assert run(acme).state is State.DONE
    assert points_of(acme, new) == 1


def test_a_campaign_published_later_has_its_own_pass(acme: Shop) -> None:
    row = publish(acme, on_day(DAILY, points(1)))
    cards = members(acme, 2)
    run(acme)
    publish(acme, on_day(DAILY, points(10)))
    assert run(acme).fired == 2
    first = on_day(DAILY, points(1))
    publish(acme, first, campaign=row)
    publish(acme, rule(points(5)))
    assert run(acme).fired == 2
    publish(acme, first, on_day({"what": "fixed_date", "on": "2000-01-01"}, points(5)), campaign=row)
    assert run(acme).fired == 0
    assert given(acme, cards) == [12, 12]


def test_a_campaign_that_was_paused_over_midnight_runs_when_it_is_resumed(acme: Shop) -> None:
    row = publish(acme, on_day(DAILY, points(1)))
    card = member(acme)
    pause_campaign(brand=acme.brand, campaign_id=row.pk)
    assert run(acme).state is State.NOTHING
    resume_campaign(brand=acme.brand, campaign_id=row.pk)
    assert run(acme).fired == 1
    assert points_of(acme, card) == 1


def test_a_day_that_was_missed_is_made_up_for_only_on_demand(acme: Shop) -> None:
    publish(acme, on_day(BIRTHDAY, points(1)))
    card = member(acme, birthday=born(TODAY))
    later = TODAY + days(2)
    assert run(acme, later).cards == 0
    assert run(acme, later, made_up=TODAY).fired == 1
    assert run(acme, later, made_up=TODAY).fired == 0
    operation = Operation.objects.get(brand=acme.brand, call_type=int(CallType.CAMPAIGN))
    assert operation.occurred_at.date() == TODAY
    assert points_of(acme, card) == 1


# --- locked cards ----------------------------------------------------------------------------------------------------


def test_a_card_that_a_checkout_locks_waits(acme: Shop) -> None:
    publish(acme, on_day(DAILY, points(1)))
    locked, free = members(acme, 2)
    setup = lock(acme, locked, seconds=100_000)
    assert run(acme) == Advanced(State.WAITS, cards=3, fired=1)
    assert row_of(acme).finished_at is None
    assert run(acme).state is State.WAITS
    call = acme.call(origin=Origin.PORTAL, location_id=None, terminal_id=None)
    release_checkout_lock(call=call, configuration=acme.configuration, card_number=locked, setup_id=setup)
    assert (run(acme).state, run(acme).state) == (State.DONE, State.NOTHING)
    assert given(acme, [locked, free]) == [1, 1]


def test_a_card_that_a_call_holds_is_not_waited_for(acme: Shop) -> None:
    publish(acme, on_day(DAILY, points(1)))
    card = member(acme)
    wallet = Card.objects.get(brand=acme.brand, number=card).wallet_id
    done: list[Advanced] = []

    def other_thread() -> None:
        done.append(run(acme))
        connection.close()

    def decide(_cursor: Cursor, locked: frozenset[int]) -> Plan[None]:
        assert locked
        with ThreadPoolExecutor(1) as threads:
            threads.submit(other_thread).result(20)
        call = acme.call()
        return Plan(answer=None, call_type=CallType.EVENT_TYPE, occurred_at=call.now, fragments=[])

    change(call=acme.call(), lock=lock_family_if_free(wallet), decide=decide)
    assert done[0].state is State.WAITS
    assert run(acme).state is State.DONE
    assert points_of(acme, card) == 1


# --- workers that die, and workers side by side ----------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of four cards, saved by twos."""
    monkeypatch.setattr(module, "PAGE", 4)
    monkeypatch.setattr(module, "SAVED", 2)


def test_a_run_goes_page_by_page(acme: Shop, small: None) -> None:
    publish(acme, on_day(DAILY, points(1)))
    cards = members(acme, 10)
    once = advance_date_run(brand_code=acme.brand.code, clock=lambda: datetime.now(UTC))
    assert once == Advanced(State.GOES_ON, cards=4, fired=4)
    run(acme, at=datetime.now(UTC).time())
    assert given(acme, cards) == [1] * 10
    row = row_of(acme)
    assert (row.cards, row.fired, row.taken_by) == (10, 10, None)
    assert row.finished_at is not None


@pytest.mark.parametrize("dies_at", [1, 3, 6, 9])
def test_a_worker_that_dies_is_succeeded_without_doubles(
    acme: Shop, small: None, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    publish(acme, on_day(DAILY, points(1)))
    cards = members(acme, 10)
    real, calls = module.fire_date_rules, iter(range(1, 100))

    def dying(**wanted: Any) -> Any:
        fired = real(**wanted)
        if next(calls) == dies_at:
            raise psycopg.OperationalError("killed")
        return fired

    monkeypatch.setattr(module, "fire_date_rules", dying)
    with pytest.raises(psycopg.OperationalError):
        run(acme)
    monkeypatch.setattr(module, "fire_date_rules", real)
    assert run(acme).state is State.NOTHING, "the dead worker has the run still"
    assert run(acme, at=(datetime.combine(TODAY, time(12)) + LEASE).time()).state is State.DONE
    assert given(acme, cards) == [1] * 10


def test_a_card_that_fails_keeps_no_other_from_its_day(
    acme: Shop, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(acme, on_day(DAILY, points(1)))
    cards = members(acme, 5)
    real = module.fire_date_rules

    def failing(**wanted: Any) -> Any:
        if wanted["card_number"] == cards[2]:
            raise RuntimeError("a card like no other")
        return real(**wanted)

    monkeypatch.setattr(module, "fire_date_rules", failing)
    assert run(acme) == Advanced(State.DONE, cards=5, fired=4, failed=1)
    assert given(acme, cards) == [1, 1, 0, 1, 1]


def test_two_workers_at_once_fire_once(acme: Shop, small: None) -> None:
    publish(acme, on_day(DAILY, points(1)))
    cards = members(acme, 12)

    def work(_: int) -> int:
        try:
            return sum(run(acme).fired for _ in range(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, range(2))) + run(acme).fired == 12
    assert given(acme, cards) == [1] * 12


def test_two_workers_that_both_believe_to_have_the_run_fire_once(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(acme, on_day(DAILY, points(1)))
    cards = members(acme, 12)
    monkeypatch.setattr(
        module, "take_date_run", lambda **wanted: take_date_run(**wanted | {"by": uuid4(), "now": far()})
    )
    monkeypatch.setattr(module, "save_date_run", lambda **_: True)

    def work(_: int) -> int:
        try:
            return run(acme).fired
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, range(2))) + run(acme).fired == 12
    assert given(acme, cards) == [1] * 12


_moments = iter(range(1, 1000))


def far() -> datetime:
    """Each time so much later that every other worker is taken for dead."""
    return datetime.now(UTC) + next(_moments) * timedelta(hours=1)


def test_a_worker_whose_run_was_taken_stops(acme: Shop, small: None) -> None:
    publish(acme, on_day(DAILY, points(1)))
    members(acme, 6)
    now, calls = datetime.now(UTC), iter(range(100))

    def slow_clock() -> datetime:
        if next(calls) == 2:
            row = row_of(acme)
            row.taken_by = uuid4()
            row.save()
        return now

    done = advance_date_run(brand_code=acme.brand.code, clock=slow_clock)
    assert done.state is State.NOTHING
    assert firings(acme) == 2


def test_a_run_ends_with_its_day(acme: Shop, small: None) -> None:
    publish(acme, on_day(DAILY, points(1)))
    members(acme, 4)
    midnight = datetime.combine(TODAY + days(1), time(), UTC)
    moments = iter([midnight - timedelta(seconds=number) for number in (9, 8, 7)])
    done = advance_date_run(brand_code=acme.brand.code, clock=lambda: next(moments, midnight))
    assert done.state is State.NOTHING
    assert firings(acme) < 4


# --- the task --------------------------------------------------------------------------------------------------------


def test_the_task_runs_all_brands(acme: Shop, small: None) -> None:
    bakery = open_shop("bakery")
    cards = {shop.brand.code: members(shop, 5) for shop in (acme, bakery)}
    for shop in (acme, bakery):
        publish(shop, on_day(DAILY, points(1)))
    run_date_triggers()
    run_date_triggers()
    for shop in (acme, bakery):
        assert given(shop, cards[shop.brand.code]) == [1] * 5
        assert row_of(shop, datetime.now(UTC).date()).finished_at is not None
    pause_campaigns(acme, bakery)


def pause_campaigns(*shops: Shop) -> None:
    """Brands of other tests must not run with theirs."""
    for shop in shops:
        change_brand(shop, is_active=False)


def test_the_task_ends_in_time_and_leaves_switched_off_brands_alone(acme: Shop) -> None:
    publish(acme, on_day(DAILY, points(1)))
    members(acme, 1)
    run_date_triggers(seconds=0)
    assert firings(acme) == 0
    change_brand(acme, is_active=False)
    run_date_triggers()
    assert firings(acme) == 0
    change_brand(acme, is_active=True)


def test_a_brand_whose_run_fails_keeps_no_other_from_its_own(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def advance(*, brand_code: str, **_: Any) -> Advanced:
        seen.append(brand_code)
        raise RuntimeError("no such day")

    monkeypatch.setattr(tasks, "advance_date_run", advance)
    run_date_triggers()
    assert acme.brand.code in seen


def test_conditions_and_throttles_hold_as_ever(acme: Shop) -> None:
    rich = condition("balance", value_type="Points", minimum=10)
    yearly = [{"times": 1, "window": {"unit": "month", "count": 11}}]
    publish(acme, on_day(DAILY, points(1), throttles=yearly), on_day(DAILY, points(100), when=[rich]))
    card = member(acme)
    assert [run(acme, TODAY + days(number)).fired for number in range(3)] == [1, 0, 0]
    assert points_of(acme, card) == 1
