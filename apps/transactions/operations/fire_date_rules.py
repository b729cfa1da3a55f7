"""Run the date rules of a day for one card."""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from apps.campaigns.core.compile import Compiled
from apps.campaigns.core.kinds import Trigger
from apps.cards.core.state import CheckoutInProgress
from apps.cards.core.status import CardNotActive, CardNotFound
from apps.coupons.queries.lock_coupon import ConcurrentCoupon
from apps.facts.queries.readings import fired_on
from apps.kernel.db.hot import Cursor
from apps.ledger.queries.read_wallet import lock_family_if_free
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call, ConcurrentCard
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from apps.transactions.firing.about import About
from apps.transactions.firing.fire import fire
from apps.transactions.firing.stage import CardWanted, Stage, Tries, open_stage
from apps.transactions.firing.triggered import plan_of


class Ending(Enum):
    """FIRED; NOTHING fired; BUSY: the card is locked, by a call or a checkout, and waits; GONE: it is not active any
    more; LATE: the day is over."""

    FIRED = auto()
    NOTHING = auto()
    BUSY = auto()
    GONE = auto()
    LATE = auto()


@dataclass(frozen=True, slots=True)
class DateFired:
    """What became of a card, and how many rules fired."""

    ending: Ending
    rules: int = 0


class _Leave(Exception):
    """There is nothing to write: end the unit of work without a trace."""

    def __init__(self, ending: Ending) -> None:
        self.ending = ending


def fire_date_rules(
    *, call: Call, configuration: Configuration, card_number: str, family_id: int, day: date
) -> DateFired:
    """Evaluate all rules with trigger `date` for a root card, but those that have fired for it on this day; also where
    a void took that back.

    Nothing waits: a card that somebody has locked is BUSY. An operation is written only if a rule fires, so that the
    same run twice, or two at once, change nothing more.
    """
    about, tries = About(triggers=(Trigger.DATE,)), Tries()

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[DateFired]:
        if not locked:
            raise _Leave(Ending.BUSY)
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=about,
            card=CardWanted(number=card_number, locked=locked),
            readings=[fired_on(day)],
            locks_budgets=tries.begin(),
        )
        if stage.today != day:
            raise _Leave(Ending.LATE)
        _leave_out(stage)
        fired = fire(cursor, stage)
        if not fired.outcome.firings:
            raise _Leave(Ending.NOTHING)
        return plan_of(fired, DateFired(Ending.FIRED, len(fired.outcome.firings)))

    try:
        return change(call=call, lock=lock_family_if_free(family_id), decide=decide)
    except _Leave as left:
        return DateFired(left.ending)
    except (CheckoutInProgress, ConcurrentCard, ConcurrentCoupon):
        return DateFired(Ending.BUSY)
    except (CardNotActive, CardNotFound):
        return DateFired(Ending.GONE)


def _leave_out(stage: Stage) -> None:
    """Take the rules away that have fired on this day."""
    fired = set(stage.readings["fired_on"] or ())
    rules = stage.loaded.compiled.rules.get(Trigger.DATE, ())
    left = tuple(each for each in rules if each.rule.uuid not in fired)
    stage.loaded = replace(stage.loaded, compiled=Compiled({Trigger.DATE: left}))
