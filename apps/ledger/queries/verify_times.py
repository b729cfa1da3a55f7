"""Checks of time: nothing runs backwards, and value was settled, spent and booked at the moments it should."""

from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, FROM_ENTRIES, Check

_FORWARD = """SELECT x.wallet_id, concat('seq ', x.seq), concat(x.occurred_at, ' after ', x.before)
 FROM (SELECT wallet_id, seq, occurred_at, lag(occurred_at) OVER (PARTITION BY wallet_id ORDER BY seq) AS before
   FROM ledger_entry WHERE brand_id = %(brand)s AND wallet_id > %(above)s AND wallet_id <= %(upto)s) x
 WHERE x.before > x.occurred_at"""

_LAST_AT = """SELECT w.id, concat('seq ', e.seq), concat('occurred ', e.occurred_at, ', the wallet says ', w.last_at)
 FROM ledger_wallet w JOIN ledger_entry e ON e.brand_id = w.brand_id AND e.wallet_id = w.id AND e.seq = w.last_seq
 WHERE w.brand_id = %(brand)s AND w.id > %(above)s AND w.id <= %(upto)s AND e.occurred_at <> w.last_at"""

_SETTLED = """SELECT e.wallet_id, concat('seq ', e.seq), concat('kind ', e.kind, ' at ', e.occurred_at, ', expires ',
  l.expires_at, ', held until ', l.hold_until, ', mutation ', e.mutation_no, ', left ', e.lot_after)
 FROM (SELECT wallet_id, seq, kind, occurred_at, lot_no, hold_id, mutation_no, lot_after,
     lag(occurred_at) OVER (PARTITION BY wallet_id ORDER BY seq) AS before
   FROM ledger_entry WHERE brand_id = %(brand)s AND wallet_id > %(above)s AND wallet_id <= %(upto)s) e
 JOIN ledger_lot l ON l.brand_id = %(brand)s AND l.wallet_id = e.wallet_id AND l.no = e.lot_no
 WHERE CASE
   WHEN e.kind = 5 AND e.mutation_no = 0 THEN e.hold_id IS NOT NULL OR e.lot_after <> 0 OR l.expires_at IS NULL
     OR e.occurred_at <> greatest(l.expires_at, e.before)
   WHEN e.kind = 4 AND e.mutation_no = 0 AND e.hold_id IS NOT NULL THEN e.lot_after <> 0 OR l.hold_until IS NULL
     OR e.occurred_at <> greatest(l.hold_until, e.before)
   WHEN e.kind = 4 THEN e.mutation_no < 0
   ELSE e.mutation_no < 1 END"""

# A transfer that writes a card off (9) takes what is not yet active too. What a locked checkout gives, it may take when
# it is completed, even if that is after the expiry. What a campaign takes may be called an expiry;
# it is spent all the same.
_SPENT = """SELECT e.wallet_id, concat('seq ', e.seq),
  concat('kind ', e.kind, ' at ', e.occurred_at, ', active ', l.active_at, ', expires ', l.expires_at)
 FROM ledger_entry e JOIN ledger_lot l ON l.brand_id = e.brand_id AND l.wallet_id = e.wallet_id AND l.no = e.lot_no
 JOIN requestlog_operation o ON o.brand_id = e.brand_id AND o.id = e.operation_id
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND (e.kind IN (2, 3, 6, 9) OR (e.kind = 5 AND e.mutation_no > 0)) AND e.amount < 0 AND e.hold_id IS NULL
   AND ((l.expires_at <= e.occurred_at AND NOT EXISTS (SELECT FROM ledger_entry g
      WHERE g.brand_id = e.brand_id AND g.wallet_id = e.wallet_id AND g.operation_id = e.operation_id
       AND g.lot_no = e.lot_no AND g.amount > 0 AND g.seq < e.seq))
     OR (l.active_at > e.occurred_at AND o.call_type <> 9))"""

_OVERDUE = """SELECT l.wallet_id, concat('lot ', l.no),
  concat('due ', coalesce(l.hold_until, l.expires_at), ', last movement ', w.last_at)
 FROM ledger_lot l JOIN ledger_wallet w ON w.brand_id = l.brand_id AND w.id = l.wallet_id
 WHERE l.brand_id = %(brand)s AND l.wallet_id > %(above)s AND l.wallet_id <= %(upto)s AND l.remaining > 0
   AND CASE WHEN l.hold_id IS NULL THEN l.expires_at ELSE l.hold_until END <= w.last_at"""

_BOOKED = """SELECT e.wallet_id, concat('seq ', e.seq), concat('booked ', e.booked_on, ', occurred ', e.occurred_at)
 FROM ledger_entry e JOIN brands_clock k ON k.brand_id = e.brand_id
 WHERE e.brand_id = %(brand)s AND e.wallet_id > %(above)s AND e.wallet_id <= %(upto)s
   AND (e.booked_on < (e.occurred_at AT TIME ZONE 'UTC')::date - 1
     OR e.booked_on > greatest((e.occurred_at AT TIME ZONE 'UTC')::date, k.closed_through) + 1)"""

TIMES = (
    Check("occurred_at does not run backwards within a wallet", FROM_BACKUP, _FORWARD),
    Check("last_at is when the last entry occurred", FROM_ENTRIES, _LAST_AT),
    Check("expiries and lapsed holds are settled at their moment", FROM_CORRECTION, _SETTLED),
    Check("value was spent only while it was active and not expired", FROM_CORRECTION, _SPENT),
    Check(
        "a wallet is settled up to its last movement",
        "Run the sweep, then verify again; if it stays, report the case as a fault.",
        _OVERDUE,
    ),
    # the brand's time zone may have changed since, so the day is compared with a day's room on either side
    Check("booked_on is the day of occurred_at, or the first open day", FROM_BACKUP, _BOOKED),
)
