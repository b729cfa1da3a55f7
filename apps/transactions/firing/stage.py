"""The stage of a call that may fire campaigns: the card under its lock, the published rules, and what they ask for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.kinds import EVER, Window
from apps.campaigns.core.needs import Needs
from apps.campaigns.queries.lock_budgets import lock_budgets
from apps.campaigns.queries.published import Loaded, published_campaigns
from apps.campaigns.queries.readings import budgets_left
from apps.cards.queries import readings as card_readings
from apps.cards.queries.read_cards import read_cards
from apps.catalog.queries import readings as catalog_readings
from apps.coupons.queries import coupons_sent
from apps.customers.queries import readings as customer_readings
from apps.facts.queries import readings as fact_readings
from apps.kernel.db.hot import Cursor
from apps.kernel.readings import Reading
from apps.programs.core.configuration import Configuration
from apps.programs.queries.readings import exchange_rate
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.requestlog.unit import ReadAgain
from apps.segments.queries import readings as segment_readings
from apps.transactions.firing.about import About
from apps.transactions.under_lock import (
    EARLIEST,
    NO_PIN,
    Gate,
    PinClaim,
    Scene,
    check_moment,
    closed,
    current,
    open_card,
)

MOST_READS = 5
"""As often a call reads because something was published meanwhile, before it begins again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWanted:
    """The card that a call names, and what is to be checked of it. `locked`: the families that the call holds."""

    number: str
    locked: frozenset[int]
    claim: PinClaim = NO_PIN
    child_number: str | None = None
    uses_parent_balances: bool = False
    passes: Gate = closed


@dataclass(slots=True)
class Stage:
    """What a verb sees when it decides. Without a card `scene` is None. `customer_id`: the primary customer, also one
    that the call makes. A verb that changes what was read puts the new state into `readings` before rules look at it.
    """

    call: Call
    configuration: Configuration
    closed_through: date
    scene: Scene | None
    loaded: Loaded
    needs: Needs
    about: About
    readings: Mapping[str, Any]
    customer_id: int | None = None

    @property
    def whose(self) -> int | None:
        """The wallet that facts, coupons and messages are about."""
        return (self.scene.child_id or self.scene.family_id) if self.scene is not None else None

    def require_scene(self) -> Scene:
        """The scene of a call that names a card."""
        assert self.scene is not None, "a call without a card"
        return self.scene

    @property
    def today(self) -> date:
        """The call's day in the brand's zone."""
        return self.call.moment.astimezone(self.configuration.zone).date()


@dataclass(slots=True)
class Tries:
    """How often a unit of work was begun. One that met the guard of a budget runs again with the budgets locked."""

    made: int = 0

    def begin(self) -> bool:
        """Count one more; whether it is not the first."""
        self.made += 1
        return self.made > 1


def open_stage(
    cursor: Cursor,
    *,
    call: Call,
    configuration: Configuration,
    about: About,
    card: CardWanted | None,
    readings: Sequence[Reading] = (),
    locks_budgets: bool = False,
) -> Stage:
    """Read the card, what the rules of the trigger ask for, and the verb's own `readings`: one statement, two where
    this process had an older configuration.

    Refuses what `open_card` refuses. `locks_budgets` first locks all budgets that these rules could spend.
    """
    for _ in range(MOST_READS):
        loaded = _loaded(call, configuration.number)
        if locks_budgets:
            budgets = _budget_ids(loaded, _needs(loaded, about))
            lock_budgets(cursor, brand_id=call.brand_id, budget_ids=budgets, now=call.now)
        stage = open_with(cursor, call, configuration, about, card, readings, loaded)
        # what was asked depends on all three: brand, rules, and the clock that the answer came with
        if configuration.number == loaded.number == stage.configuration.number:
            return stage
        configuration = stage.configuration
    raise ReadAgain


def _loaded(call: Call, number: int) -> Loaded:
    """The rules in force. What is imported happened long ago: it fires nothing."""
    if call.origin is Origin.IMPORT:
        return Loaded(number, (), compile_campaigns(()), {})
    return published_campaigns(call.brand_id, number=number)


def open_with(
    cursor: Cursor,
    call: Call,
    configuration: Configuration,
    about: About,
    card: CardWanted | None,
    readings: Sequence[Reading],
    loaded: Loaded,
) -> Stage:
    """Read once, with these rules. `open_stage` says what is refused."""
    needs = _needs(loaded, about)
    wanted = [*readings, *_readings(call, configuration, about, needs, loaded, has_card=card is not None)]
    if card is None:
        found = read_cards(cursor, brand_id=call.brand_id, numbers=[], readings=wanted)
        fresh = current(configuration, found.config, call)
        check_moment(call, fresh.zone, found.closed_through)
        return Stage(call, fresh, found.closed_through, None, loaded, needs, about, found.readings)
    scene = open_card(
        cursor,
        call=call,
        configuration=configuration,
        locked=card.locked,
        number=card.number,
        claim=card.claim,
        child_number=card.child_number,
        uses_parent_balances=card.uses_parent_balances,
        readings=wanted,
        passes=card.passes,
    )
    customer_id = (scene.child or scene.card).customer_id
    return Stage(
        call, scene.configuration, scene.closed_through, scene, loaded, needs, about, scene.readings, customer_id
    )


def _needs(loaded: Loaded, about: About) -> Needs:
    return loaded.compiled.needs(*about.triggers)


def _readings(
    call: Call, configuration: Configuration, about: About, needs: Needs, loaded: Loaded, *, has_card: bool
) -> list[Reading]:
    """What the rules ask for, and nothing else."""
    if not needs.any_rules:
        return []
    today = call.moment.astimezone(configuration.zone).date()
    wanted = []
    if needs.categories or needs.tags:
        wanted.append(catalog_readings.products(sorted(set(about.skus))))
    budgets = _budget_ids(loaded, needs)
    if budgets:
        wanted.append(budgets_left(budget_ids=budgets, today=today, now=call.now))
    currency = configuration.currency_at(call.location_id)
    if needs.counts_discounts and currency != configuration.currency:
        wanted.append(exchange_rate(currency, configuration.currency, at=call.moment))
    if needs.texts:
        wanted.append(card_readings.printed())
    if has_card:
        wanted += _about_the_card(configuration, needs, today)
    return wanted


def _about_the_card(configuration: Configuration, needs: Needs, today: date) -> list[Reading]:
    starts = _Starts(today, configuration)
    wanted = [card_readings.activated()]
    if needs.customer or needs.texts:
        wanted.append(customer_readings.customer())
    if needs.fields or needs.texts:
        wanted.append(customer_readings.fields(() if needs.texts else sorted(needs.fields)))
    if needs.sets_fields:
        wanted.append(customer_readings.field_types(sorted(needs.fields)))
    if needs.opted_in:
        wanted.append(customer_readings.opted_in())
    if needs.segments:
        wanted.append(segment_readings.segments())
    if EVER in needs.spent:
        wanted.append(fact_readings.spent_ever(currency=configuration.currency))
    windows = needs.spent - {EVER}
    if windows:
        wanted.append(fact_readings.spent(windows=starts.of(windows), currency=configuration.currency))
    if needs.last_visit or EVER in needs.visits:
        wanted.append(fact_readings.visits())
    windows = needs.visits - {EVER}
    if windows:
        wanted.append(fact_readings.visits_since(starts.of(windows)))
    if needs.events:
        events = [
            (category, window.key, starts.begin(window))
            for category, windows in sorted(needs.events.items())
            for window in sorted(windows, key=lambda window: window.key)
        ]
        wanted.append(card_readings.events(events))
    if needs.throttles:
        days = needs.first_days(today)
        since = min(day or EARLIEST.date() for day in days.values())
        wanted.append(fact_readings.fired(rules=sorted(days), since=since))
    if needs.coupon_sets or needs.coupon_tags:
        wanted.append(coupons_sent.own(sets=needs.coupon_sets, tags=needs.coupon_tags))
    return wanted


def _budget_ids(loaded: Loaded, needs: Needs) -> list[int]:
    uuids = {*needs.budgets, *needs.brand_throttles}
    return sorted(loaded.budgets[each].id for each in uuids if each in loaded.budgets)


@dataclass(frozen=True, slots=True)
class _Starts:
    """The moments at which calendar windows that end today begin."""

    today: date
    configuration: Configuration

    def begin(self, window: Window) -> datetime:
        first = window.first_day(self.today)
        return EARLIEST if first is None else datetime.combine(first, time(), self.configuration.zone).astimezone(UTC)

    def of(self, windows: Collection[Window]) -> dict[str, datetime]:
        return {each.key: self.begin(each) for each in sorted(windows, key=lambda each: each.key)}
