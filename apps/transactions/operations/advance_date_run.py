"""Run a brand's date triggers a little further."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import Enum, auto
from uuid import UUID

import psycopg
import structlog
from django.db import connection

from apps.campaigns.core.cards_of_day import cards_of_day
from apps.campaigns.core.compile import Candidate
from apps.campaigns.core.date_runs import Progress
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.operations.save_date_run import save_date_run
from apps.campaigns.operations.take_date_run import take_date_run
from apps.campaigns.queries.published import published_campaigns
from apps.cards.queries.sought import FoundCard, cards_by_id, sought_cards
from apps.kernel.db.hot import hot_cursor
from apps.kernel.ids import new_id
from apps.programs.core.configuration import Configuration
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.operations.fire_date_rules import DateFired, Ending, fire_date_rules

PAGE = 250
"""Cards that are looked for at once: what one call of `advance_date_run` does."""
SAVED = 50
"""Cards after which the progress is saved. What a killed worker did since is looked at again, and fires no more."""
NOON = time(12)

Clock = Callable[[], datetime]
log = structlog.get_logger(__name__)


class State(Enum):
    """NOTHING to do, or another worker is at it; the run GOES_ON at once; it WAITS for locked cards; it is DONE."""

    NOTHING = auto()
    GOES_ON = auto()
    WAITS = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Advanced:
    """How the run stands, how many cards were looked at, how many rules fired, and how many cards failed (see the
    log)."""

    state: State
    cards: int = 0
    fired: int = 0
    failed: int = 0


def advance_date_run(*, brand_code: str, clock: Clock, day: date | None = None) -> Advanced:
    """Evaluate the date rules of the next cards that have an occasion today, or on an earlier `day`.

    The day is the brand's own, in its time zone. Root cards only: what is to happen to child cards is triggered by
    triggerCampaignRule. Every card is looked at once a day, as it stands then; what is published later on the day is
    for all cards with an occasion of the new rules. Past days are made up for only if somebody asks for them.
    """
    configuration = fresh_configuration(brand_code)
    rules = _date_rules(configuration) if configuration is not None else ()
    if configuration is None or not rules:
        return Advanced(State.NOTHING)
    now, worker = clock(), new_id()
    today = now.astimezone(configuration.zone).date()
    day = day or today
    brand_id, in_force = configuration.brand_id, {each.published.revision_uuid for each in rules}
    progress = take_date_run(brand_id=brand_id, day=day, in_force=in_force, by=worker, now=now)
    if progress is None:
        return Advanced(State.NOTHING)
    return _Run(configuration, day, day < today, worker, clock).advance(rules, progress)


def _date_rules(configuration: Configuration) -> Sequence[Candidate]:
    return published_campaigns(configuration.brand_id).compiled.rules.get(Trigger.DATE, ())


class _Stop(Exception):
    """The day is over, or another worker has taken the run."""


@dataclass(slots=True)
class _Run:
    """A page of a run. `makes_up`: the day was over when it began; `unsaved` is what was done since the progress was
    saved."""

    configuration: Configuration
    day: date
    makes_up: bool
    worker: UUID
    clock: Clock
    done: Counter[str] = field(default_factory=Counter)
    unsaved: Counter[str] = field(default_factory=Counter)

    def advance(self, rules: Sequence[Candidate], progress: Progress) -> Advanced:
        """Look at a page of cards; at the end of the pass, at those that wait."""
        occasions = [each.rule.occasion for each in rules if each.published.revision_uuid in progress.revisions]
        sought = cards_of_day(filter(None, occasions), self.day, self.configuration.zone)
        brand_id = self.configuration.brand_id
        page = sought_cards(hot_cursor(), brand_id=brand_id, sought=sought, above=progress.last_card_id, limit=PAGE)
        try:
            for start in range(0, len(page.cards), SAVED):
                batch = page.cards[start : start + SAVED]
                progress = progress.past(batch[-1].id, self._look_at(batch))
                self._save(progress)
            progress = progress.past(page.last_id, ())
            if page.is_last:
                waiting = cards_by_id(hot_cursor(), brand_id=brand_id, ids=progress.waiting)
                progress = progress.at_the_end(self._look_at(waiting))
            self._save(progress, leaves=True)
        except _Stop:
            return self._advanced(State.NOTHING)
        ended = State.DONE if progress.is_over else State.WAITS
        return self._advanced(ended if page.is_last else State.GOES_ON)

    def _look_at(self, cards: Sequence[FoundCard]) -> list[int]:
        """Fire what is to fire; returns the ids of cards that wait."""
        busy = []
        for card in cards:
            fired = self._fire(card)
            if fired.ending is Ending.LATE:
                raise _Stop
            if fired.ending is Ending.BUSY:
                busy.append(card.id)
            self.unsaved.update(cards=1, fired=fired.rules)
        return busy

    def _fire(self, card: FoundCard) -> DateFired:
        try:
            return fire_date_rules(
                call=self._call(),
                configuration=self.configuration,
                card_number=card.number,
                family_id=card.family_id,
                day=self.day,
            )
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise  # the database is away: the next run goes on where this one was
        except Exception:
            # one card that fails must not keep the others from it
            log.exception("date rules failed", brand=self.configuration.brand_id, card=card.id)
            connection.close()
            self.done["failed"] += 1
            return DateFired(Ending.NOTHING)

    def _call(self) -> Call:
        """A call of now; for a day that is made up for, of its noon."""
        now = moment = self.clock()
        if self.makes_up:
            moment = datetime.combine(self.day, NOON, self.configuration.zone).astimezone(UTC)
        return Call(id=new_id(), brand_id=self.configuration.brand_id, origin=Origin.TASK, now=now, moment=moment)

    def _save(self, progress: Progress, *, leaves: bool = False) -> None:
        is_mine = save_date_run(
            brand_id=self.configuration.brand_id,
            day=self.day,
            by=self.worker,
            progress=progress,
            cards=self.unsaved["cards"],
            fired=self.unsaved["fired"],
            now=self.clock(),
            leaves=leaves,
        )
        self.done += self.unsaved
        self.unsaved.clear()
        if not is_mine:
            raise _Stop

    def _advanced(self, state: State) -> Advanced:
        return Advanced(state, self.done["cards"], self.done["fired"], self.done["failed"])
