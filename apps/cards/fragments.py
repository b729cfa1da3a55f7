"""The cards' parts of the one write statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from apps.cards.core.events import NewEvent
from apps.cards.core.status import CardStatus
from apps.kernel.fragments import Columns, Fragment, rows_fragment

_ACTIVATE = """UPDATE cards_card SET status = %(status)s, family_id = %(wallet)s, wallet_id = %(wallet)s,
 activated_at = %(at)s WHERE brand_id = %(brand)s AND id = %(id)s"""

_CREATE = """INSERT INTO cards_card (brand_id, number, card_set_id, status, pin, shuffle, is_demo, family_id, wallet_id,
 activated_at) VALUES (%(brand)s, %(number)s, %(card_set)s, %(status)s, %(pin)s, %(shuffle)s, false, %(wallet)s,
 %(wallet)s, %(at)s)"""

_CREATE_CHILD = """INSERT INTO cards_childcard (brand_id, number, family_id, wallet_id, activated_at)
 VALUES (%(brand)s, %(number)s, %(family)s, %(wallet)s, %(at)s)"""

_CREATE_CHILDREN = """INSERT INTO cards_childcard (brand_id, number, family_id, wallet_id, customer_id,
 alternate_customer_id, activated_at) SELECT %(brand)s, u.number, %(family)s, u.wallet, u.customer, u.alternate,
 u.activated FROM {rows}"""
_CHILD_COLUMNS: Columns = (
    ("number", "text"),
    ("wallet", "bigint"),
    ("customer", "bigint"),
    ("alternate", "bigint"),
    ("activated", "timestamptz"),
)

_MOVE_EVENTS = """UPDATE cards_event e SET wallet_id = u.target FROM {rows}
 WHERE e.brand_id = %(brand)s AND e.wallet_id = u.source"""
_COPY_EVENTS = """INSERT INTO cards_event (brand_id, wallet_id, operation_id, root_type, category_id, specific_id,
 payload, properties, happened_at, recorded_at)
 SELECT e.brand_id, %(target)s, e.operation_id, e.root_type, e.category_id, e.specific_id, e.payload, e.properties,
  e.happened_at, e.recorded_at
 FROM cards_event e WHERE e.brand_id = %(brand)s AND e.wallet_id = %(source)s AND e.removed_by IS NULL"""

_OUT = """INSERT INTO cards_transfer (brand_id, source_wallet_id, out_operation_id)
 SELECT %(brand)s, u.wallet, %(operation)s FROM {rows}"""
_IN = """UPDATE cards_transfer t SET in_operation_id = %(operation)s, target_wallet_id = u.target FROM {rows}
 WHERE t.brand_id = %(brand)s AND t.source_wallet_id = u.source"""
_PAIR_COLUMNS: Columns = (("source", "bigint"), ("target", "bigint"))

_STATUS = "UPDATE cards_card SET status = %(status)s WHERE brand_id = %(brand)s AND id = %(id)s"

_ACCOUNT = """UPDATE cards_card SET
 custom_number = CASE WHEN %(custom)s::text IS NULL THEN custom_number ELSE nullif(%(custom)s, '') END,
 enrolled_at = coalesce(enrolled_at, %(enrolled)s), customer_id = coalesce(customer_id, %(customer)s),
 alternate_customer_id = coalesce(alternate_customer_id, %(alternate)s)
 WHERE brand_id = %(brand)s AND id = %(id)s"""
_CHILD_ACCOUNT = """UPDATE cards_childcard SET customer_id = coalesce(customer_id, %(customer)s),
 alternate_customer_id = coalesce(alternate_customer_id, %(alternate)s)
 WHERE brand_id = %(brand)s AND id = %(id)s"""

_EVENTS = """INSERT INTO cards_event (brand_id, wallet_id, operation_id, recorded_at, root_type, category_id,
 specific_id, payload, happened_at) SELECT %(brand)s, %(wallet)s, %(operation)s, %(recorded)s, u.*
 FROM unnest(%(root_type)s::text[], %(category)s::text[], %(specific)s::text[], %(payload)s::text[],
  %(happened)s::timestamptz[]) u"""


def activate(*, brand_id: int, card_id: int, wallet_id: int, at: datetime) -> Fragment:
    """An inventory card becomes active and gets its wallet."""
    params = {"brand": brand_id, "id": card_id, "wallet": wallet_id, "at": at, "status": int(CardStatus.ACTIVATED)}
    return Fragment("card", _ACTIVATE, params)


def create_active(
    *, brand_id: int, number: str, card_set_id: int, pin: bytes | None, shuffle: int, wallet_id: int, at: datetime
) -> Fragment:
    """A card that did not exist is created active."""
    return Fragment(
        "card",
        _CREATE,
        {
            "brand": brand_id,
            "number": number,
            "card_set": card_set_id,
            "status": int(CardStatus.ACTIVATED),
            "pin": pin,
            "shuffle": shuffle,
            "wallet": wallet_id,
            "at": at,
        },
    )


def create_child(*, brand_id: int, number: str, family_id: int, wallet_id: int, at: datetime) -> Fragment:
    """A child card of a family."""
    params = {"brand": brand_id, "number": number, "family": family_id, "wallet": wallet_id, "at": at}
    return Fragment("child", _CREATE_CHILD, params)


def set_status(*, brand_id: int, card_id: int, status: CardStatus) -> Fragment:
    """A card changes its status; whether it may is decided before."""
    return Fragment("card", _STATUS, {"brand": brand_id, "id": card_id, "status": int(status)})


def update_account(
    *,
    brand_id: int,
    card_id: int,
    custom_number: str | None,
    enrolled_at: datetime | None,
    customer_id: int | None,
    alternate_id: int | None = None,
) -> Fragment:
    """Custom number, enrolment (once) and customers (once each). None leaves a column as it is; an empty custom
    number removes it."""
    return Fragment(
        "card",
        _ACCOUNT,
        {
            "brand": brand_id,
            "id": card_id,
            "custom": custom_number,
            "enrolled": enrolled_at,
            "customer": customer_id,
            "alternate": alternate_id,
        },
    )


def update_child_account(
    *, brand_id: int, child_id: int, customer_id: int | None, alternate_id: int | None
) -> Fragment:
    """The customers of a child card (once each). None leaves a column as it is."""
    params = {"brand": brand_id, "id": child_id, "customer": customer_id, "alternate": alternate_id}
    return Fragment("child", _CHILD_ACCOUNT, params)


def log_events(
    *,
    brand_id: int,
    wallet_id: int,
    operation_id: UUID,
    events: Sequence[NewEvent],
    recorded_at: datetime,
    name: str = "events",
) -> Fragment:
    """Events of a card, or (its wallet) of a child card. `name` tells the fragments of one call apart."""
    columns = {
        "root_type": [event.root_type for event in events],
        "category": [event.category_id for event in events],
        "specific": [event.specific_id for event in events],
        "payload": [event.payload for event in events],
        "happened": [event.happened_at for event in events],
    }
    key = {"brand": brand_id, "wallet": wallet_id, "operation": operation_id, "recorded": recorded_at}
    return Fragment(name, _EVENTS, key | columns)


def transfer_out(*, brand_id: int, operation_id: UUID, wallet_ids: Sequence[int]) -> Fragment:
    """The wallets of a family leave; a second time is impossible by the table's key."""
    key = {"brand": brand_id, "operation": operation_id}
    return rows_fragment("transfer_out", _OUT, (("wallet", "bigint"),), {"wallet": wallet_ids}, key)


def transfer_in(*, brand_id: int, operation_id: UUID, targets: Mapping[int, int]) -> Fragment:
    """The wallets that left arrive in these."""
    key = {"brand": brand_id, "operation": operation_id}
    return rows_fragment("transfer_in", _IN, _PAIR_COLUMNS, _pairs(targets), key)


def create_children(
    *,
    brand_id: int,
    family_id: int,
    numbers: Sequence[str],
    wallet_ids: Sequence[int],
    customer_ids: Sequence[int | None],
    alternate_ids: Sequence[int | None],
    activated: Sequence[datetime],
) -> Fragment:
    """Child cards that come with a transfer, with the people they had and the moments at which they were activated."""
    values: dict[str, Sequence[object]] = {
        "number": numbers,
        "wallet": wallet_ids,
        "customer": customer_ids,
        "alternate": alternate_ids,
        "activated": activated,
    }
    head = {"brand": brand_id, "family": family_id}
    return rows_fragment("children", _CREATE_CHILDREN, _CHILD_COLUMNS, values, head)


def move_events(*, brand_id: int, targets: Mapping[int, int]) -> Fragment:
    """The events of some wallets go over to others."""
    return rows_fragment("moved_events", _MOVE_EVENTS, _PAIR_COLUMNS, _pairs(targets), {"brand": brand_id})


def copy_events(*, brand_id: int, source: int, target: int) -> Fragment:
    """The target gets events like those of the source, without those that were taken back."""
    return Fragment("copied_events", _COPY_EVENTS, {"brand": brand_id, "source": source, "target": target})


def _pairs(targets: Mapping[int, int]) -> dict[str, list[int]]:
    return {"source": list(targets), "target": list(targets.values())}
