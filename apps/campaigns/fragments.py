"""The campaigns' parts of the one write statement: what they did, and what that takes from budgets.

A budget's row is the only one that many cards share. It is locked last, in the order of ids, and only here; other calls
that want it wait for the commit. What is written follows from the row as it is after such a wait: PostgreSQL asks the
SET clause again, over the row's own columns. A call that would take more than is left breaks `GUARD`; it must then run
again with the budgets locked, see `queries.lock_budgets`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from apps.campaigns.core.mutation import Mutation
from apps.kernel.fragments import Columns, Fragment, rows_fragment

GUARD = "campaigns_budget_not_over"
"""The constraint to name in `Plan.contested` where budgets are spent or reserved."""

TRIGGERED = "campaigns_triggering_pkey"
"""The constraint to name in `Plan.contested` where a `triggeringUUID` is used."""

FIRST_DAY = """CASE b.window_unit WHEN 'day' THEN {today} - (b.window_count - 1)
   WHEN 'week' THEN date_trunc('week', {today}::timestamp)::date - 7 * (b.window_count - 1)
   WHEN 'month' THEN (date_trunc('month', {today}::timestamp) - make_interval(months => b.window_count - 1))::date
   ELSE '-infinity'::date END"""
"""The first day of a budget's window that ends on `{today}`; see `core.kinds.Window.first_day`."""

LAST_DAY = "greatest(%(on_date)s::date, (SELECT max(k.day::date) FROM jsonb_object_keys(b.by_day) k (day)))"

_ASKED = "SELECT u.budget, u.amount FROM {rows}"
_ASKED_COLUMNS: Columns = (("budget", "bigint"), ("amount", "numeric"))

# whatever else touches these rows does so under the budget's lock: hence the join
_ENDED = """DELETE FROM campaigns_budgetreservation r USING budget_locks l
 WHERE r.brand_id = %(brand)s AND r.budget_id = l.id AND r.operation_id = ANY(%(setups)s::uuid[])
 RETURNING r.budget_id, r.operation_id, r.amount"""
_UNDONE = """UPDATE campaigns_spending s SET undone = true FROM budget_locks l
 WHERE s.brand_id = %(brand)s AND s.budget_id = l.id AND s.operation_id = ANY(%(voided)s::uuid[]) AND NOT s.undone
 RETURNING s.budget_id, s.on_date, s.amount"""

_LOCKS = """SELECT b.id FROM campaigns_budget b WHERE b.brand_id = %(brand)s AND b.id = ANY(ARRAY(
  {which})) ORDER BY b.id FOR NO KEY UPDATE"""
_LOCKED = {
    "asked": "SELECT a.budget FROM budget_asked a",
    "ended": """SELECT r.budget_id FROM campaigns_budgetreservation r
  WHERE r.brand_id = %(brand)s AND r.operation_id = ANY(%(setups)s::uuid[])""",
    "undone": """SELECT s.budget_id FROM campaigns_spending s
  WHERE s.brand_id = %(brand)s AND s.operation_id = ANY(%(voided)s::uuid[]) AND NOT s.undone""",
}

# `used` is what is taken on `day`; only what takes may break the cap. Of a window those days are kept that it covers on
# the day of the last change, and that day, if only with nothing.
_BUDGETS = f"""UPDATE campaigns_budget b SET (used, reserved, by_day, is_over) = (
  SELECT n.used, b.reserved + d.reserved, n.by_day, d.takes AND n.used + b.reserved + d.reserved > b.cap
  FROM (SELECT CASE b.window_unit WHEN 'ever' THEN b.used + d.used ELSE coalesce(sum(x.used), 0) END AS used,
   CASE b.window_unit WHEN 'ever' THEN b.by_day ELSE jsonb_object_agg(x.day, x.used) END AS by_day
   FROM (SELECT y.day, sum(y.used) AS used FROM (
     SELECT k.key::date, k.value::numeric FROM jsonb_each_text(b.by_day) k
     UNION ALL SELECT * FROM unnest(d.days, d.uses)
     UNION ALL SELECT %(on_date)s::date, 0) y (day, used)
    WHERE y.day >= {FIRST_DAY.format(today=LAST_DAY)}
    GROUP BY y.day) x) n)
 FROM (SELECT m.budget, sum(m.reserved) AS reserved, sum(m.used) AS used, bool_or(m.takes) AS takes,
   array_agg(m.day) AS days, array_agg(m.used) AS uses FROM ({{moves}}) m (budget, day, used, reserved, takes)
  GROUP BY m.budget) d JOIN budget_locks l ON l.id = d.budget
 WHERE b.brand_id = %(brand)s AND b.id = d.budget"""
_MOVES = {
    "spent": "SELECT a.budget, %(on_date)s::date, a.amount, 0::numeric, true FROM budget_asked a",
    "reserved": "SELECT a.budget, %(on_date)s::date, 0::numeric, a.amount, true FROM budget_asked a",
    "ended": """SELECT e.budget_id, %(on_date)s::date,
   CASE WHEN e.operation_id = %(completes)s::uuid THEN e.amount ELSE 0 END, -e.amount, false FROM budget_ended e""",
    "undone": "SELECT v.budget_id, v.on_date, -v.amount, 0::numeric, false FROM budget_undone v",
}

_SPENDINGS = """INSERT INTO campaigns_spending (brand_id, budget_id, operation_id, amount, on_date, undone)
 SELECT %(brand)s, x.budget, %(operation)s, x.amount, %(on_date)s, false FROM ({which}) x (budget, amount)"""
_SPENT = {
    "spent": "SELECT a.budget, a.amount FROM budget_asked a",
    "ended": "SELECT e.budget_id, e.amount FROM budget_ended e WHERE e.operation_id = %(completes)s::uuid",
}
_RESERVATIONS = """INSERT INTO campaigns_budgetreservation (brand_id, budget_id, operation_id, amount, until)
 SELECT %(brand)s, a.budget, %(operation)s, a.amount, %(until)s FROM budget_asked a"""

_TRIGGERING = """INSERT INTO campaigns_triggering (brand_id, uuid, operation_id)
 VALUES (%(brand)s, %(uuid)s, %(operation)s)"""

_MUTATIONS = """INSERT INTO campaigns_mutation (brand_id, operation_id, no, campaign_uuid, revision_uuid, rule_uuid,
 result_uuid, condition_uuid, name, amount, is_discount, is_conversion, wallet_id, value_type_id, mutation_no,
 expires_at, active_at, sku, unit_price, units, unit_discount) SELECT %(brand)s, %(operation)s, u.* FROM {rows}"""
_MUTATION_COLUMNS: Columns = (
    ("no", "int"),
    ("campaign", "uuid"),
    ("revision", "uuid"),
    ("rule", "uuid"),
    ("result", "uuid"),
    ("condition", "uuid"),
    ("name", "text"),
    ("amount", "numeric"),
    ("discount", "bool"),
    ("conversion", "bool"),
    ("wallet", "bigint"),
    ("value_type", "bigint"),
    ("mutation", "smallint"),
    ("expires", "timestamptz"),
    ("active", "timestamptz"),
    ("sku", "text"),
    ("unit_price", "numeric"),
    ("units", "numeric"),
    ("unit_discount", "numeric"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetMoves:
    """All that one operation does to budgets, amounts by the budgets' ids.

    spent       what it takes
    reserved    what a locking setup reserves, `until` a little after its lock ends: a call that completes it in the
                last moment must still find it
    completes   the setup whose reservations become spendings of this operation; never refused
    gives_back  setups that end otherwise
    undoes      operations that are voided: their spendings never were

    `on_date` is the operation's day in the brand's zone.
    """

    on_date: date
    spent: Mapping[int, Decimal] = field(default_factory=dict)
    reserved: Mapping[int, Decimal] = field(default_factory=dict)
    until: datetime | None = None
    completes: UUID | None = None
    gives_back: Sequence[UUID] = ()
    undoes: Sequence[UUID] = ()


def move_budgets(*, brand_id: int, operation_id: UUID, moves: BudgetMoves) -> list[Fragment]:
    """Everything in one UPDATE: PostgreSQL would lose a second one of the same row in the same statement. Hence one
    call for each operation; nothing for no moves."""
    assert not (moves.spent and moves.reserved), "an operation spends, or it is a setup"
    parts = _parts(moves)
    if not parts:
        return []
    texts = _texts(parts)
    asked = moves.spent or moves.reserved
    setups = [*moves.gives_back, *([moves.completes] if moves.completes else [])]
    params = {
        "brand": brand_id,
        "operation": operation_id,
        "on_date": moves.on_date,
        "until": moves.until,
        "setups": setups,
        "completes": moves.completes,
        "voided": list(moves.undoes),
    }
    fragments = []
    if asked:
        columns: dict[str, list[Any]] = {"budget": list(asked), "amount": list(asked.values())}
        fragments.append(rows_fragment("budget_asked", _ASKED, _ASKED_COLUMNS, columns, params))
    return fragments + [Fragment(name, text, params) for name, text in texts]


def _parts(moves: BudgetMoves) -> tuple[str, ...]:
    wanted = {
        "spent": moves.spent,
        "reserved": moves.reserved,
        "ended": moves.gives_back or moves.completes,
        "undone": moves.undoes,
    }
    return tuple(part for part, value in wanted.items() if value)


@cache
def _texts(parts: tuple[str, ...]) -> list[tuple[str, str]]:
    """The fragments that these parts need, by name."""
    locked = [_LOCKED["asked" if part in ("spent", "reserved") else part] for part in parts]
    moved = [_MOVES[part] for part in parts]
    spent = [_SPENT[part] for part in parts if part in _SPENT]
    texts = [("budget_locks", _LOCKS.replace("{which}", "\n  UNION ALL ".join(locked)))]
    if "ended" in parts:
        texts.append(("budget_ended", _ENDED))
    if "undone" in parts:
        texts.append(("budget_undone", _UNDONE))
    texts.append(("budgets", _BUDGETS.replace("{moves}", "\n  UNION ALL ".join(moved))))
    if spent:
        texts.append(("spendings", _SPENDINGS.replace("{which}", "\n  UNION ALL ".join(spent))))
    if "reserved" in parts:
        texts.append(("reservations", _RESERVATIONS))
    return texts


def mutations(*, brand_id: int, operation_id: UUID, mutations: Sequence[Mutation]) -> list[Fragment]:
    """Lines of the operation's `balanceMutations` that campaigns caused, in their order."""
    if not mutations:
        return []
    rows = [(number, *each.columns()) for number, each in enumerate(mutations, start=1)]
    names = [name for name, _ in _MUTATION_COLUMNS]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    params = {"brand": brand_id, "operation": operation_id}
    return [rows_fragment("campaign_mutations", _MUTATIONS, _MUTATION_COLUMNS, columns, params)]


def triggering(*, brand_id: int, operation_id: UUID, uuid: UUID) -> Fragment:
    """A `triggeringUUID` is used up."""
    return Fragment("triggering", _TRIGGERING, {"brand": brand_id, "operation": operation_id, "uuid": uuid})
