"""What the engine of campaigns is told of a card's history: readings for the one read statement.

A card's history is that of its wallet and of all that were transferred into it. Amounts are texts inside the JSON.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from apps.facts.queries.history import GAP, IS_VISIT, SPEND
from apps.kernel.readings import Reading

_LINE = """WITH RECURSIVE line (past_id) AS (
  SELECT {whose}
  UNION ALL
  SELECT t.source_wallet_id FROM line l
  JOIN cards_transfer t ON t.brand_id = %(brand)s AND t.target_wallet_id = l.past_id)"""

_SPENT = f"""{_LINE}
 SELECT jsonb_object_agg(u.key, (SELECT jsonb_build_object('spend', (coalesce(sum(x.spend), 0))::text,
   'checkouts', count(*) FILTER (WHERE x.is_checkout)) FROM line l CROSS JOIN LATERAL (
    SELECT {SPEND} AS spend, true AS is_checkout FROM checkouts_checkout c
    WHERE c.brand_id = %(brand)s AND c.wallet_id = l.past_id AND c.currency = %(currency)s AND c.happened_at >= u.since
     AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = c.brand_id AND v.operation_id = c.operation_id)
    UNION ALL
    SELECT -r.total, false FROM checkouts_return r
    WHERE r.brand_id = %(brand)s AND r.wallet_id = l.past_id AND r.currency = %(currency)s AND r.happened_at >= u.since
     AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = r.brand_id AND v.operation_id = r.operation_id)) x))
 FROM unnest(%(spent_windows)s::text[], %(spent_since)s::timestamptz[]) u (key, since)"""

# a checkout counts whatever it was paid in
_SPENT_EVER = """SELECT jsonb_build_object('checkouts', coalesce(sum(f.checkouts), 0),
  'spend', coalesce(sum(f.spend) FILTER (WHERE f.currency = %(currency)s), 0)::text)
 FROM facts_purchases f WHERE f.brand_id = %(brand)s AND f.wallet_id = {whose}"""

_VISITS = """SELECT jsonb_build_array(f.visits, f.last_at) FROM facts_visits f
 WHERE f.brand_id = %(brand)s AND f.wallet_id = {whose}"""

_VISITS_SINCE = f"""{_LINE}
 SELECT jsonb_object_agg(u.key, (SELECT count(*) FROM (
   SELECT o.occurred_at AS at, o.occurred_at - lag(o.occurred_at) OVER (ORDER BY o.occurred_at) AS gap
   FROM line l JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = l.past_id
   JOIN requestlog_operation o ON o.brand_id = w.brand_id AND o.family_id = coalesce(w.root_id, w.id)
    AND coalesce(o.child_id, o.family_id) = l.past_id AND {IS_VISIT} AND o.occurred_at >= u.since - {GAP}) m
   WHERE m.at >= u.since AND (m.gap IS NULL OR m.gap >= {GAP})))
 FROM unnest(%(visit_windows)s::text[], %(visit_since)s::timestamptz[]) u (key, since)"""

# the sum keeps the planner from the index of rules by day: what fired since the last ANALYZE it takes for nothing, and
# would read the firings of all cards
_FIRED = """SELECT jsonb_agg(jsonb_build_array(x.rule_uuid, x.on_date, x.times)) FROM (
  SELECT f.rule_uuid, f.on_date, sum(f.times) AS times FROM facts_firing f
  WHERE f.brand_id = %(brand)s AND f.wallet_id = {whose} AND f.rule_uuid = ANY(%(fired_rules)s::uuid[])
   AND f.on_date + 0 >= %(fired_since)s AND NOT f.undone GROUP BY f.rule_uuid, f.on_date) x"""

_FIRED_ON = """SELECT array_agg(DISTINCT f.rule_uuid) FROM facts_firing f
 WHERE f.brand_id = %(brand)s AND f.wallet_id = {whose} AND f.on_date = %(fired_day)s"""


def spent(*, windows: Mapping[str, datetime], currency: str) -> Reading:
    """`{window: {spend, checkouts}}` for windows by the moment at which they begin; what was returned is less."""
    params = {"currency": currency, "spent_windows": list(windows), "spent_since": list(windows.values())}
    return Reading("spent", _SPENT, params)


def spent_ever(*, currency: str) -> Reading:
    """`{spend, checkouts}` of all times: what was spent in this currency, and how many checkouts in whatever one."""
    return Reading("spent_ever", _SPENT_EVER, {"currency": currency})


def visits() -> Reading:
    """`[visits, last_at]`, or nothing."""
    return Reading("visits", _VISITS)


def visits_since(windows: Mapping[str, datetime]) -> Reading:
    """`{window: visits}` for windows by the moment at which they begin."""
    return Reading(
        "visits_since", _VISITS_SINCE, {"visit_windows": list(windows), "visit_since": list(windows.values())}
    )


def fired(*, rules: Sequence[UUID], since: date) -> Reading:
    """`[[rule, day, times], ...]` of some rules from a day on; what a void took back does not count."""
    return Reading("fired", _FIRED, {"fired_rules": list(rules), "fired_since": since})


def fired_on(day: date) -> Reading:
    """The rules that fired on a day, also those that a void took back."""
    return Reading("fired_on", _FIRED_ON, {"fired_day": day})
