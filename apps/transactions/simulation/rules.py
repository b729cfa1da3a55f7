"""The rules that a simulation runs: those in force, with one revision in the place of its campaign's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db.models import Sum

from apps.brands.models import Brand
from apps.campaigns.core.compile import compile_campaigns
from apps.campaigns.core.definitions import Campaign, Per, Published, read_campaign
from apps.campaigns.core.facts import BudgetFact, Facts
from apps.campaigns.core.kinds import EVER, Window
from apps.campaigns.core.validate import problems_of
from apps.campaigns.models import Budget, Revision, Spending
from apps.campaigns.models import Campaign as CampaignRow
from apps.campaigns.operations.publish_revision import FaultyCampaign
from apps.campaigns.queries.known_names import known_names
from apps.campaigns.queries.published import BudgetRow, Loaded, published_campaigns
from apps.kernel.amounts import ZERO
from apps.kernel.errors import InvalidInput
from apps.messaging.core.templates import check


class NoSuchRevision(InvalidInput):
    """The brand has no such revision (9)."""

    message = "There is no such revision of a campaign."


@dataclass(frozen=True, slots=True)
class Rules:
    """Campaigns as the engine gets them. `caps`: of the revision that was put in, what may be given in which window,
    by the UUID of the budget or of the throttled rule; `rows` the rows that count it, where there are any."""

    loaded: Loaded
    caps: Mapping[UUID, tuple[Decimal, Window]] = field(default_factory=dict)
    rows: Mapping[UUID, Budget] = field(default_factory=dict)

    def corrected(self, facts: Facts) -> Facts:
        """The facts with what the revision's own budgets would have left, once it were published."""
        left = dict(facts.budgets)
        for uuid, (cap, window) in self.caps.items():
            row = self.rows.get(uuid)
            if row is not None:
                left[uuid] = BudgetFact(left=_left(row, cap, window, left.get(uuid), facts.today))
        return msgspec.structs.replace(facts, budgets=left)


def rules_in_force(*, brand_id: int, revision: UUID | None) -> Rules:
    """The published campaigns; or, with a `revision`, these with it in the place of its campaign's published one. An
    unknown revision, or one that could not be published: 9."""
    loaded = published_campaigns(brand_id)
    return Rules(loaded) if revision is None else _with(loaded, _checked(brand_id, revision))


def _checked(brand_id: int, uuid: UUID) -> tuple[Revision, CampaignRow, Campaign]:
    revision = Revision.objects.filter(brand_id=brand_id, uuid=uuid).first()
    if revision is None:
        raise NoSuchRevision
    definition = read_campaign(revision.definition)
    known = known_names(brand=Brand.objects.get(pk=brand_id))
    if problems := problems_of(definition, known=known, check_template=check):
        raise FaultyCampaign(problems)
    campaign = CampaignRow.objects.get(brand_id=brand_id, pk=revision.campaign_id)
    return revision, campaign, definition


def _with(loaded: Loaded, checked: tuple[Revision, CampaignRow, Campaign]) -> Rules:
    revision, campaign, definition = checked
    brand_id = campaign.brand_id
    mine = Published(campaign_uuid=campaign.uuid, revision_uuid=revision.uuid, definition=definition)
    campaigns = _in_order(brand_id, [*(each for each in loaded.campaigns if each.campaign_uuid != campaign.uuid), mine])
    rows = {row.uuid: row for row in Budget.objects.filter(brand_id=brand_id, campaign_id=campaign.pk)}
    more = {uuid: BudgetRow(row.pk, uuid, row.measure, row.value_type) for uuid, row in rows.items()}
    return Rules(
        Loaded(loaded.number, campaigns, compile_campaigns(campaigns), {**loaded.budgets, **more}),
        dict(_caps(definition)),
        rows,
    )


def _in_order(brand_id: int, campaigns: list[Published]) -> tuple[Published, ...]:
    """By priority, then by age."""
    uuids = [each.campaign_uuid for each in campaigns]
    age = dict(CampaignRow.objects.filter(brand_id=brand_id, uuid__in=uuids).values_list("uuid", "pk"))
    return tuple(sorted(campaigns, key=lambda each: (each.definition.priority, age[each.campaign_uuid])))


def _caps(definition: Campaign) -> Iterator[tuple[UUID, tuple[Decimal, Window]]]:
    for budget in definition.budgets:
        yield budget.uuid, (budget.cap, EVER)
    for rule in definition.rules:
        for throttle in rule.throttles:
            if throttle.per is Per.BRAND:
                yield rule.uuid, (Decimal(throttle.times), throttle.window)


def _left(row: Budget, cap: Decimal, window: Window, read: BudgetFact | None, today: date) -> Decimal:
    """What is left under the new cap: what was read of the row (None: its rules do not run), or counted again where
    the window is another one."""
    if read is None:
        return cap
    if (row.window_unit, row.window_count) == (window.unit, window.count):
        left: Decimal = read.left + cap - row.cap
        return left
    spent = Spending.objects.filter(brand_id=row.brand_id, budget_id=row.pk, undone=False)
    first = window.first_day(today)
    if first is not None:
        spent = spent.filter(on_date__gte=first)
    counted: Decimal = cap - row.reserved - (spent.aggregate(sum=Sum("amount"))["sum"] or ZERO)
    return counted
