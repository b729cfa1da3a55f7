"""Checks of arithmetic: every stored figure is what the entries add up to."""

from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, FROM_ENTRIES, Check

_LOT_SUM = """SELECT l.wallet_id, concat('lot ', l.no),
  concat('remaining ', l.remaining, ', its entries sum to ', coalesce(e.total, 0))
 FROM ledger_lot l
 LEFT JOIN (SELECT wallet_id, lot_no, sum(amount) AS total FROM ledger_entry
   WHERE brand_id = %(brand)s AND wallet_id > %(above)s AND wallet_id <= %(upto)s GROUP BY wallet_id, lot_no) e
   ON e.wallet_id = l.wallet_id AND e.lot_no = l.no
 WHERE l.brand_id = %(brand)s AND l.wallet_id > %(above)s AND l.wallet_id <= %(upto)s
   AND l.remaining <> coalesce(e.total, 0)"""

_SEQUENCE = """SELECT w.id, concat('seq ', w.last_seq),
  concat(count(e.seq), ' entries, the highest is ', coalesce(max(e.seq), 0), ', the wallet says ', w.last_seq)
 FROM ledger_wallet w LEFT JOIN ledger_entry e ON e.brand_id = w.brand_id AND e.wallet_id = w.id
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s
 GROUP BY w.id, w.last_seq HAVING count(e.seq) <> w.last_seq OR coalesce(max(e.seq), 0) <> w.last_seq"""

_LAST_LOT = """SELECT w.id, concat('lot ', max(l.no)), concat('the wallet says ', w.last_lot)
 FROM ledger_wallet w JOIN ledger_lot l ON l.brand_id = w.brand_id AND l.wallet_id = w.id
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s
 GROUP BY w.id, w.last_lot HAVING max(l.no) > w.last_lot"""

_LOT_AFTER = """SELECT x.wallet_id, concat('seq ', x.seq), concat('says ', x.lot_after, ', is ', x.total)
 FROM (SELECT wallet_id, seq, lot_after, sum(amount) OVER (PARTITION BY wallet_id, lot_no ORDER BY seq) AS total
   FROM ledger_entry WHERE brand_id = %(brand)s AND wallet_id > %(above)s AND wallet_id <= %(upto)s) x
 WHERE x.lot_after <> x.total"""

_BALANCE_AFTER = """SELECT x.wallet_id, concat('seq ', x.seq), concat('says ', x.balance_after, ', is ', x.total)
 FROM (SELECT wallet_id, seq, balance_after,
     sum(amount) OVER (PARTITION BY wallet_id, value_type_id ORDER BY seq) AS total
   FROM ledger_entry WHERE brand_id = %(brand)s AND wallet_id > %(above)s AND wallet_id <= %(upto)s) x
 WHERE x.balance_after <> x.total"""

_ZERO_SUM = """SELECT e.wallet_id, concat('operation ', e.operation_id),
  concat('kind ', e.kind, ', value type ', e.value_type_id, ': sum ', sum(e.amount))
 FROM ledger_entry e
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s AND e.kind IN (3, 4, 12)
 GROUP BY e.wallet_id, e.operation_id, e.kind, e.value_type_id HAVING sum(e.amount) <> 0"""

_DIRECTION = """SELECT e.wallet_id, concat('seq ', e.seq), concat('kind ', e.kind, ', amount ', e.amount)
 FROM ledger_entry e
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND CASE e.kind WHEN 1 THEN e.amount < 0 WHEN 2 THEN e.amount > 0 WHEN 3 THEN (e.amount > 0) = (e.hold_id IS NULL)
     WHEN 4 THEN (e.amount < 0) = (e.hold_id IS NULL) WHEN 5 THEN e.amount > 0 WHEN 7 THEN e.amount > 0
     WHEN 8 THEN e.amount < 0 ELSE false END"""

# A return (11) can be voided: it then reverses as much less as the void gave it back.
_REVERSALS = """SELECT e.wallet_id, concat('seq ', e.seq), concat(e.amount, ' is reversed by ', sum(r.amount))
 FROM (SELECT x.wallet_id, x.reverses_seq, x.value_type_id, x.amount + CASE WHEN x.kind = 11 THEN coalesce(
    (SELECT sum(v.amount) FROM ledger_entry v WHERE v.brand_id = x.brand_id AND v.wallet_id = x.wallet_id
     AND v.reverses_seq = x.seq), 0) ELSE 0 END AS amount
   FROM ledger_entry x WHERE x.brand_id = %(brand)s AND x.wallet_id > %(above)s AND x.wallet_id <= %(upto)s) r
 JOIN ledger_entry e ON e.brand_id = %(brand)s AND e.wallet_id = r.wallet_id AND e.seq = r.reverses_seq
 GROUP BY e.wallet_id, e.seq, e.amount, e.value_type_id
 HAVING abs(sum(r.amount)) > abs(e.amount) OR sign(sum(r.amount)) = sign(e.amount)
   OR bool_or(r.value_type_id <> e.value_type_id)"""

_TRANSIT = """SELECT e.wallet_id, concat('operation ', e.operation_id),
  concat('in transit: ', x.balance_type, ' ', x.balance_code, ' ', -x.moved)
 FROM (SELECT DISTINCT t.wallet_id, t.operation_id FROM ledger_entry t WHERE t.brand_id = %(brand)s
   AND t.wallet_id > %(above)s AND t.wallet_id <= %(upto)s AND t.kind IN (7, 8)) e
 CROSS JOIN LATERAL (SELECT v.balance_type, v.balance_code, sum(s.amount) AS moved FROM ledger_entry s
   JOIN programs_valuetype v ON v.brand_id = s.brand_id AND v.id = s.value_type_id
   WHERE s.brand_id = %(brand)s AND s.operation_id = e.operation_id AND s.kind IN (7, 8)
   GROUP BY v.balance_type, v.balance_code) x
 WHERE x.moved <> 0 AND NOT EXISTS (SELECT FROM cards_transfer t WHERE t.brand_id = %(brand)s
   AND ((t.source_wallet_id = e.wallet_id AND t.out_operation_id = e.operation_id)
     OR (t.target_wallet_id = e.wallet_id AND t.in_operation_id = e.operation_id)))"""

_ARRIVED = """SELECT x.wallet_id, concat('transfer into wallet ', x.target),
  concat(x.balance_type, ' ', x.balance_code, ': out ', sum(x.went), ', in ', sum(x.came))
 FROM (
  SELECT t.source_wallet_id AS wallet_id, t.target_wallet_id AS target, v.balance_type, v.balance_code,
    -e.amount AS went, 0 AS came
  FROM cards_transfer t JOIN ledger_entry e ON e.brand_id = t.brand_id AND e.wallet_id = t.source_wallet_id
    AND e.operation_id = t.out_operation_id AND e.kind = 7
  JOIN programs_valuetype v ON v.brand_id = e.brand_id AND v.id = e.value_type_id
  WHERE t.brand_id = %(brand)s AND t.source_wallet_id > %(above)s AND t.source_wallet_id <= %(upto)s
    AND t.in_operation_id IS NOT NULL
  UNION ALL
  SELECT t.source_wallet_id, t.target_wallet_id, v.balance_type, v.balance_code, 0, e.amount
  FROM cards_transfer t JOIN ledger_entry e ON e.brand_id = t.brand_id AND e.wallet_id = t.target_wallet_id
    AND e.operation_id = t.in_operation_id AND e.kind = 8
  JOIN programs_valuetype v ON v.brand_id = e.brand_id AND v.id = e.value_type_id
  WHERE t.brand_id = %(brand)s AND t.source_wallet_id > %(above)s AND t.source_wallet_id <= %(upto)s) x
 GROUP BY x.wallet_id, x.target, x.balance_type, x.balance_code HAVING sum(x.went) <> sum(x.came)"""

_SCALE = """SELECT e.wallet_id, concat('seq ', e.seq), concat('amount ', e.amount, ', scale ', v.scale)
 FROM ledger_entry e JOIN programs_valuetype v ON v.brand_id = e.brand_id AND v.id = e.value_type_id
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND e.amount <> round(e.amount, v.scale)"""

SUMS = (
    Check("a lot's remaining is the sum of its entries", FROM_ENTRIES, _LOT_SUM),
    Check("entries are numbered without gaps up to the wallet's last_seq", FROM_BACKUP, _SEQUENCE),
    Check("last_lot is not below the highest lot", FROM_ENTRIES, _LAST_LOT),
    Check("lot_after is the running sum of the lot", FROM_BACKUP, _LOT_AFTER),
    Check("balance_after is the running sum of the value type", FROM_BACKUP, _BALANCE_AFTER),
    Check("holds, releases and reclassifications sum to zero", FROM_CORRECTION, _ZERO_SUM),
    Check("an amount's sign fits its kind", FROM_CORRECTION, _DIRECTION),
    Check("a reversal does not exceed what it reverses", FROM_CORRECTION, _REVERSALS),
    Check("nothing is in transit without a transfer", FROM_CORRECTION, _TRANSIT),
    Check("what was transferred out arrives as it left", FROM_CORRECTION, _ARRIVED),
    Check("an amount has no more decimals than its value type", FROM_CORRECTION, _SCALE),
)
