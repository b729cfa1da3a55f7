"""Checks of redemptions that were asked for in another currency."""

from apps.ledger.core.checks import FROM_BACKUP, FROM_CORRECTION, Check

# round() of a numeric is half away from zero, which is half-up for amounts. What was redeemed "at most" may be less
# than the amount was worth, but only where it left nothing.
_TAKEN = """SELECT c.wallet_id, concat('operation ', c.operation_id, ', mutation ', c.mutation_no),
  concat(c.amount, ' ', c.currency, ' at ', c.rate, ' became ', c.converted, ', redeemed ', t.taken)
 FROM ledger_conversion c
 LEFT JOIN programs_valuetype v ON v.brand_id = c.brand_id AND v.id = c.value_type_id
 LEFT JOIN LATERAL (SELECT -sum(e.amount) AS taken, max(e.lot_after) AS remaining,
     bool_and(e.kind = 2 AND e.wallet_id = c.wallet_id AND e.value_type_id = c.value_type_id) AS redeems
   FROM ledger_entry e WHERE e.brand_id = c.brand_id AND e.operation_id = c.operation_id
     AND e.mutation_no = c.mutation_no) t ON true
 WHERE c.brand_id = %(brand)s
   AND (v.id IS NULL OR t.redeems IS NOT TRUE OR t.taken <> c.converted
     OR c.converted > round(c.amount * c.rate, v.scale)
     OR c.converted < round(c.amount * c.rate, v.scale) AND t.remaining > 0)"""

_RATE = """SELECT c.wallet_id, concat('operation ', c.operation_id, ', mutation ', c.mutation_no),
  concat(c.currency, ' to ', v.balance_code, ' at ', c.rate, ', rate ', c.rate_id, ' says ', r.rate, ' from ', r.base,
   ' to ', r.quote, ' since ', r.valid_from)
 FROM ledger_conversion c
 LEFT JOIN programs_valuetype v ON v.brand_id = c.brand_id AND v.id = c.value_type_id
 LEFT JOIN programs_exchangerate r ON r.brand_id = c.brand_id AND r.id = c.rate_id
 LEFT JOIN requestlog_operation o ON o.brand_id = c.brand_id AND o.id = c.operation_id
 WHERE c.brand_id = %(brand)s
   AND (r.rate = c.rate AND r.base = c.currency AND r.quote = v.balance_code AND r.valid_from <= o.occurred_at)
     IS NOT TRUE"""

CONVERSIONS = (
    Check("a conversion is what its redemption took, at its rate", FROM_CORRECTION, _TAKEN),
    Check("a conversion's rate stands in the brand's table", FROM_BACKUP, _RATE),
)
