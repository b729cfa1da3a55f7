"""What must hold between budgets and what was taken from them, and between what campaigns did and the books."""

from apps.campaigns.fragments import FIRST_DAY
from apps.ledger.core.checks import FROM_BACKUP, Check

_FROM_SPENDINGS = "The spendings are the truth: derive the budget's figures from them again, under the budget's lock."

_MUTATIONS = """SELECT m.wallet_id, concat('operation ', m.operation_id, ', mutation ', m.mutation_no),
  concat('a campaign moved ', m.amount, ', entries ', e.amount)
 FROM (SELECT x.wallet_id, x.operation_id, x.mutation_no, x.value_type_id, sum(x.amount) AS amount
  FROM campaigns_mutation x WHERE x.brand_id = %(brand)s AND x.wallet_id > %(above)s AND x.wallet_id <= %(upto)s
   AND x.value_type_id IS NOT NULL GROUP BY x.wallet_id, x.operation_id, x.mutation_no, x.value_type_id) m
 CROSS JOIN LATERAL (SELECT sum(l.amount) AS amount FROM ledger_entry l
  WHERE l.brand_id = %(brand)s AND l.operation_id = m.operation_id AND l.mutation_no = m.mutation_no
   AND l.wallet_id = m.wallet_id AND l.value_type_id = m.value_type_id) e
 WHERE e.amount IS DISTINCT FROM m.amount"""

_DISCOUNTS = """SELECT c.wallet_id, concat('checkout ', c.operation_id),
  concat('discount ', c.discount, ', campaigns gave ', m.amount)
 FROM checkouts_checkout c LEFT JOIN (SELECT x.operation_id, sum(x.amount) AS amount FROM campaigns_mutation x
  WHERE x.brand_id = %(brand)s AND x.is_discount GROUP BY x.operation_id) m ON m.operation_id = c.operation_id
 WHERE c.brand_id = %(brand)s AND c.discount <> coalesce(m.amount, 0)"""

_USED = """SELECT NULL::bigint, concat('budget ', b.uuid), concat('used ', b.used, ', spendings ', s.amount)
 FROM campaigns_budget b CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0) AS amount FROM campaigns_spending x
  WHERE x.brand_id = b.brand_id AND x.budget_id = b.id AND NOT x.undone) s
 WHERE b.brand_id = %(brand)s AND b.window_unit = 'ever' AND b.used <> s.amount"""

# the last day that a window counts is the day of its last change
_WINDOWS = f"""SELECT NULL::bigint, concat('budget ', b.uuid),
  concat('used ', b.used, ', by day ', b.by_day, ', spendings ', s.days)
 FROM campaigns_budget b
 CROSS JOIN LATERAL (SELECT coalesce(sum(k.value::numeric), 0) AS used, max(k.key::date) AS last
  FROM jsonb_each_text(b.by_day) k) d
 CROSS JOIN LATERAL (SELECT coalesce(jsonb_object_agg(x.on_date, x.amount), '{{}}') AS days
  FROM (SELECT p.on_date, sum(p.amount) AS amount FROM campaigns_spending p
   WHERE p.brand_id = b.brand_id AND p.budget_id = b.id AND NOT p.undone
    AND p.on_date >= {FIRST_DAY.format(today="d.last")} GROUP BY p.on_date) x) s
 WHERE b.brand_id = %(brand)s AND b.window_unit <> 'ever' AND (b.used <> d.used OR EXISTS (
  SELECT FROM jsonb_each_text(b.by_day) k FULL JOIN jsonb_each_text(s.days) t ON t.key = k.key
  WHERE coalesce(k.value::numeric, 0) <> coalesce(t.value::numeric, 0)))"""

_RESERVED = """SELECT NULL::bigint, concat('budget ', b.uuid),
  concat('reserved ', b.reserved, ', reservations ', r.amount)
 FROM campaigns_budget b CROSS JOIN LATERAL (SELECT coalesce(sum(x.amount), 0) AS amount
  FROM campaigns_budgetreservation x WHERE x.brand_id = b.brand_id AND x.budget_id = b.id) r
 WHERE b.brand_id = %(brand)s AND b.reserved <> r.amount"""

# a rule may have fired before it got its throttle: not every firing was taken from one
_FIRINGS = """SELECT f.wallet_id, concat('operation ', s.operation_id),
  concat('took ', s.amount, ' from the throttle ', b.uuid, ', fired ', f.times)
 FROM campaigns_budget b JOIN campaigns_spending s ON s.brand_id = b.brand_id AND s.budget_id = b.id
 LEFT JOIN LATERAL (SELECT min(x.wallet_id) AS wallet_id, sum(x.times) AS times FROM facts_firing x
  WHERE x.brand_id = s.brand_id AND x.operation_id = s.operation_id AND x.rule_uuid = b.uuid
   AND x.undone = s.undone) f ON true
 WHERE b.brand_id = %(brand)s AND EXISTS (SELECT FROM campaigns_revision r
  WHERE r.brand_id = b.brand_id AND r.campaign_id = b.campaign_id
   AND r.definition -> 'rules' @> jsonb_build_array(jsonb_build_object('uuid', b.uuid)))
  AND f.times IS DISTINCT FROM s.amount"""

WALLET_CHECKS = (Check("what campaigns moved stands in the entries", FROM_BACKUP, _MUTATIONS),)
BRAND_CHECKS = (
    Check("a checkout's discount is what campaigns gave", FROM_BACKUP, _DISCOUNTS),
    Check("what a budget has given is the sum of its spendings", _FROM_SPENDINGS, _USED),
    Check("a throttle's window is the spendings of its days", _FROM_SPENDINGS, _WINDOWS),
    Check("what a budget keeps is the sum of its reservations", _FROM_SPENDINGS, _RESERVED),
    Check("what a throttle counted are firings of its rule", FROM_BACKUP, _FIRINGS),
)
