"""The paging statement of cardHistory: operations and expiries of a card, merged and counted in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.kernel.db.hot import Cursor
from apps.ledger.core.kinds import EntryKind
from apps.lookups.queries.history_wallets import HistoryWallets
from apps.requestlog.core.kinds import CallType

# Value that is due counts as expired whether or not the sweep has been there; it will then be booked at this moment.
_EXPIRED = """SELECT moved.at, moved.wallet_id, array_agg(moved.value_type_id ORDER BY moved.value_type_id),
  array_agg(moved.amount ORDER BY moved.value_type_id)
 FROM (SELECT e.occurred_at, e.wallet_id, e.value_type_id, sum(e.amount) FROM ledger_entry e
   WHERE e.brand_id = %(brand)s AND e.wallet_id = ANY(%(wallets)s) AND e.kind = %(expire)s AND e.mutation_no = 0
   GROUP BY 1, 2, 3
  UNION ALL SELECT greatest(l.expires_at, l.hold_until), l.wallet_id, l.value_type_id, -sum(l.remaining)
   FROM ledger_lot l
   WHERE l.brand_id = %(brand)s AND l.wallet_id = ANY(%(wallets)s) AND l.open AND l.expires_at <= %(now)s
   AND (l.hold_id IS NULL OR l.hold_until <= %(now)s) GROUP BY 1, 2, 3) AS moved (at, wallet_id, value_type_id, amount)
 GROUP BY moved.at, moved.wallet_id"""

_MATCHES = """(%(begin)s::timestamptz IS NULL OR h.at >= %(begin)s) AND (%(before)s::timestamptz IS NULL
 OR h.at < %(before)s) AND (%(call_types)s::smallint[] IS NULL OR h.call_type = ANY(%(call_types)s))"""

# A child's history tells what was done with it, and what moved its value in the name of others of its family; its
# allocation was a call on the root card.
# NULLS: among transactions of one moment, an expiry is the last to have happened.
_HISTORY = """WITH expired (at, wallet_id, value_types, amounts) AS ({expired}),
 history AS MATERIALIZED (
  SELECT o.occurred_at AS at, o.id, o.child_id AS wallet_id, o.call_type, o.location_id, o.external_id,
   NULL::bigint[] AS value_types, NULL::numeric[] AS amounts FROM requestlog_operation o
   WHERE o.brand_id = %(brand)s AND o.family_id = ANY(%(families)s) AND o.call_type <> %(sweep)s
   AND (NOT %(of_child)s OR (o.child_id = ANY(%(wallets)s) AND o.call_type <> %(allocate)s) OR EXISTS (
    SELECT FROM ledger_entry t WHERE t.brand_id = %(brand)s AND t.operation_id = o.id
    AND t.wallet_id = ANY(%(wallets)s) AND t.mutation_no > 0))
  UNION ALL SELECT x.at, NULL, x.wallet_id, NULL, NULL, NULL, x.value_types, x.amounts FROM expired x),
 figures (transactions, matching, oldest, newest) AS (
  SELECT count(*), count(*) FILTER (WHERE {matches}), min(h.at), max(h.at) FROM history h),
 page AS (SELECT h.* FROM history h WHERE {matches} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s)
 SELECT f.*, h.*, n.number FROM figures f LEFT JOIN page h ON true
 LEFT JOIN cards_childcard n ON n.brand_id = %(brand)s AND n.wallet_id = h.wallet_id ORDER BY {order}"""


def _text(order: str) -> str:
    return _HISTORY.format(expired=_EXPIRED, matches=_MATCHES, order=order)


_NEWEST_FIRST = _text("h.at DESC, h.id DESC NULLS FIRST, h.wallet_id DESC")
_OLDEST_FIRST = _text("h.at, h.id NULLS LAST, h.wallet_id")


@dataclass(frozen=True, slots=True)
class Event:
    """An operation, or (no `operation_id`) what expired in one wallet at one moment: pairs of value type and amount
    below zero. `wallet_id` is the child card's of the call, or the one in which value expired; `child_number` the
    number of the child card that it belongs to."""

    at: datetime
    operation_id: UUID | None
    wallet_id: int | None
    call_type: int | None
    location_id: int | None
    external_id: str | None
    expired: list[tuple[int, Decimal]]
    child_number: str | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`count`, `oldest` and `newest` are of everything, `matching` counts what the restrictions leave."""

    count: int
    matching: int
    oldest: datetime | None
    newest: datetime | None
    events: list[Event]


def history_page(
    cursor: Cursor,
    *,
    brand_id: int,
    wallets: HistoryWallets,
    begin: datetime | None,
    before: datetime | None,
    call_types: Sequence[int] | None,
    newest_first: bool,
    offset: int,
    limit: int,
    now: datetime,
) -> HistoryPage:
    """One page, from `begin` on and `before` a moment, of these call types (None: all, and expiries)."""
    params = {
        "brand": brand_id,
        "families": list(wallets.families),
        "wallets": list(wallets.wallets),
        "of_child": wallets.of_child,
        "begin": begin,
        "before": before,
        "call_types": call_types,
        "offset": offset,
        "limit": limit,
        "now": now,
        "expire": int(EntryKind.EXPIRE),
        "sweep": int(CallType.SWEEP),
        "allocate": int(CallType.ALLOCATE),
    }
    rows = cursor.execute(_NEWEST_FIRST if newest_first else _OLDEST_FIRST, params).fetchall()
    count, matching, oldest, newest = rows[0][:4]
    return HistoryPage(count, matching, oldest, newest, [_event(row[4:]) for row in rows if row[4] is not None])


def _event(row: tuple[Any, ...]) -> Event:
    at, operation_id, wallet_id, call_type, location_id, external_id, value_types, amounts, child_number = row
    expired = list(zip(value_types or [], amounts or [], strict=True))
    return Event(at, operation_id, wallet_id, call_type, location_id, external_id, expired, child_number)
