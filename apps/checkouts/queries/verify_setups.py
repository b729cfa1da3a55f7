"""What must hold between locking setups and what they reserved."""

from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, Check

_COMPLETED = """SELECT c.wallet_id, concat('checkout ', c.operation_id),
  concat('completes setup ', c.setup_operation_id, ', which was ended by ', s.ended_by)
 FROM checkouts_checkout c LEFT JOIN checkouts_setup s ON s.brand_id = c.brand_id
  AND s.operation_id = c.setup_operation_id
 WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s
  AND c.setup_operation_id IS NOT NULL AND s.ended_by IS DISTINCT FROM c.operation_id"""

_LOCKED = """SELECT c.wallet_id, concat('card ', c.number), concat('locked by ', c.locked_by, ' until ', c.locked_until,
  '; that setup is of family ', s.family_id, ', until ', s.until, ', ended by ', s.ended_by)
 FROM cards_card c
 LEFT JOIN checkouts_setup s ON s.brand_id = c.brand_id AND s.operation_id = c.locked_by
 WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s AND c.locked_by IS NOT NULL
  AND (s.ended_by IS NOT NULL OR s.family_id IS DISTINCT FROM c.family_id OR s.until IS DISTINCT FROM c.locked_until)"""

_HELD = """SELECT l.wallet_id, concat('lot ', l.no), concat('holds ', l.remaining, ' until ', l.hold_until,
  '; setup ', s.operation_id, ' is of wallet ', s.wallet_id, ', until ', s.until, ', ended by ', s.ended_by)
 FROM ledger_lot l JOIN checkouts_setup s ON s.brand_id = l.brand_id AND s.operation_id = l.hold_id
 WHERE l.brand_id = %(brand)s AND l.open AND l.hold_until IS NOT NULL
  AND (s.ended_by IS NOT NULL OR s.wallet_id <> l.wallet_id OR s.until <> l.hold_until)"""

_COUPONS = """SELECT c.wallet_id, concat('coupon ', c.code),
  concat('kept for setup ', c.reserved_by, ' of family ', s.family_id, ', ended by ', s.ended_by)
 FROM coupons_coupon c LEFT JOIN checkouts_setup s ON s.brand_id = c.brand_id AND s.operation_id = c.reserved_by
 WHERE c.brand_id = %(brand)s AND c.state = 3 AND c.reserved_by IS NOT NULL
  AND (s.operation_id IS NULL OR s.ended_by IS NOT NULL)"""

_BUDGETS = """SELECT NULL::bigint, concat('budget ', r.budget_id), concat(r.amount, ' for setup ', r.operation_id,
  ', ended by ', s.ended_by)
 FROM campaigns_budgetreservation r
 LEFT JOIN checkouts_setup s ON s.brand_id = r.brand_id AND s.operation_id = r.operation_id
 WHERE r.brand_id = %(brand)s AND (s.operation_id IS NULL OR s.ended_by IS NOT NULL)"""

WALLET_CHECKS = (
    Check("a setup that was completed was ended by its checkout", FROM_BACKUP, _COMPLETED),
    Check("a card is locked by an open setup of its own", FROM_BACKUP, _LOCKED),
)
BRAND_CHECKS = (
    Check("a setup that is over holds no value", FROM_CORRECTION, _HELD),
    Check("a coupon is kept for open setups only", FROM_BACKUP, _COUPONS),
    Check("a budget is reserved for open setups only", FROM_BACKUP, _BUDGETS),
)
