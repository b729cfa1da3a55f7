"""triggerReferRewards: reward a customer for what referred customers bought."""

from dataclasses import dataclass
from decimal import Decimal

from apps.campaigns.core.kinds import Trigger
from apps.cards.queries.locks import lock_families
from apps.kernel.db.hot import Cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.firing.about import About
from apps.transactions.firing.fire import fire
from apps.transactions.firing.stage import CardWanted, Tries, open_stage
from apps.transactions.firing.triggered import plan_of


@dataclass(frozen=True, slots=True)
class Referred:
    """What referred customers bought in the period: the sum of their checkouts' totals, and how many there were.
    Neither is below 0."""

    total: Decimal
    count: int


def trigger_refer_rewards(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    referred: Referred,
    record: Record[None] | None = None,
) -> None:
    """Run the rules with trigger `referral_period` for a card. Every call is a period: whoever calls twice rewards
    twice, unless the rules' throttles say else. Five statements.

    Unknown or inactive card: 2, 11; locked by a checkout: 14; a coupon that rules use is busy: 26.
    """
    tries = Tries()
    about = About(triggers=(Trigger.REFERRAL_PERIOD,), referred_total=referred.total, referred_count=referred.count)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[None]:
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=about,
            card=CardWanted(number=card_number, locked=locked),
            locks_budgets=tries.begin(),
        )
        return plan_of(fire(cursor, stage), None)

    change(call=call, lock=lock_families([card_number]), decide=decide, record=record)
