"""The facts' parts of the one write statement, under the family's lock.

`wallet_id` is whose facts they are: the child card's wallet for a call on a child card, else the card's own; for the
void of a checkout that was made on a card since transferred, the successor's.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.checkouts.core.totals import CheckoutLine
from apps.facts.queries.history import EARLIER, GAP, IS_VISIT, LINE_OF_ONE, SPEND, VISITS
from apps.kernel.amounts import ZERO
from apps.kernel.fragments import Columns, Fragment, rows_fragment

_NEIGHBOUR = f"""({LINE_OF_ONE}
   SELECT n.at FROM line l JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = l.past_id
   CROSS JOIN LATERAL (SELECT o.occurred_at AS at FROM requestlog_operation o
    WHERE o.brand_id = w.brand_id AND o.family_id = coalesce(w.root_id, w.id)
     AND coalesce(o.child_id, o.family_id) = w.id AND {IS_VISIT} AND o.occurred_at {{side}} %(at)s
    ORDER BY o.occurred_at {{order}} LIMIT 1) n
   ORDER BY n.at {{order}} LIMIT 1)"""
_BEFORE = _NEIGHBOUR.format(side="<=", order="DESC")
_AFTER = _NEIGHBOUR.format(side=">=", order="ASC")

# Visits are a property of the set of moments, in whatever order they arrive: one more moment splits or bridges the gap
# between its neighbours. Only a moment in the middle (an import, mostly) must look for them; a CASE computes what it
# needs. However wrong the row is, no call fails because of it.
_VISIT = f"""INSERT INTO facts_visits AS v (brand_id, wallet_id, visits, first_at, last_at)
 VALUES (%(brand)s, %(wallet)s, 1, %(at)s, %(at)s)
 ON CONFLICT (brand_id, wallet_id) DO UPDATE SET
 visits = greatest(1, v.visits + CASE
  WHEN excluded.last_at >= v.last_at THEN (excluded.last_at - v.last_at >= {GAP})::int
  WHEN excluded.last_at <= v.first_at THEN (v.first_at - excluded.last_at >= {GAP})::int
  ELSE coalesce((SELECT (%(at)s - n.before >= {GAP})::int + (n.after - %(at)s >= {GAP})::int
    - (n.after - n.before >= {GAP})::int FROM (SELECT {_BEFORE} AS before, {_AFTER} AS after) n), 0) END),
 first_at = least(v.first_at, excluded.first_at), last_at = greatest(v.last_at, excluded.last_at)"""

_PURCHASE = """INSERT INTO facts_purchases AS p (brand_id, wallet_id, currency, checkouts, spend, last_at)
 VALUES (%(brand)s, %(wallet)s, %(currency)s, 1, %(spend)s, %(at)s)
 ON CONFLICT (brand_id, wallet_id, currency) DO UPDATE SET checkouts = p.checkouts + 1,
 spend = p.spend + excluded.spend, last_at = greatest(p.last_at, excluded.last_at)"""

_SKUS = """INSERT INTO facts_skucount AS s (brand_id, wallet_id, sku, quantity, checkouts)
 SELECT %(brand)s, %(wallet)s, u.sku, u.quantity, 1 FROM {rows}
 ON CONFLICT (brand_id, wallet_id, sku) DO UPDATE SET quantity = s.quantity + excluded.quantity,
 checkouts = s.checkouts + 1"""
_SKU_COLUMNS: Columns = (("sku", "text"), ("quantity", "numeric"))

_PLACE = """INSERT INTO facts_placecount AS p (brand_id, wallet_id, location_id, checkouts)
 VALUES (%(brand)s, %(wallet)s, %(location)s, 1)
 ON CONFLICT (brand_id, wallet_id, location_id) DO UPDATE SET checkouts = p.checkouts + 1"""

# The void is being written by the same statement, so the voided checkout is named and not looked up.
_LAST_LEFT = f"""({LINE_OF_ONE}
  SELECT max(r.happened_at) FROM line l CROSS JOIN LATERAL (
   SELECT x.happened_at FROM checkouts_checkout x
   WHERE x.brand_id = %(brand)s AND x.wallet_id = l.past_id AND x.currency = c.currency
    AND x.operation_id <> %(checkout)s
    AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = x.brand_id AND v.operation_id = x.operation_id)
   ORDER BY x.happened_at DESC LIMIT 1) r)"""
_VOIDED = "c.brand_id = %(brand)s AND c.operation_id = %(checkout)s"
# Where there are returns, the row stays without checkouts: it then says how much more came back than was bought.
_RETURNS_LEFT = f"""EXISTS ({LINE_OF_ONE}
  SELECT FROM line l JOIN checkouts_return r ON r.brand_id = %(brand)s AND r.wallet_id = l.past_id
  WHERE {{what}}
   AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = r.brand_id AND v.operation_id = r.operation_id))"""
MONEY_LEFT = _RETURNS_LEFT.format(what="r.currency = f.currency AND r.total > 0 {and_not}")
UNITS_LEFT = _RETURNS_LEFT.format(
    what="""EXISTS (SELECT FROM checkouts_returnline n WHERE n.brand_id = r.brand_id
   AND n.operation_id = r.operation_id AND n.sku = f.sku) {and_not}"""
)
"""Whether a row of facts `f` is needed for returns alone."""
_MONEY_LEFT, _UNITS_LEFT = MONEY_LEFT.format(and_not=""), UNITS_LEFT.format(and_not="")
_VOIDED_LINES = """(SELECT c.sku, sum(c.quantity) AS quantity FROM checkouts_line c
 WHERE c.brand_id = %(brand)s AND c.operation_id = %(checkout)s GROUP BY c.sku) u"""

_TAKE_BACK = {
    "purchase_less": f"""UPDATE facts_purchases f SET checkouts = f.checkouts - 1, spend = f.spend - {SPEND},
 last_at = CASE WHEN f.checkouts = 1 THEN NULL WHEN c.happened_at < f.last_at THEN f.last_at
  ELSE coalesce({_LAST_LEFT}, f.last_at) END
 FROM checkouts_checkout c WHERE {_VOIDED} AND f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s
  AND f.currency = c.currency AND (f.checkouts > 1 OR f.checkouts = 1 AND {_MONEY_LEFT})""",
    "purchase_gone": f"""DELETE FROM facts_purchases f USING checkouts_checkout c
 WHERE {_VOIDED} AND f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s
  AND f.currency = c.currency AND f.checkouts = 1 AND NOT {_MONEY_LEFT}""",
    "skus_less": f"""UPDATE facts_skucount f SET checkouts = f.checkouts - 1, quantity = f.quantity - u.quantity
 FROM {_VOIDED_LINES} WHERE f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s
  AND f.sku = u.sku AND (f.checkouts > 1 OR f.checkouts = 1 AND {_UNITS_LEFT})""",
    "skus_gone": f"""DELETE FROM facts_skucount f USING {_VOIDED_LINES}
 WHERE f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s
  AND f.sku = u.sku AND f.checkouts = 1 AND NOT {_UNITS_LEFT}""",
    "place_less": f"""UPDATE facts_placecount f SET checkouts = f.checkouts - 1 FROM checkouts_checkout c
 WHERE {_VOIDED} AND f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s
  AND f.location_id = c.location_id AND f.checkouts > 1""",
    "place_gone": f"""DELETE FROM facts_placecount f USING checkouts_checkout c
 WHERE {_VOIDED} AND f.brand_id = %(brand)s AND f.wallet_id = %(wallet)s
  AND f.location_id = c.location_id AND f.checkouts = 1""",
}

_MOVES = "unnest(%(sources)s::bigint[], %(targets)s::bigint[]) m (source, target)"
_MERGE = {
    "merged_visits": f"""INSERT INTO facts_visits (brand_id, wallet_id, visits, first_at, last_at)
 WITH RECURSIVE line (wallet_id, past_id) AS (
 (SELECT m.target, m.source FROM {_MOVES} UNION SELECT m.target, m.target FROM {_MOVES})
 {EARLIER})
 SELECT %(brand)s, d.* FROM ({VISITS}) d
 ON CONFLICT (brand_id, wallet_id) DO UPDATE SET visits = excluded.visits, first_at = excluded.first_at,
 last_at = excluded.last_at""",
    "merged_purchases": f"""INSERT INTO facts_purchases AS p (brand_id, wallet_id, currency, checkouts, spend, last_at)
 SELECT %(brand)s, m.target, f.currency, sum(f.checkouts)::int, sum(f.spend), max(f.last_at)
 FROM {_MOVES} JOIN facts_purchases f ON f.brand_id = %(brand)s AND f.wallet_id = m.source
 GROUP BY m.target, f.currency
 ON CONFLICT (brand_id, wallet_id, currency) DO UPDATE SET checkouts = p.checkouts + excluded.checkouts,
 spend = p.spend + excluded.spend, last_at = greatest(p.last_at, excluded.last_at)""",
    "merged_skus": f"""INSERT INTO facts_skucount AS s (brand_id, wallet_id, sku, quantity, checkouts)
 SELECT %(brand)s, m.target, f.sku, sum(f.quantity), sum(f.checkouts)::int
 FROM {_MOVES} JOIN facts_skucount f ON f.brand_id = %(brand)s AND f.wallet_id = m.source
 GROUP BY m.target, f.sku
 ON CONFLICT (brand_id, wallet_id, sku) DO UPDATE SET quantity = s.quantity + excluded.quantity,
 checkouts = s.checkouts + excluded.checkouts""",
    "merged_places": f"""INSERT INTO facts_placecount AS p (brand_id, wallet_id, location_id, checkouts)
 SELECT %(brand)s, m.target, f.location_id, sum(f.checkouts)::int
 FROM {_MOVES} JOIN facts_placecount f ON f.brand_id = %(brand)s AND f.wallet_id = m.source
 GROUP BY m.target, f.location_id
 ON CONFLICT (brand_id, wallet_id, location_id) DO UPDATE SET checkouts = p.checkouts + excluded.checkouts""",
    # a row of each operation: of both cards' rows of one operation, should there ever be some, one is left
    "merged_firings": f"""INSERT INTO facts_firing AS f (brand_id, wallet_id, rule_uuid, operation_id, on_date, times,
 undone) SELECT %(brand)s, m.target, g.rule_uuid, g.operation_id, min(g.on_date), sum(g.times)::int, bool_or(g.undone)
 FROM {_MOVES} JOIN facts_firing g ON g.brand_id = %(brand)s AND g.wallet_id = m.source
 GROUP BY m.target, g.rule_uuid, g.operation_id
 ON CONFLICT (brand_id, wallet_id, rule_uuid, operation_id) DO UPDATE SET times = f.times + excluded.times""",
    "no_visits": "DELETE FROM facts_visits WHERE brand_id = %(brand)s AND wallet_id = ANY(%(sources)s)",
    "no_purchases": "DELETE FROM facts_purchases WHERE brand_id = %(brand)s AND wallet_id = ANY(%(sources)s)",
    "no_skus": "DELETE FROM facts_skucount WHERE brand_id = %(brand)s AND wallet_id = ANY(%(sources)s)",
    "no_places": "DELETE FROM facts_placecount WHERE brand_id = %(brand)s AND wallet_id = ANY(%(sources)s)",
    "no_firings": "DELETE FROM facts_firing WHERE brand_id = %(brand)s AND wallet_id = ANY(%(sources)s)",
    "no_scores": "DELETE FROM facts_score WHERE brand_id = %(brand)s AND wallet_id = ANY(%(sources)s)",
}

_FIRINGS = """INSERT INTO facts_firing (brand_id, wallet_id, operation_id, on_date, undone, rule_uuid, times)
 SELECT %(brand)s, %(wallet)s, %(operation)s, %(on_date)s, false, u.* FROM {rows}"""
_FIRING_COLUMNS: Columns = (("rule", "uuid"), ("times", "int"))
_UNFIRED = """UPDATE facts_firing SET undone = true
 WHERE brand_id = %(brand)s AND operation_id = ANY(%(voided)s) AND NOT undone"""


def visit(*, brand_id: int, wallet_id: int, at: datetime) -> Fragment:
    """The holder did something at `at`, the moment at which the operation occurred."""
    return Fragment("visit", _VISIT, {"brand": brand_id, "wallet": wallet_id, "at": at})


def purchase(
    *,
    brand_id: int,
    wallet_id: int,
    location_id: int | None,
    currency: str,
    spend: Decimal,
    lines: Sequence[CheckoutLine],
    happened_at: datetime,
) -> list[Fragment]:
    """One more completed checkout; `spend` is its total after all discounts, in `currency`."""
    own = {"brand": brand_id, "wallet": wallet_id}
    bought = own | {"currency": currency, "spend": spend, "at": happened_at}
    fragments = [Fragment("purchase", _PURCHASE, bought)]
    if lines:
        units = units_of(lines)
        columns: dict[str, list[Any]] = {"sku": list(units), "quantity": list(units.values())}
        fragments.append(rows_fragment("skus", _SKUS, _SKU_COLUMNS, columns, own))
    if location_id is not None:
        fragments.append(Fragment("place", _PLACE, own | {"location": location_id}))
    return fragments


def take_back_purchase(*, brand_id: int, wallet_id: int, checkout_id: UUID) -> list[Fragment]:
    """A checkout is voided: it never was a purchase. The visit stays."""
    params = {"brand": brand_id, "wallet": wallet_id, "checkout": checkout_id}
    return [Fragment(name, sql, params) for name, sql in _TAKE_BACK.items()]


def merge_facts(*, brand_id: int, moves: Sequence[tuple[int, int]]) -> list[Fragment]:
    """Wallets are transferred in: each `(source, target)` gives the source's facts to the target.

    The call must hold the locks of both families. A target may be new in the same statement; the rows of
    cards_transfer may get their targets in it.
    """
    params = {
        "brand": brand_id,
        "sources": [source for source, _ in moves],
        "targets": [target for _, target in moves],
    }
    return [Fragment(name, sql, params) for name, sql in _MERGE.items()]


def fire(
    *, brand_id: int, wallet_id: int, operation_id: UUID, firings: Mapping[UUID, int], on_date: date
) -> list[Fragment]:
    """Rules fired, each so many times, on a day of the brand's zone."""
    if not firings:
        return []
    params = {"brand": brand_id, "wallet": wallet_id, "operation": operation_id, "on_date": on_date}
    columns: dict[str, list[Any]] = {"rule": list(firings), "times": list(firings.values())}
    return [rows_fragment("firings", _FIRINGS, _FIRING_COLUMNS, columns, params)]


def take_back_firings(*, brand_id: int, operation_ids: Sequence[UUID]) -> Fragment:
    """What these operations fired does not count any more; on whichever card it stands by now."""
    return Fragment("firings_undone", _UNFIRED, {"brand": brand_id, "voided": list(operation_ids)})


def units_of(lines: Sequence[CheckoutLine]) -> dict[str, Decimal]:
    """How many units of each SKU; a basket may name one more than once."""
    units: dict[str, Decimal] = {}
    for line in lines:
        units[line.sku] = units.get(line.sku, ZERO) + line.quantity
    return units
