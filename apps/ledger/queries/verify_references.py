"""Checks of references that no foreign key guards, and of what rows say of each other."""

from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, Check

_ROOTS = """SELECT w.id, concat('root ', w.root_id), 'is missing or is a child itself'
 FROM ledger_wallet w LEFT JOIN ledger_wallet r ON r.brand_id = w.brand_id AND r.id = w.root_id
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s AND w.root_id IS NOT NULL
   AND (r.id IS NULL OR r.root_id IS NOT NULL)"""

_WALLET_DIMENSIONS = """SELECT w.id, 'wallet',
  concat('program ', w.program_id, ', card set ', w.card_set_id, ', location ', w.owner_location_id)
 FROM ledger_wallet w
 LEFT JOIN programs_program p ON p.brand_id = w.brand_id AND p.id = w.program_id
 LEFT JOIN programs_cardset s ON s.brand_id = w.brand_id AND s.id = w.card_set_id AND s.program_id = w.program_id
 LEFT JOIN brands_location o ON o.brand_id = w.brand_id AND o.id = w.owner_location_id
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s
   AND (p.id IS NULL OR s.id IS NULL OR o.id IS NULL)"""

_STAMPED = """SELECT e.wallet_id, concat('seq ', e.seq), concat('program ', e.program_id, ', card set ', e.card_set_id,
  ', owner ', e.owner_location_id, ', location ', e.location_id, ', value type ', e.value_type_id)
 FROM ledger_entry e
 LEFT JOIN programs_program p ON p.brand_id = e.brand_id AND p.id = e.program_id
 LEFT JOIN programs_cardset s ON s.brand_id = e.brand_id AND s.id = e.card_set_id
 LEFT JOIN brands_location o ON o.brand_id = e.brand_id AND o.id = e.owner_location_id
 LEFT JOIN brands_location h ON h.brand_id = e.brand_id AND h.id = e.location_id
 LEFT JOIN programs_valuetype v ON v.brand_id = e.brand_id AND v.id = e.value_type_id AND v.program_id = e.program_id
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND (p.id IS NULL OR s.id IS NULL OR o.id IS NULL OR v.id IS NULL OR (e.location_id IS NOT NULL AND h.id IS NULL))"""

# An empty wallet may get other dimensions without a movement.
_RECLASSIFIED = """SELECT x.wallet_id, concat('seq ', x.seq), 'other program, card set, owner or demo flag than before'
 FROM (SELECT wallet_id, seq, kind, (program_id, card_set_id, owner_location_id, is_demo) AS stamped,
     lag((program_id, card_set_id, owner_location_id, is_demo)) OVER w AS before,
     sum(amount) OVER w - amount AS held
   FROM ledger_entry WHERE brand_id = %(brand)s AND wallet_id > %(above)s AND wallet_id <= %(upto)s
   WINDOW w AS (PARTITION BY wallet_id ORDER BY seq)) x
 WHERE x.kind <> 12 AND x.before IS NOT NULL AND x.stamped <> x.before AND x.held <> 0
 UNION ALL
 SELECT w.id, concat('seq ', e.seq), 'other program, card set, owner or demo flag than the wallet has'
 FROM ledger_wallet w JOIN ledger_entry e ON e.brand_id = w.brand_id AND e.wallet_id = w.id AND e.seq = w.last_seq
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s
   AND (e.program_id, e.card_set_id, e.owner_location_id, e.is_demo)
     <> (w.program_id, w.card_set_id, w.owner_location_id, w.is_demo)
   AND EXISTS (SELECT FROM ledger_lot l WHERE l.brand_id = w.brand_id AND l.wallet_id = w.id AND l.open)"""

_LOT_OF_ENTRY = """SELECT e.wallet_id, concat('seq ', e.seq),
  concat('lot ', e.lot_no, ', value type ', e.value_type_id, ', hold ', e.hold_id)
 FROM ledger_entry e
 LEFT JOIN ledger_lot l ON l.brand_id = e.brand_id AND l.wallet_id = e.wallet_id AND l.no = e.lot_no
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND (l.no IS NULL OR l.value_type_id <> e.value_type_id OR l.hold_id IS DISTINCT FROM e.hold_id)"""

_LOT_OF_WALLET = """SELECT l.wallet_id, concat('lot ', l.no), 'its wallet is missing'
 FROM ledger_lot l LEFT JOIN ledger_wallet w ON w.brand_id = l.brand_id AND w.id = l.wallet_id
 WHERE l.brand_id = %(brand)s AND l.wallet_id > %(above)s AND l.wallet_id <= %(upto)s AND w.id IS NULL"""

_MERGED = """SELECT l.wallet_id, concat('lots ', min(l.no), ' and ', max(l.no)), concat('value type ', l.value_type_id)
 FROM ledger_lot l
 WHERE l.brand_id = %(brand)s AND l.wallet_id > %(above)s AND l.wallet_id <= %(upto)s AND l.remaining > 0
 GROUP BY l.wallet_id, l.value_type_id, l.return_related, l.expires_at, l.active_at, l.hold_id HAVING count(*) > 1"""

_HELD = """SELECT l.wallet_id, concat('lot ', l.no), concat('hold ', l.hold_id, ', family ', o.family_id)
 FROM ledger_lot l JOIN ledger_wallet w ON w.brand_id = l.brand_id AND w.id = l.wallet_id
 LEFT JOIN requestlog_operation o ON o.brand_id = l.brand_id AND o.id = l.hold_id
 WHERE l.brand_id = %(brand)s AND l.wallet_id > %(above)s AND l.wallet_id <= %(upto)s AND l.hold_id IS NOT NULL
   AND (o.id IS NULL OR o.family_id IS DISTINCT FROM coalesce(w.root_id, w.id))
 UNION ALL
 SELECT e.wallet_id, concat('seq ', e.seq), concat('hold ', e.hold_id, ' by operation ', e.operation_id)
 FROM ledger_entry e
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND e.kind = 3 AND e.hold_id <> e.operation_id"""

_VOIDED_HOLDS = """SELECT l.wallet_id, concat('lot ', l.no), concat('hold ', l.hold_id, ' was voided')
 FROM ledger_lot l JOIN ledger_void v ON v.brand_id = l.brand_id AND v.operation_id = l.hold_id
 WHERE l.brand_id = %(brand)s AND l.wallet_id > %(above)s AND l.wallet_id <= %(upto)s AND l.remaining > 0"""

# A void made through the card into which another one was transferred undoes what happened on that other one.
_HEIRS = """WITH RECURSIVE heirs (wallet_id, heir_id) AS (
  SELECT t.source_wallet_id, t.target_wallet_id FROM cards_transfer t
  WHERE t.brand_id = %(brand)s AND t.target_wallet_id IS NOT NULL
  UNION SELECT h.wallet_id, t.target_wallet_id FROM heirs h JOIN cards_transfer t
    ON t.brand_id = %(brand)s AND t.source_wallet_id = h.heir_id AND t.target_wallet_id IS NOT NULL)
 """

_OPERATIONS = f"""{_HEIRS}SELECT e.wallet_id, concat('seq ', e.seq),
  concat('operation ', e.operation_id, ', family ', o.family_id)
 FROM ledger_entry e JOIN ledger_wallet w ON w.brand_id = e.brand_id AND w.id = e.wallet_id
 LEFT JOIN requestlog_operation o ON o.brand_id = e.brand_id AND o.id = e.operation_id
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND (o.id IS NULL OR (o.family_id IS DISTINCT FROM coalesce(w.root_id, w.id)
     AND NOT (o.call_type IN (8, 10, 11) AND (coalesce(w.root_id, w.id), o.family_id) IN (SELECT * FROM heirs))))"""

_VOID_ENTRIES = """SELECT e.wallet_id, concat('seq ', e.seq), concat('undoes seq ', e.reverses_seq)
 FROM ledger_entry e
 LEFT JOIN ledger_entry r ON (r.brand_id, r.wallet_id, r.seq) = (e.brand_id, e.wallet_id, e.reverses_seq)
 LEFT JOIN ledger_void v ON v.brand_id = r.brand_id AND v.operation_id = r.operation_id
   AND v.by_operation_id = e.operation_id
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND e.kind = 10 AND v.operation_id IS NULL"""

_VOIDS = f"""{_HEIRS}SELECT NULL::bigint, concat('operation ', v.operation_id),
  concat('voided by ', v.by_operation_id)
 FROM ledger_void v
 LEFT JOIN requestlog_operation o ON o.brand_id = v.brand_id AND o.id = v.operation_id
 LEFT JOIN requestlog_operation b ON b.brand_id = v.brand_id AND b.id = v.by_operation_id
 WHERE v.brand_id = %(brand)s AND (o.id IS NULL OR b.id IS NULL OR b.call_type NOT IN (10, 11)
   OR (o.family_id IS DISTINCT FROM b.family_id AND (o.family_id, b.family_id) NOT IN (SELECT * FROM heirs)))"""

_BRAND = """SELECT NULL::bigint, concat('brand ', %(brand)s::bigint), 'has no row, or no clock'
 WHERE NOT EXISTS (SELECT FROM brands_brand b JOIN brands_clock k ON k.brand_id = b.id WHERE b.id = %(brand)s)"""

REFERENCES = (
    Check("a child's root is a root", FROM_BACKUP, _ROOTS),
    Check("a wallet's program, card set and owner belong to the brand", FROM_BACKUP, _WALLET_DIMENSIONS),
    Check("what is stamped on entries belongs to the brand", FROM_BACKUP, _STAMPED),
    Check("entries are stamped with their wallet's dimensions", FROM_CORRECTION, _RECLASSIFIED),
    Check("an entry's lot has its value type and hold", FROM_BACKUP, _LOT_OF_ENTRY),
    Check("a lot has its wallet", FROM_BACKUP, _LOT_OF_WALLET),
    Check("at most one open lot of a kind", FROM_CORRECTION, _MERGED),
    Check("value is held by an operation of its family", FROM_BACKUP, _HELD),
    Check("a voided hold keeps nothing", FROM_CORRECTION, _VOIDED_HOLDS),
    Check("an entry's operation belongs to its family", FROM_BACKUP, _OPERATIONS),
    Check("what a void undoes is noted as voided by it", FROM_BACKUP, _VOID_ENTRIES),
)
VOIDS = (
    Check("a void and what it voids are operations of one family", FROM_BACKUP, _VOIDS),
    Check("the brand exists", FROM_BACKUP, _BRAND),
)
