"""What must hold between cards and the ledger's wallets."""

from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, Check

_WALLETS = """SELECT w.id, 'wallet', concat(count(c.id), ' cards and ', count(h.id), ' child cards')
 FROM ledger_wallet w LEFT JOIN cards_card c ON c.brand_id = w.brand_id AND c.wallet_id = w.id
 LEFT JOIN cards_childcard h ON h.brand_id = w.brand_id AND h.wallet_id = w.id
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s
 GROUP BY w.id, w.root_id
 HAVING count(c.id) <> CASE WHEN w.root_id IS NULL THEN 1 ELSE 0 END
   OR count(h.id) <> CASE WHEN w.root_id IS NULL THEN 0 ELSE 1 END"""

_CHILDREN = """SELECT h.wallet_id, concat('child card ', h.number),
  concat('family ', h.family_id, ', its wallet is below ', w.root_id)
 FROM cards_childcard h JOIN ledger_wallet w ON w.brand_id = h.brand_id AND w.id = h.wallet_id
 WHERE h.brand_id = %(brand)s AND h.wallet_id > %(above)s AND h.wallet_id <= %(upto)s
   AND w.root_id IS DISTINCT FROM h.family_id"""

_AGREE = """SELECT w.id, concat('card ', c.number), concat('card set ', c.card_set_id, ', family ', c.family_id,
  ', status ', c.status, ', demo ', c.is_demo, '; wallet: card set ', w.card_set_id, ', demo ', w.is_demo)
 FROM cards_card c JOIN ledger_wallet w ON w.brand_id = c.brand_id AND w.id = c.wallet_id
 WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s
   AND (w.card_set_id <> c.card_set_id OR c.family_id IS DISTINCT FROM coalesce(w.root_id, w.id)
     OR w.is_demo <> c.is_demo OR c.is_demo <> (c.status = 4))"""

_LEFT = """SELECT t.source_wallet_id, concat('lot ', l.no), concat('holds ', l.remaining)
 FROM cards_transfer t JOIN ledger_lot l ON l.brand_id = t.brand_id AND l.wallet_id = t.source_wallet_id AND l.open
 WHERE t.brand_id = %(brand)s AND t.source_wallet_id > %(above)s AND t.source_wallet_id <= %(upto)s"""

_CLOSED = """SELECT c.wallet_id, concat('card ', c.number),
  concat('status ', c.status, ', transferred out by ', t.out_operation_id)
 FROM cards_card c LEFT JOIN cards_transfer t ON t.brand_id = c.brand_id AND t.source_wallet_id = c.wallet_id
 WHERE c.brand_id = %(brand)s AND c.wallet_id > %(above)s AND c.wallet_id <= %(upto)s
   AND (c.status = 10) <> (t.source_wallet_id IS NOT NULL)"""

_TOGETHER = """SELECT w.id, concat('transfer into wallet ', t.target_wallet_id), concat('its root went out by ',
  r.out_operation_id, ', in by ', r.in_operation_id, ', into wallet ', r.target_wallet_id)
 FROM ledger_wallet w LEFT JOIN cards_transfer t ON t.brand_id = w.brand_id AND t.source_wallet_id = w.id
 LEFT JOIN ledger_wallet g ON g.brand_id = t.brand_id AND g.id = t.target_wallet_id
 LEFT JOIN cards_transfer r ON r.brand_id = w.brand_id AND r.source_wallet_id = w.root_id
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s AND w.root_id IS NOT NULL
   AND (t.out_operation_id, t.in_operation_id, g.root_id)
     IS DISTINCT FROM (r.out_operation_id, r.in_operation_id, r.target_wallet_id)"""

_ACTIVATED = """SELECT c.wallet_id, concat('card ', c.number), concat('status ', c.status, ', its wallet is missing')
 FROM cards_card c LEFT JOIN ledger_wallet w ON w.brand_id = c.brand_id AND w.id = c.wallet_id
 WHERE c.brand_id = %(brand)s AND (c.status > 2 OR c.wallet_id IS NOT NULL) AND w.id IS NULL"""

WALLET_CHECKS = (
    Check("a wallet has exactly one card, or one child card", FROM_BACKUP, _WALLETS),
    Check("a child card is of its root's family", FROM_BACKUP, _CHILDREN),
    Check("a card and its wallet agree on set, family and demo flag", FROM_BACKUP, _AGREE),
    Check("a card is closed by a transfer, or holds its own value", FROM_BACKUP, _CLOSED),
    Check("a wallet that was transferred out is empty", FROM_CORRECTION, _LEFT),
    Check("a child card goes where its root goes", FROM_BACKUP, _TOGETHER),
)
BRAND_CHECKS = (Check("a card that was activated has its wallet", FROM_BACKUP, _ACTIVATED),)
