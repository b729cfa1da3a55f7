"""What must hold between returns, their checkouts and the ledger."""

from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, Check

_OPERATIONS = """SELECT r.wallet_id, concat('return ', r.operation_id),
  concat('call type ', o.call_type, ', family ', o.family_id)
 FROM checkouts_return r JOIN ledger_wallet w ON w.brand_id = r.brand_id AND w.id = r.wallet_id
 LEFT JOIN requestlog_operation o ON o.brand_id = r.brand_id AND o.id = r.operation_id
 WHERE r.brand_id = %(brand)s AND r.wallet_id > %(above)s AND r.wallet_id <= %(upto)s
   AND (o.id IS NULL OR o.call_type <> 8 OR o.family_id IS DISTINCT FROM coalesce(w.root_id, w.id))"""

_UNDOES = """SELECT e.wallet_id, concat('seq ', e.seq), concat('undoes seq ', e.reverses_seq)
 FROM ledger_entry e
 LEFT JOIN checkouts_return r ON r.brand_id = e.brand_id AND r.operation_id = e.operation_id
 LEFT JOIN ledger_entry u ON (u.brand_id, u.wallet_id, u.seq) = (e.brand_id, e.wallet_id, e.reverses_seq)
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s AND e.kind = 11
   AND (u.operation_id = r.checkout_operation_id OR EXISTS (SELECT FROM checkouts_payment p
     WHERE p.brand_id = r.brand_id AND p.operation_id = r.checkout_operation_id
      AND p.paid_by_operation_id = u.operation_id)) IS NOT TRUE"""

_STANDING = """checkouts_checkout c
 JOIN checkouts_return r ON r.brand_id = c.brand_id AND r.checkout_operation_id = c.operation_id
  AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = r.brand_id AND v.operation_id = r.operation_id)"""

# An anonymous checkout has no ceiling, and neither has one for which a return that still stands lifted it.
_CEILING = f"""WITH counted AS (
  SELECT c.wallet_id, c.operation_id, c.total - c.pre_discount - c.discount - c.paid_as_discount AS spend,
   sum(r.total) AS value, array_agg(r.operation_id) AS returns
  FROM {_STANDING} WHERE c.brand_id = %(brand)s AND c.wallet_id IS NOT NULL
  GROUP BY c.brand_id, c.operation_id HAVING NOT bool_or(r.may_exceed))
 SELECT x.wallet_id, concat('checkout ', x.operation_id), concat('cost ', x.spend, ', returned ', x.value)
 FROM counted x WHERE x.value > x.spend
 UNION ALL
 SELECT x.wallet_id, concat('checkout ', x.operation_id),
  concat('SKU ', n.sku, ': bought ', b.quantity, ', returned ', sum(n.quantity))
 FROM counted x
 JOIN checkouts_returnline n ON n.brand_id = %(brand)s AND n.operation_id = ANY(x.returns)
 LEFT JOIN LATERAL (SELECT sum(m.quantity) AS quantity FROM checkouts_line m
   WHERE m.brand_id = %(brand)s AND m.operation_id = x.operation_id AND m.sku = n.sku) b ON true
 GROUP BY x.wallet_id, x.operation_id, n.sku, b.quantity HAVING sum(n.quantity) > coalesce(b.quantity, 0)"""

_ONCE = f"""SELECT min(c.wallet_id), concat('checkout ', c.operation_id), concat('reversed ', count(*), ' times')
 FROM {_STANDING} WHERE c.brand_id = %(brand)s AND r.reversed_payments
 GROUP BY c.operation_id HAVING count(*) > 1"""

_VOIDED = f"""SELECT c.wallet_id, concat('return ', r.operation_id), concat('of checkout ', c.operation_id)
 FROM {_STANDING} JOIN ledger_void v ON v.brand_id = c.brand_id AND v.operation_id = c.operation_id
 WHERE c.brand_id = %(brand)s"""

WALLET_CHECKS = (
    Check("a return is an operation of its card's family", FROM_BACKUP, _OPERATIONS),
    Check("what a return undoes belongs to its checkout", FROM_CORRECTION, _UNDOES),
)
BRAND_CHECKS = (
    Check("no more is returned than was bought, unless a call allowed it", FROM_CORRECTION, _CEILING),
    Check("a checkout's payments are reversed once", FROM_CORRECTION, _ONCE),
    Check("a checkout that was voided has no returns", FROM_CORRECTION, _VOIDED),
)
