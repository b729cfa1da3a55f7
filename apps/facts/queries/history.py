"""What the facts are derived from: the SQL that the writers of single calls, transfers and the rebuild share.

Most of it reads a table `line (wallet_id, past_id)`: whose facts, and a wallet whose history they are made of. That is
the wallet itself, and every wallet that was transferred into it, directly or through others.
"""

from dataclasses import dataclass

from apps.requestlog.core.kinds import CallType

GAP = "interval '90 minutes'"
"""From this gap on, the next transaction is another visit."""

IS_VISIT = f"o.call_type IN ({int(CallType.UPDATE_BALANCE)}, {int(CallType.CHECKOUT_COMPLETE)})"
"""Of an operation `o`. Voided ones too: the holder was there."""

SPEND = "(c.total - c.pre_discount - c.discount - c.paid_as_discount)"
"""What a checkout `c` cost after all discounts."""

LINE_OF_ONE = """WITH RECURSIVE line (past_id) AS (
 SELECT %(wallet)s::bigint
 UNION ALL
 SELECT t.source_wallet_id FROM line l
 JOIN cards_transfer t ON t.brand_id = %(brand)s AND t.target_wallet_id = l.past_id)"""
"""A wallet and those that were transferred into it."""

EARLIER = """UNION ALL
 SELECT l.wallet_id, t.source_wallet_id FROM line l
 JOIN cards_transfer t ON t.brand_id = %(brand)s AND t.target_wallet_id = l.past_id"""
"""How a `line` that was begun goes on into the past."""

# A wallet that was transferred in elsewhere has no line: its facts are its successor's.
LINES_OF_FAMILIES = f"""WITH RECURSIVE line (wallet_id, past_id) AS (
 SELECT w.id, w.id FROM ledger_wallet w
 WHERE w.brand_id = %(brand)s AND (w.id = ANY(%(families)s) OR w.root_id = ANY(%(families)s))
  AND NOT EXISTS (SELECT FROM cards_transfer t
   WHERE t.brand_id = w.brand_id AND t.source_wallet_id = w.id AND t.target_wallet_id IS NOT NULL)
 {EARLIER})"""
"""All wallets of the families that can have facts."""

# OFFSET 0 keeps a subquery apart: wallet by wallet, by its index. Where there are no statistics yet (after an import,
# say) the planner would rather read everything that the brand has, while the locks are held.
VISITS = f"""SELECT m.wallet_id, (count(*) FILTER (WHERE m.gap IS NULL OR m.gap >= {GAP}))::int AS visits,
  min(m.at) AS first_at, max(m.at) AS last_at
 FROM (
  SELECT l.wallet_id, o.occurred_at AS at,
   o.occurred_at - lag(o.occurred_at) OVER (PARTITION BY l.wallet_id ORDER BY o.occurred_at) AS gap
  FROM line l
  JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = l.past_id
  CROSS JOIN LATERAL (SELECT o.occurred_at FROM requestlog_operation o
   WHERE o.brand_id = w.brand_id AND o.family_id = coalesce(w.root_id, w.id)
    AND coalesce(o.child_id, o.family_id) = l.past_id AND {IS_VISIT} OFFSET 0) o) m
 GROUP BY m.wallet_id"""

_BOUGHT = """line l CROSS JOIN LATERAL (SELECT c.* FROM checkouts_checkout c
  WHERE c.brand_id = %(brand)s AND c.wallet_id = l.past_id
   AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = c.brand_id AND v.operation_id = c.operation_id)
  OFFSET 0) c"""

_RETURNED = """line l CROSS JOIN LATERAL (SELECT r.* FROM checkouts_return r
  WHERE r.brand_id = %(brand)s AND r.wallet_id = l.past_id
   AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = r.brand_id AND v.operation_id = r.operation_id)
  OFFSET 0) r"""

_PURCHASES = f"""SELECT x.wallet_id, x.currency, count(x.bought_at)::int AS checkouts, sum(x.spend) AS spend,
  max(x.bought_at) AS last_at
 FROM (SELECT l.wallet_id, c.currency, {SPEND} AS spend, c.happened_at AS bought_at FROM {_BOUGHT}
  UNION ALL SELECT l.wallet_id, r.currency, -r.total, NULL FROM {_RETURNED} WHERE r.total > 0) x
 GROUP BY x.wallet_id, x.currency"""

_SKUS = f"""SELECT x.wallet_id, x.sku, sum(x.quantity) AS quantity, count(DISTINCT x.bought_by)::int AS checkouts
 FROM (SELECT l.wallet_id, n.sku, n.quantity, n.operation_id AS bought_by FROM {_BOUGHT}
  CROSS JOIN LATERAL (SELECT y.* FROM checkouts_line y
   WHERE y.brand_id = c.brand_id AND y.operation_id = c.operation_id OFFSET 0) n
  UNION ALL SELECT l.wallet_id, n.sku, -n.quantity, NULL FROM {_RETURNED}
  CROSS JOIN LATERAL (SELECT y.* FROM checkouts_returnline y
   WHERE y.brand_id = r.brand_id AND y.operation_id = r.operation_id OFFSET 0) n) x
 GROUP BY x.wallet_id, x.sku"""

_PLACES = f"""SELECT l.wallet_id, c.location_id, count(*)::int AS checkouts
 FROM {_BOUGHT} WHERE c.location_id IS NOT NULL GROUP BY l.wallet_id, c.location_id"""


@dataclass(frozen=True, slots=True)
class Derived:
    """One table of facts: what its rows are known by besides the wallet, what they say, and how it is derived."""

    table: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    sql: str


TABLES = (
    Derived("facts_visits", (), ("visits", "first_at", "last_at"), VISITS),
    Derived("facts_purchases", ("currency",), ("checkouts", "spend", "last_at"), _PURCHASES),
    Derived("facts_skucount", ("sku",), ("quantity", "checkouts"), _SKUS),
    Derived("facts_placecount", ("location_id",), ("checkouts",), _PLACES),
)
