"""What campaigns did on operations, for look-ups and histories."""

from collections.abc import Collection
from uuid import UUID

from apps.campaigns.core.caused import CausedLine
from apps.campaigns.core.outcome import Cause
from apps.kernel.db.hot import Cursor

# An empty name is left out of a definition.
_READ = """SELECT m.operation_id, m.no, m.campaign_uuid, m.revision_uuid, m.rule_uuid, m.result_uuid, m.condition_uuid,
 m.name, m.amount, m.is_discount, m.mutation_no, m.sku, m.unit_price, m.units, m.unit_discount,
 coalesce(v.definition->>'name', ''), coalesce((SELECT r.rule->>'name'
  FROM jsonb_array_elements(v.definition->'rules') r (rule) WHERE (r.rule->>'uuid')::uuid = m.rule_uuid), '')
 FROM campaigns_mutation m
 LEFT JOIN campaigns_revision v ON v.brand_id = m.brand_id AND v.uuid = m.revision_uuid
 WHERE m.brand_id = %(brand)s AND m.operation_id = ANY(%(operations)s) ORDER BY m.operation_id, m.no"""


def caused_lines(cursor: Cursor, *, brand_id: int, operation_ids: Collection[UUID]) -> dict[UUID, list[CausedLine]]:
    """The lines of each operation, in their order; operations without are left out. One statement."""
    if not operation_ids:
        return {}
    rows = cursor.execute(_READ, {"brand": brand_id, "operations": list(operation_ids)})
    found: dict[UUID, list[CausedLine]] = {}
    for operation_id, no, campaign, revision, rule, result, condition, name, *rest in rows:
        cause = Cause(campaign, revision, rule, result, condition, name)
        found.setdefault(operation_id, []).append(CausedLine(no, cause, *rest))
    return found
