"""From what was read to the engine's facts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.campaigns.core.facts import (
    BalanceFact,
    BudgetCurrency,
    BudgetFact,
    Card,
    Coupon,
    Facts,
    Fired,
    Line,
    Place,
    SpendFact,
)
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.outcome import CouponUsed, Enrolled, Outcome
from apps.campaigns.queries.readings import left_of
from apps.checkouts.core.totals import CheckoutLine
from apps.coupons.queries.coupons_sent import SetCoupon, coupons_read
from apps.kernel.amounts import LARGEST, ZERO
from apps.kernel.currencies import currency_scale
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.firing.about import Purchase
from apps.transactions.firing.stage import Stage
from apps.transactions.under_lock import Scene

NOTHING_YET = Outcome()


def facts_of(stage: Stage, trigger: Trigger, purchase: Purchase | None = None, earlier: Outcome = NOTHING_YET) -> Facts:
    """Everything that the rules of a trigger may look at. Balances are those of the book, after the payments; `earlier`
    is what rules of earlier triggers of the same call have done: budgets, coupons and enrolment are as these left them.
    """
    call, about, configuration = stage.call, stage.about, stage.configuration
    currency = purchase.currency if purchase is not None else configuration.currency
    return Facts(
        request=call.id,
        trigger=trigger,
        now=call.moment,
        today=stage.today,
        brand=configuration.brand_code,
        zone=configuration.zone.key,
        currency=currency,
        currency_scale=currency_scale(currency),
        place=_place(call, configuration),
        card=_card(stage, stage.scene, purchase, earlier) if stage.scene is not None else None,
        basket=purchase.basket if purchase is not None else None,
        keys=about.keys,
        logged=about.logged,
        message=about.message,
        movement=about.movement,
        moved=about.moved,
        moved_amount=about.moved_amount,
        enrols=about.enrols or any(isinstance(each, Enrolled) for each in earlier.effects),
        referred_total=about.referred_total,
        referred_count=about.referred_count,
        rule=about.rule,
        budgets=_budgets(stage, earlier),
        budget_currency=_budget_currency(stage, currency),
    )


def coupon_fact(each: SetCoupon) -> Coupon:
    """A coupon as rules see it."""
    return Coupon(code=each.coupon.code, coupon_set=each.coupon_set, tags=each.coupon.tags)


def lines_seen(stage: Stage, lines: Iterable[CheckoutLine]) -> tuple[Line, ...]:
    """Products as rules see them: with their categories and tags, where rules ask for these."""
    known = stage.readings.get("products") or {}
    found = []
    for line in lines:
        categories, tags = known.get(line.sku) or (None, None)
        found.append(
            Line(
                sku=line.sku,
                quantity=line.quantity,
                unit_price=line.unit_price,
                categories=tuple(categories or ()),
                tags=tuple(tags or ()),
            )
        )
    return tuple(found)


def _place(call: Call, configuration: Configuration) -> Place:
    location = configuration.location(call.location_id)
    terminal = configuration.terminal_codes.get(call.terminal_id) if call.terminal_id is not None else None
    if location is None:
        return Place(zone=configuration.zone.key, terminal=terminal)
    employees = {each.id: code for code, each in location.employees.items()}
    return Place(
        zone=location.zone.key,
        location=location.code,
        name=location.name,
        groups=location.groups,
        terminal=terminal,
        employee=employees.get(call.employee_id) if call.employee_id is not None else None,
    )


def _card(stage: Stage, scene: Scene, purchase: Purchase | None, earlier: Outcome) -> Card:
    read, zone = stage.readings, stage.configuration.zone
    used = {each.code for each in earlier.effects if isinstance(each, CouponUsed)}
    child = scene.child
    last_visit, visits = _visits(read)
    return Card(
        number=scene.card.number,
        program=scene.program.code,
        card_set=stage.configuration.card_sets[scene.card.card_set_id].code,
        is_child=child is not None,
        enrolled_on=_day(scene.card.enrolled_at, zone),
        activated_on=_day(read.get("activated"), zone),
        balances=_balances(scene, purchase.paid_from_card if purchase is not None else {}),
        customer={name: str(value) for name, value in (read.get("customer") or {}).items() if value},
        fields={code: tuple(values) for code, values in (read.get("fields") or {}).items()},
        segments=tuple(sorted(read.get("segments") or ())),
        opted_in=tuple(sorted(read.get("opted_in") or ())),
        spent=_spent(read),
        visits=visits,
        last_visit=last_visit,
        events=_events(read),
        fired=_fired(read),
        coupons=tuple(coupon_fact(each) for each in usable(stage) if each.coupon.code not in used),
    )


def usable(stage: Stage) -> list[SetCoupon]:
    """The card's own coupons that a `use_coupon` result could use now."""
    found = coupons_read(stage.readings.get("coupons_own"))
    return [each for each in found if each.coupon.is_usable(stage.call.moment)]


def _balances(scene: Scene, paid: Mapping[int, Decimal]) -> dict[str, BalanceFact]:
    """All value types of the program: what a campaign may issue depends on them."""
    book, wallet_id = scene.book, scene.wallet_id
    balances = {}
    for value_type in scene.program.value_types:
        gone = paid.get(value_type.id, ZERO)
        free = sum((lot.remaining for lot in book.spending_order(wallet_id, value_type.id)), ZERO)
        balances[value_type.text_key] = BalanceFact(
            scale=value_type.scale,
            free=free - gone,
            in_all=book.total(wallet_id, value_type.id) - gone,
            maximum=LARGEST if value_type.maximum is None else value_type.maximum,
        )
    return balances


def _spent(read: Mapping[str, Any]) -> dict[str, SpendFact]:
    found = dict(read.get("spent") or {})
    if "spent_ever" in read:
        found["ever"] = read["spent_ever"]
    return {
        key: SpendFact(spend=Decimal(each["spend"]), checkouts=each["checkouts"]) for key, each in sorted(found.items())
    }


def _visits(read: Mapping[str, Any]) -> tuple[datetime | None, dict[str, int]]:
    visits = dict(read.get("visits_since") or {})
    if "visits" not in read:
        return None, visits
    count, last_at = read["visits"] or (0, None)
    return datetime.fromisoformat(last_at) if last_at else None, visits | {"ever": count}


def _events(read: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    events: dict[str, dict[str, int]] = {}
    for category, window, count in read.get("events") or ():
        events.setdefault(category, {})[window] = count
    return events


def _fired(read: Mapping[str, Any]) -> dict[UUID, tuple[Fired, ...]]:
    fired: dict[UUID, list[Fired]] = {}
    for rule, day, times in read.get("fired") or ():
        fired.setdefault(UUID(rule), []).append(Fired(on=datetime.fromisoformat(day).date(), times=times))
    return {rule: tuple(sorted(each, key=lambda one: one.on)) for rule, each in sorted(fired.items())}


def _budgets(stage: Stage, earlier: Outcome) -> dict[UUID, BudgetFact]:
    spent = {each.budget: each.amount for each in earlier.spendings}
    left = left_of(stage.readings.get("budgets"))
    by_id = {row.id: uuid for uuid, row in stage.loaded.budgets.items()}
    found = ((by_id[each], amount) for each, amount in sorted(left.items()))
    return {uuid: BudgetFact(left=amount - spent.get(uuid, ZERO)) for uuid, amount in found}


def _budget_currency(stage: Stage, currency: str) -> BudgetCurrency | None:
    """In what budgets count the discounts of a call in `currency`; None where that is the same, or none counts any."""
    brands = stage.configuration.currency
    if currency == brands or not stage.needs.counts_discounts:
        return None
    return BudgetCurrency(code=brands, scale=currency_scale(brands), rate=stage.readings.get("exchange_rate"))


def _day(moment: datetime | None, zone: ZoneInfo) -> Any:
    return moment.astimezone(zone).date() if moment is not None else None
