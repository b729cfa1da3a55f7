"""A campaign's definition in plain English. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from apps.campaigns.core import conditions as c
from apps.campaigns.core.conditions import Condition, snake
from apps.campaigns.core.definitions import Budget, Campaign, Measure, Per, Picks, Rule
from apps.campaigns.core.facts import Facts, Place
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.scene import Scene
from apps.campaigns.core.texts import in_window, plain
from apps.campaigns.core.wording import WEEKDAYS, wanted
from apps.campaigns.core.wording_of_results import does
from apps.campaigns.core.world import World

TRIGGERS = {
    Trigger.CHECKOUT: "On a checkout",
    Trigger.RETURN: "On a return of goods",
    Trigger.BALANCE_UPDATE: "On an update of a balance",
    Trigger.ENROLMENT: "When a card is enrolled",
    Trigger.ACCOUNT_UPDATE: "On an update of an account",
    Trigger.EVENT: "When an event is logged",
    Trigger.CUSTOM: "When a client triggers it",
    Trigger.DATE: "On a day of the calendar",
    Trigger.MESSAGE: "On a message of the customer",
    Trigger.REFERRAL_PERIOD: "At the end of a referral period",
    Trigger.SINGLE_RULE: "When a client triggers this rule",
}
_PICKS = {
    Picks.FIRST: "the first one that can",
    Picks.HIGHEST: "that with the highest discount",
    Picks.LOWEST: "that with the lowest discount",
}


@dataclass(frozen=True, slots=True)
class ConditionSaid:
    """One condition; `parts` are those of a group."""

    title: str
    wanted: str
    parts: tuple["ConditionSaid", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSaid:
    """One rule in words."""

    uuid: UUID
    name: str
    trigger: str
    is_active: bool
    conditions: tuple[ConditionSaid, ...]
    results: tuple[str, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSaid:
    """What a revision says."""

    conditions: tuple[ConditionSaid, ...]
    rules: tuple[RuleSaid, ...]
    budgets: tuple[str, ...]


def in_words(campaign: Campaign, *, currency: str, currency_scale: int) -> CampaignSaid:
    """The definition, with amounts of money in `currency`."""
    scene = _nowhere(currency, currency_scale)
    names = {result.uuid: result.name for rule in campaign.rules for result in rule.results if result.name}
    return CampaignSaid(
        conditions=_said(campaign.conditions, scene),
        rules=tuple(
            RuleSaid(
                uuid=rule.uuid,
                name=rule.name or f"Rule {place}",
                trigger=_trigger(rule),
                is_active=rule.is_active,
                conditions=_said(rule.conditions, scene),
                results=tuple(does(result, currency=currency, names=names) for result in rule.results),
                limits=tuple(_limits(rule)),
            )
            for place, rule in enumerate(campaign.rules, start=1)
        ),
        budgets=tuple(_budget(each, currency) for each in campaign.budgets),
    )


def _nowhere(currency: str, currency_scale: int) -> Scene:
    """What conditions want depends on no call; of this one only the currency is looked at."""
    now = datetime(2000, 1, 1, tzinfo=UTC)
    facts = Facts(
        request=UUID(int=0),
        trigger=Trigger.CHECKOUT,
        now=now,
        today=now.date(),
        brand="",
        zone="UTC",
        currency=currency,
        currency_scale=currency_scale,
        place=Place(zone="UTC"),
    )
    return Scene(facts, World(facts))


def _said(conditions: Iterable[Condition], scene: Scene) -> tuple[ConditionSaid, ...]:
    return tuple(_condition(each, scene) for each in conditions)


def _condition(condition: Condition, scene: Scene) -> ConditionSaid:
    parts = condition.conditions if isinstance(condition, c.Every | c.AnyOf) else ()
    kind = snake(type(condition).__name__).replace("_", " ").capitalize()
    title = f"{condition.name} ({kind.lower()})" if condition.name else kind
    return ConditionSaid(title, wanted(condition, scene), _said(parts, scene))


def _trigger(rule: Rule) -> str:
    text = TRIGGERS[rule.trigger]
    return text if rule.occasion is None else f"{text}: {_occasion(rule.occasion)}"


def _occasion(occasion: c.Occasion) -> str:
    text = {
        c.Happening.FIXED_DATE: f"{occasion.on}{' of any year' if occasion.yearly else ''}",
        c.Happening.WEEKLY: f"every {WEEKDAYS[(occasion.day - 1) % 7]}",
        c.Happening.MONTHLY: f"day {occasion.day} of the month",
    }.get(occasion.what, occasion.what.replace("_", " "))
    return f"{text} {occasion.shift:+} days" if occasion.shift else text


def _limits(rule: Rule) -> Iterator[str]:
    for throttle in rule.throttles:
        who = "per card" if throttle.per is Per.CARD else "for all cards together"
        yield f"At most {throttle.times} time{'s' if throttle.times != 1 else ''} {who} {in_window(throttle.window)}"
    if rule.times_per_call is None:
        yield "As often on one call as its conditions repeat"
    elif rule.times_per_call != 1:
        yield f"Up to {rule.times_per_call} times on one call, where its conditions repeat"
    if rule.group is not None:
        yield f"Of the group “{rule.group.name}” only one rule fires: {_PICKS[rule.group.picks]}"
    if rule.stops_others:
        yield "Once it fires, no later rule of any campaign is looked at"


def _budget(budget: Budget, currency: str) -> str:
    what = {Measure.DISCOUNT: f"{currency} of discount", Measure.USES: "firings of its rules"}
    return f"At most {plain(budget.cap)} {what.get(budget.measure, budget.value_type)} in all"
