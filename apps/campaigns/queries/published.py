"""The campaigns that are in force, prepared for the engine and kept per process.

The brand clock's `config` number says exactly when they are stale, as it does for the brand's configuration. The number
and the revisions are read in one statement, so no set is ever kept under a number that it does not belong to.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from uuid import UUID

import msgspec

from apps.campaigns.core.compile import Compiled, compile_campaigns
from apps.campaigns.core.definitions import Published
from apps.kernel.db.hot import hot_cursor
from apps.kernel.typed import from_json

REMEMBERED = 1_000
"""Old revisions that a process keeps for explanations."""

_NUMBER = "SELECT k.config FROM brands_clock k WHERE k.brand_id = %(brand)s"
_REVISION = "jsonb_build_object('campaign_uuid', c.uuid, 'revision_uuid', r.uuid, 'definition', r.definition)"
_BUDGET = "jsonb_build_object('id', b.id, 'uuid', b.uuid, 'measure', b.measure, 'value_type', b.value_type)"
_LOAD = f"""SELECT k.config,
 (SELECT jsonb_agg({_REVISION} ORDER BY c.id)::text FROM campaigns_revision r
  JOIN campaigns_campaign c ON c.brand_id = r.brand_id AND c.id = r.campaign_id
  WHERE r.brand_id = k.brand_id AND r.state = 'published' AND NOT c.is_paused),
 (SELECT jsonb_agg({_BUDGET})::text FROM campaigns_budget b
  JOIN campaigns_revision r ON r.brand_id = b.brand_id AND r.campaign_id = b.campaign_id
  WHERE b.brand_id = k.brand_id AND r.state = 'published')
 FROM brands_clock k WHERE k.brand_id = %(brand)s"""
_BY_UUID = f"""SELECT {_REVISION}::text, r.state <> 'draft' FROM campaigns_revision r
 JOIN campaigns_campaign c ON c.brand_id = r.brand_id AND c.id = r.campaign_id
 WHERE r.brand_id = %(brand)s AND r.uuid = ANY(%(uuids)s)"""


class BudgetRow(msgspec.Struct, frozen=True):
    """Which row keeps a budget, or (`uuid` is the rule's) a throttle for the whole brand."""

    id: int
    uuid: UUID
    measure: str
    value_type: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The campaigns of a brand under one `config` number: sorted by priority, then by age; paused ones left out.
    `budgets` by their UUIDs."""

    number: int
    campaigns: tuple[Published, ...]
    compiled: Compiled
    budgets: Mapping[UUID, BudgetRow]


_loaded: dict[int, Loaded] = {}
_revisions: OrderedDict[tuple[int, UUID], Published] = OrderedDict()
_guard = Lock()
_read_one, _read_all, _read_budgets = from_json(Published), from_json(list[Published]), from_json(list[BudgetRow])


def published_campaigns(brand_id: int, *, number: int | None = None) -> Loaded:
    """The campaigns in force under the clock's `number`; without one, as it is now, which costs a small read.

    What is returned may belong to a later number, if that was published meanwhile. Works inside a verb's transaction
    and outside; the brand must exist.
    """
    known = _loaded.get(brand_id)
    if known is not None and known.number == (_number(brand_id) if number is None else number):
        return known
    loaded = _load(brand_id)
    if known is None or known.number < loaded.number:
        _loaded[brand_id] = loaded
    return loaded


def revisions_by_uuid(brand_id: int, uuids: Collection[UUID]) -> dict[UUID, Published]:
    """Revisions in whatever state, for explanations of what they did; unknown ones are missing.

    What was ever published never changes, and is remembered."""
    found = {uuid: known for uuid in uuids if (known := _remembered(brand_id, uuid)) is not None}
    if missing := [uuid for uuid in uuids if uuid not in found]:
        rows = hot_cursor().execute(_BY_UUID, {"brand": brand_id, "uuids": missing}).fetchall()
        for text, is_fixed in rows:
            revision = _read_one(text)
            found[revision.revision_uuid] = revision
            if is_fixed:
                _remember(brand_id, revision)
    return found


def _number(brand_id: int) -> int:
    row = hot_cursor().execute(_NUMBER, {"brand": brand_id}).fetchone()
    assert row is not None, f"brand {brand_id} has no clock row"
    return int(row[0])


def _load(brand_id: int) -> Loaded:
    row = hot_cursor().execute(_LOAD, {"brand": brand_id}).fetchone()
    assert row is not None, f"brand {brand_id} has no clock row"
    number, revisions, budgets = row
    found = _read_all(revisions) if revisions else []
    campaigns = tuple(sorted(found, key=lambda each: each.definition.priority))
    rows = _read_budgets(budgets) if budgets else []
    by_uuid = MappingProxyType({each.uuid: each for each in rows})
    return Loaded(number, campaigns, compile_campaigns(campaigns), by_uuid)


def _remembered(brand_id: int, uuid: UUID) -> Published | None:
    with _guard:
        known = _revisions.get((brand_id, uuid))
        if known is not None:
            _revisions.move_to_end((brand_id, uuid))
        return known


def _remember(brand_id: int, revision: Published) -> None:
    with _guard:
        _revisions[brand_id, revision.revision_uuid] = revision
        if len(_revisions) > REMEMBERED:
            _revisions.popitem(last=False)
