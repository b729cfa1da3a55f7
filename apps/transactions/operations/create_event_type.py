"""createEventType: set up a kind of event that can be logged on cards, or change one."""

from apps.cards.queries.read_cards import read_cards
from apps.customers.core.event_types import EventTypeFacts, check_event_type
from apps.customers.fragments import write_event_type
from apps.kernel.db.hot import Cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.under_lock import current


def create_event_type(
    *, call: Call, configuration: Configuration, facts: EventTypeFacts, record: Record[str] | None = None
) -> str:
    """Create the type, or change what is given of the one with this category; an archived one stays archived. Returns
    the category id. What cannot be an event type: 9."""
    check_event_type(facts)

    def decide(cursor: Cursor, _: frozenset[int]) -> Plan[str]:
        current(configuration, read_cards(cursor, brand_id=call.brand_id, numbers=[]).config, call)
        return Plan(
            answer=facts.category_id,
            call_type=CallType.EVENT_TYPE,
            occurred_at=call.now,
            fragments=[write_event_type(brand_id=call.brand_id, facts=facts, now=call.now)],
        )

    return change(call=call, lock=None, decide=decide, record=record)
