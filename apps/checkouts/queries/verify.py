"""What must hold between checkouts, their payments and the ledger."""

from apps.checkouts.queries import verify_returns, verify_setups
from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, Check

_OPERATIONS = """SELECT c.wallet_id, concat('checkout ', c.operation_id),
  concat('call type ', o.call_type, ', family ', o.family_id)
 FROM checkouts_checkout c JOIN ledger_wallet w ON w.brand_id = c.brand_id AND w.id = c.wallet_id
 LEFT JOIN requestlog_operation o ON o.brand_id = c.brand_id AND o.id = c.operation_id
 WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s
   AND (o.id IS NULL OR o.call_type <> 6 OR o.family_id IS DISTINCT FROM coalesce(w.root_id, w.id))"""

# what a campaign took is no payment; its number stands with the campaign's mutations
_REDEEMED = """SELECT x.wallet_id, concat('checkout ', x.operation_id),
  concat('payments of ', x.kind, ': ', sum(x.paid), ', redeemed ', sum(x.taken))
 FROM (
  SELECT c.wallet_id, c.operation_id, concat_ws(' ', p.balance_type, p.balance_code) AS kind, p.amount AS paid,
    0 AS taken
  FROM checkouts_checkout c
  JOIN checkouts_payment p ON p.brand_id = c.brand_id AND p.operation_id = c.operation_id AND p.redeems
  WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s
  UNION ALL
  SELECT c.wallet_id, c.operation_id, concat_ws(' ', v.balance_type, nullif(v.balance_code, '')), 0, -e.amount
  FROM checkouts_checkout c
  JOIN ledger_entry e ON e.brand_id = c.brand_id AND e.operation_id = c.operation_id AND e.kind = 2
  JOIN programs_valuetype v ON v.brand_id = e.brand_id AND v.id = e.value_type_id
  WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s
    AND NOT EXISTS (SELECT FROM campaigns_mutation m WHERE m.brand_id = e.brand_id
     AND m.operation_id = e.operation_id AND m.mutation_no = e.mutation_no)) x
 GROUP BY x.wallet_id, x.operation_id, x.kind HAVING sum(x.paid) <> sum(x.taken)"""

_REFERRED = """SELECT c.wallet_id, concat('checkout ', c.operation_id, ' payment ', p.no),
  concat('paid by ', p.paid_by_operation_id)
 FROM checkouts_checkout c
 JOIN checkouts_payment p ON p.brand_id = c.brand_id AND p.operation_id = c.operation_id
 LEFT JOIN requestlog_operation o ON o.brand_id = p.brand_id AND o.id = c.operation_id
 LEFT JOIN requestlog_operation b ON b.brand_id = p.brand_id AND b.id = p.paid_by_operation_id
 WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s
   AND p.paid_by_operation_id IS NOT NULL
   AND (p.redeems OR b.id IS NULL OR b.call_type <> 4 OR b.family_id IS DISTINCT FROM o.family_id
     OR NOT EXISTS (SELECT FROM ledger_entry e
       WHERE e.brand_id = b.brand_id AND e.operation_id = b.id AND e.kind = 2))"""

_ONCE = """SELECT NULL::bigint, concat('operation ', p.paid_by_operation_id),
  concat('pays for ', count(*), ' checkouts')
 FROM checkouts_payment p
 WHERE p.brand_id = %(brand)s AND p.paid_by_operation_id IS NOT NULL AND NOT p.released
 GROUP BY p.paid_by_operation_id HAVING count(*) > 1"""

_RELEASED = """SELECT c.wallet_id, concat('checkout ', c.operation_id, ' payment ', p.no),
  concat('released ', p.released, ', checkout voided by ', v.by_operation_id)
 FROM checkouts_payment p
 JOIN checkouts_checkout c ON c.brand_id = p.brand_id AND c.operation_id = p.operation_id
 LEFT JOIN ledger_void v ON v.brand_id = p.brand_id AND v.operation_id = p.operation_id
 WHERE p.brand_id = %(brand)s AND p.paid_by_operation_id IS NOT NULL
   AND p.released <> (v.operation_id IS NOT NULL)"""

_ANONYMOUS = """SELECT NULL::bigint, concat('checkout ', c.operation_id), concat('payment ', p.no)
 FROM checkouts_checkout c
 JOIN checkouts_payment p ON p.brand_id = c.brand_id AND p.operation_id = c.operation_id
 WHERE c.brand_id = %(brand)s AND c.wallet_id IS NULL AND (p.redeems OR p.paid_by_operation_id IS NOT NULL)"""

WALLET_CHECKS = (
    Check("a checkout is an operation of its card's family", FROM_BACKUP, _OPERATIONS),
    Check("redeeming payments are what the checkout redeemed", FROM_CORRECTION, _REDEEMED),
    Check("a payment refers to a redemption of the same family", FROM_CORRECTION, _REFERRED),
    *verify_returns.WALLET_CHECKS,
    *verify_setups.WALLET_CHECKS,
)
BRAND_CHECKS = (
    Check("a redemption pays for one checkout only", FROM_CORRECTION, _ONCE),
    Check("a checkout's references are released when it is voided", FROM_CORRECTION, _RELEASED),
    Check("an anonymous checkout takes nothing from cards", FROM_CORRECTION, _ANONYMOUS),
    *verify_returns.BRAND_CHECKS,
    *verify_setups.BRAND_CHECKS,
)
