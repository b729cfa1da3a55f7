"""processMessage: a text message that a customer sent."""

from dataclasses import dataclass

from apps.campaigns.core.kinds import Trigger
from apps.cards.queries.locks import lock_families
from apps.customers.consent_fragments import confirm_by_message, opt_in_by_message, opt_out_by_message
from apps.customers.core.keywords import Keyword, keyword_of
from apps.customers.queries.read_phone_consent import read_phone_consent
from apps.customers.queries.readings import opted_in_after
from apps.kernel.db.hot import Cursor
from apps.kernel.fragments import Fragment
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.firing.about import About
from apps.transactions.firing.fire import fire
from apps.transactions.firing.stage import CardWanted, Stage, Tries, open_stage
from apps.transactions.firing.triggered import plan_of

_SAID = {
    Keyword.CONFIRM: confirm_by_message,
    Keyword.START: opt_in_by_message,
    Keyword.STOP: opt_out_by_message,
}


@dataclass(frozen=True, slots=True)
class Processed:
    """How many rules fired."""

    fired: int


def process_message(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    message: str,
    record: Record[Processed] | None = None,
) -> Processed:
    """Do what a keyword says (confirm, opt in, opt out), where the card has a customer; then run the rules with trigger
    `message`, which see the opt-ins as they are by then. Five statements, seven with a keyword.

    Unknown or inactive card: 2, 11; locked by a checkout: 14; a coupon that rules use is busy: 26.
    """
    keyword, tries = keyword_of(message), Tries()

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Processed]:
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=About(triggers=(Trigger.MESSAGE,), message=message),
            card=CardWanted(number=card_number, locked=locked),
            readings=[opted_in_after(keyword)] if keyword is not None else [],
            locks_budgets=tries.begin(),
        )
        said = _said(cursor, stage, keyword) if keyword is not None else []
        fired = fire(cursor, stage)
        processed = Processed(len(fired.outcome.firings))
        return plan_of(fired, processed, call_type=CallType.MESSAGE, fragments=said)

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _said(cursor: Cursor, stage: Stage, keyword: Keyword) -> list[Fragment]:
    if stage.customer_id is None:
        return []
    call = stage.call
    stage.readings = {**stage.readings, "opted_in": stage.readings["opted_in_after"]}
    consent = read_phone_consent(cursor, brand_id=call.brand_id, customer_id=stage.customer_id)
    return _SAID[keyword](brand_id=call.brand_id, consent=consent, at=call.moment)
