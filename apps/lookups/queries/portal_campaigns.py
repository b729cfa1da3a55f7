"""Campaigns as the portal lists and shows them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.brands.models import Brand
from apps.campaigns.core.definitions import Campaign, Measure, read_campaign
from apps.campaigns.fragments import FIRST_DAY
from apps.campaigns.models import Campaign as CampaignRow
from apps.campaigns.models import Mutation, Revision
from apps.kernel.db.hot import hot_cursor
from apps.requestlog.models import Operation

MOST = 10_000
"""Firings of a rule are counted no further."""
RECENT = 10

_MEASURES = {Measure.DISCOUNT: "discount", Measure.USES: "uses"}

_FIRED = f"""SELECT w.rule, (SELECT coalesce(sum(n.times), 0) FROM (SELECT f.times FROM facts_firing f
  WHERE f.brand_id = %(brand)s AND f.rule_uuid = w.rule AND f.on_date >= %(since)s AND NOT f.undone LIMIT {MOST}) n)
 FROM unnest(%(rules)s::uuid[]) w (rule)"""
_BUDGETS = f"""SELECT b.campaign_id, b.uuid, b.measure, b.value_type, b.cap, b.reserved,
 CASE b.window_unit WHEN 'ever' THEN b.used ELSE (SELECT coalesce(sum(k.value::numeric), 0)
  FROM jsonb_each_text(b.by_day) k WHERE k.key::date >= {FIRST_DAY.format(today="%(today)s::date")}) END
 FROM campaigns_budget b WHERE b.brand_id = %(brand)s AND b.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY b.id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetShown:
    """How full a budget is, or (`rule` is its name) a rule's throttle for all cards together. `used` has what locking
    setups reserved; of a throttle it is what lies in the window that ends today."""

    what: str
    rule: str
    cap: Decimal
    used: Decimal

    @property
    def words(self) -> str:
        """`6 of 20`."""
        return f"{self.used.normalize():,f} of {self.cap.normalize():,f}"

    @property
    def percent(self) -> int:
        """How full it is, 0 to 100."""
        return min(100, int(self.used * 100 / self.cap)) if self.cap else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionShown:
    """One revision with what it says."""

    uuid: UUID
    number: int
    state: str
    created_at: Any
    published_at: Any
    published_by: str
    definition: Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignShown:
    """A campaign. `present` is its published revision, else its draft, else the last one; `fired` how often its rules
    fired for cards since the day asked for (at most MOST a rule)."""

    id: int
    uuid: UUID
    name: str
    is_paused: bool
    present: RevisionShown | None
    published: RevisionShown | None
    draft: RevisionShown | None
    budgets: Sequence[BudgetShown]
    fired: int

    @property
    def state(self) -> str:
        """What it is called: a paused one is published, but fires nothing."""
        if self.published is not None:
            return "Paused" if self.is_paused else "Published"
        return "Draft" if self.draft is not None else "Archived"


def campaigns_shown(*, brand: Brand, since: date, today: date) -> list[CampaignShown]:
    """All campaigns of the brand, in the order in which they run: by priority, then by age. Four statements."""
    rows = list(CampaignRow.objects.filter(brand=brand).order_by("pk"))
    found = _shown(brand, rows, since, today, live_only=True)
    return sorted(found, key=lambda each: (each.present.definition.priority if each.present else 0, each.id))


def campaign_shown(*, brand: Brand, uuid: UUID, since: date, today: date) -> CampaignShown | None:
    """One campaign; None if the brand has none with this UUID."""
    rows = list(CampaignRow.objects.filter(brand=brand, uuid=uuid))
    return _shown(brand, rows, since, today, live_only=False)[0] if rows else None


def revisions_shown(*, brand: Brand, campaign_id: int) -> list[RevisionShown]:
    """All revisions of a campaign, newest first."""
    return _revisions(brand, Revision.objects.filter(brand=brand, campaign_id=campaign_id).order_by("-number"))


def recent_operations(*, brand: Brand, locations: frozenset[int] | None, campaign: UUID) -> list[Operation]:
    """The newest operations in which the campaign moved something; with `locations` only those that happened there."""
    moved = Mutation.objects.filter(brand=brand, campaign_uuid=campaign)
    if locations is not None:
        here = Operation.objects.filter(brand=brand, location_id__in=locations)
        moved = moved.filter(operation_id__in=here.values("id"))
    ids = moved.order_by("-operation_id").values_list("operation_id", flat=True).distinct()[:RECENT]
    return list(Operation.objects.filter(brand=brand, id__in=list(ids)).order_by("-id"))


def _shown(
    brand: Brand, rows: Sequence[CampaignRow], since: date, today: date, *, live_only: bool
) -> list[CampaignShown]:
    found = Revision.objects.filter(brand=brand, campaign_id__in=[row.pk for row in rows])
    newest_last = list(found.exclude(state=Revision.ARCHIVED)) if live_only else list(found)
    newest_last.sort(key=lambda row: row.number)
    lone = {row.pk for row in rows} - {row.campaign_id for row in newest_last}
    if lone:
        newest_last += Revision.objects.filter(brand=brand, campaign_id__in=lone).order_by("number")
    shown = {row.uuid: each for row, each in zip(newest_last, _revisions(brand, newest_last), strict=True)}
    by_campaign: dict[int, list[RevisionShown]] = {}
    for row in newest_last:
        by_campaign.setdefault(row.campaign_id, []).append(shown[row.uuid])
    present = {row.pk: _present(by_campaign.get(row.pk, [])) for row in rows}
    budgets = _budgets(brand, [row.pk for row in rows], list(shown.values()), today)
    fired = _fired(brand, (each for each in present.values() if each is not None), since)
    return [
        CampaignShown(
            id=row.pk,
            uuid=row.uuid,
            name=row.name,
            is_paused=row.is_paused,
            present=present[row.pk],
            published=_of_state(by_campaign.get(row.pk, []), Revision.PUBLISHED),
            draft=_of_state(by_campaign.get(row.pk, []), Revision.DRAFT),
            budgets=budgets.get(row.pk, ()),
            fired=sum(fired.get(rule.uuid, 0) for rule in _rules(present[row.pk])),
        )
        for row in rows
    ]


def _revisions(brand: Brand, rows: Iterable[Revision]) -> list[RevisionShown]:
    rows = list(rows)
    users = User.objects.filter(brand=brand, pk__in={row.published_by for row in rows if row.published_by is not None})
    names = dict(users.values_list("pk", "username"))
    return [
        RevisionShown(
            uuid=row.uuid,
            number=row.number,
            state=row.state,
            created_at=row.created_at,
            published_at=row.published_at,
            published_by=names.get(row.published_by or 0, ""),
            definition=read_campaign(row.definition),
        )
        for row in rows
    ]


def _of_state(revisions: Sequence[RevisionShown], state: str) -> RevisionShown | None:
    return next((each for each in revisions if each.state == state), None)


def _present(revisions: Sequence[RevisionShown]) -> RevisionShown | None:
    """The published revision, else the draft, else the newest."""
    return (
        _of_state(revisions, Revision.PUBLISHED)
        or _of_state(revisions, Revision.DRAFT)
        or (revisions[-1] if revisions else None)
    )


def _rules(revision: RevisionShown | None) -> Sequence[Any]:
    return revision.definition.rules if revision is not None else ()


def _budgets(
    brand: Brand, campaigns: Collection[int], revisions: Sequence[RevisionShown], today: date
) -> dict[int, list[BudgetShown]]:
    rules = {rule.uuid: rule.name or "Rule" for each in revisions for rule in each.definition.rules}
    params = {"brand": brand.pk, "campaigns": list(campaigns), "today": today}
    found: dict[int, list[BudgetShown]] = {}
    for campaign, uuid, measure, value_type, cap, reserved, used in hot_cursor().execute(_BUDGETS, params):
        what = _MEASURES.get(measure, str(value_type))
        budget = BudgetShown(what=what, rule=rules.get(uuid, ""), cap=cap, used=used + reserved)
        found.setdefault(campaign, []).append(budget)
    return found


def _fired(brand: Brand, revisions: Iterable[RevisionShown], since: date) -> dict[UUID, int]:
    rules = [rule.uuid for each in revisions for rule in each.definition.rules]
    rows = hot_cursor().execute(_FIRED, {"brand": brand.pk, "rules": rules, "since": since})
    return {rule: int(times) for rule, times in rows}
