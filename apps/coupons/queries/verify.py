"""What must hold between coupons and their steps. Coupons that nobody touched have none, and are passed over."""

from apps.ledger.core.checks import FROM_BACKUP, Check

_LAST_STEP = """SELECT c.wallet_id, concat('coupon ', c.code),
  concat('state ', c.state, ', step ', c.last_step, ' says ', s.state)
 FROM coupons_coupon c
 LEFT JOIN coupons_couponstep s ON s.brand_id = c.brand_id AND s.coupon_id = c.id AND s.no = c.last_step
 WHERE c.brand_id = %(brand)s AND (c.state <> 1 OR c.last_step <> 0) AND s.state IS DISTINCT FROM c.state"""

_GAPS = """SELECT NULL::bigint, concat('coupon #', x.coupon_id),
  concat(x.steps, ' steps from ', x.first, ' to ', x.last, ', last_step ', c.last_step)
 FROM (SELECT s.coupon_id, count(*) AS steps, min(s.no) AS first, max(s.no) AS last FROM coupons_couponstep s
  WHERE s.brand_id = %(brand)s GROUP BY s.coupon_id) x
 LEFT JOIN coupons_coupon c ON c.brand_id = %(brand)s AND c.id = x.coupon_id
 WHERE x.first <> 1 OR x.last <> x.steps OR x.last IS DISTINCT FROM c.last_step"""

_STATE = """SELECT c.wallet_id, concat('coupon ', c.code), concat('state ', c.state, ', card ', c.wallet_id,
  ', allocated ', c.allocated_at, ', used ', c.used_at, ' by ', c.used_by, ', reserved until ', c.reserved_until)
 FROM coupons_coupon c WHERE c.brand_id = %(brand)s
 AND ((c.state = 1) <> (c.allocated_at IS NULL) OR (c.state = 1 AND c.wallet_id IS NOT NULL)
  OR (c.state = 4) <> (c.used_at IS NOT NULL) OR (c.state = 4) <> (c.used_by IS NOT NULL)
  OR (c.state = 3) <> (c.reserved_until IS NOT NULL) OR (c.state <> 3 AND c.reserved_by IS NOT NULL))"""

_USED_BY = """SELECT c.wallet_id, concat('coupon ', c.code), concat('used by ', c.used_by)
 FROM coupons_coupon c WHERE c.brand_id = %(brand)s AND c.state = 4 AND NOT EXISTS (SELECT FROM coupons_couponstep s
  WHERE s.brand_id = c.brand_id AND s.coupon_id = c.id AND s.operation_id = c.used_by AND s.state = 4)"""

BRAND_CHECKS = (
    Check("a coupon's last step says its state", FROM_BACKUP, _LAST_STEP),
    Check("a coupon's steps are numbered without gaps", FROM_BACKUP, _GAPS),
    Check("what is known of a coupon fits its state", FROM_BACKUP, _STATE),
    Check("a used coupon was used by one of its steps", FROM_BACKUP, _USED_BY),
)
