"""triggerCustomCampaigns: run the campaign rules that a client triggers by itself."""

from dataclasses import dataclass

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
class Said:
    """What campaigns said: messages of the answer, and how many leave by other ways."""

    direct: tuple[str, ...]
    sent: int


def trigger_custom_campaigns(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    keys: tuple[tuple[str, str], ...] = (),
    record: Record[Said] | None = None,
) -> Said:
    """Run the rules with trigger `custom` for a card, with these keys and values. Five statements.

    Unknown or inactive card: 2, 11; locked by a checkout: 14; a coupon that rules use is busy: 26.
    """
    about, tries = About(triggers=(Trigger.CUSTOM,), keys=keys), Tries()

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Said]:
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=about,
            card=CardWanted(number=card_number, locked=locked),
            locks_budgets=tries.begin(),
        )
        fired = fire(cursor, stage)
        return plan_of(fired, Said(fired.spoken.direct, len(fired.spoken.messages)))

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)
