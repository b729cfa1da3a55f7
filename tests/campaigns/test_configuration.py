"""Drafts, publishing, pausing; and what every process then knows."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import msgspec
import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from apps.campaigns.core.conditions import InSegment, LocationIs
from apps.campaigns.core.definitions import Budget as BudgetDefinition
from apps.campaigns.core.definitions import Campaign, Measure, Per, Rule, Throttle
from apps.campaigns.core.kinds import EVER, Trigger, Unit, Window
from apps.campaigns.core.results import Discount, DiscountKind
from apps.campaigns.models import Budget, Revision, Spending
from apps.campaigns.models import Campaign as Row
from apps.campaigns.operations.add_revision import NotStorable
from apps.campaigns.operations.archive_campaign import archive_campaign
from apps.campaigns.operations.create_campaign import create_campaign
from apps.campaigns.operations.keep_budgets import BudgetTaken
from apps.campaigns.operations.lock_campaign import CampaignNotFound
from apps.campaigns.operations.pause_campaign import pause_campaign
from apps.campaigns.operations.publish_revision import FaultyCampaign, NothingToPublish, publish_revision
from apps.campaigns.operations.resume_campaign import resume_campaign
from apps.campaigns.operations.save_draft import save_draft
from apps.campaigns.queries.known_names import known_names
from apps.campaigns.queries.published import published_campaigns, revisions_by_uuid
from tests.campaigns.purse import NOW, TODAY, move
from tests.shop import Shop, open_shop

DAY = timedelta(days=1)


@pytest.fixture
def shop() -> Shop:
    """A brand whose books nobody verifies: budgets here are spent by nothing."""
    return open_shop("acme")


def five_off(name: str = "Five off", **more: object) -> Campaign:
    """A campaign that takes 5 off every checkout."""
    off = Discount(uuid=uuid4(), take=DiscountKind.AMOUNT, value=Decimal(5))
    rule = Rule(uuid=uuid4(), results=(off,))
    return Campaign(name=name, rules=(rule,), **more)  # type: ignore[arg-type]


def launch(shop: Shop, definition: Campaign) -> Row:
    row = create_campaign(brand=shop.brand, name=definition.name, now=NOW)
    return relaunch(shop, row, definition)


def relaunch(shop: Shop, row: Row, definition: Campaign) -> Row:
    save_draft(brand=shop.brand, campaign_id=row.pk, definition=definition, now=NOW)
    publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW)
    return row


def in_force(shop: Shop) -> list[str]:
    return [each.definition.name for each in published_campaigns(shop.brand.pk).campaigns]


def test_a_draft_changes_nothing_until_it_is_published(shop: Shop) -> None:
    row = create_campaign(brand=shop.brand, name="Spring", now=NOW)
    draft = save_draft(brand=shop.brand, campaign_id=row.pk, definition=five_off(), now=NOW)
    assert in_force(shop) == []
    publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW, by=7)
    draft.refresh_from_db()
    assert (draft.state, draft.published_at, draft.published_by) == ("published", NOW, 7)
    assert in_force(shop) == ["Five off"]


def test_what_is_published_is_what_was_drafted(shop: Shop) -> None:
    definition = five_off(budgets=(BudgetDefinition(uuid=uuid4(), measure=Measure.USES, cap=Decimal("9.50")),))
    launch(shop, definition)
    (published,) = published_campaigns(shop.brand.pk).campaigns
    assert published.definition == definition


def test_a_draft_is_replaced_and_the_next_one_has_the_next_number(shop: Shop) -> None:
    row = create_campaign(brand=shop.brand, name="Spring", now=NOW)
    for name in ("One", "Two"):
        save_draft(brand=shop.brand, campaign_id=row.pk, definition=five_off(name), now=NOW)
    publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW)
    relaunch(shop, row, five_off("Three"))
    seen = Revision.objects.filter(brand=shop.brand).order_by("number")
    assert [(each.number, each.state, each.definition["name"]) for each in seen] == [
        (1, "archived", "Two"),
        (2, "published", "Three"),
    ]
    assert Row.objects.get(pk=row.pk).name == "Three"


def test_a_revision_that_was_in_force_can_be_so_again(shop: Shop) -> None:
    row = launch(shop, five_off("One"))
    first = Revision.objects.get(brand=shop.brand)
    relaunch(shop, row, five_off("Two"))
    publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW, uuid=first.uuid)
    assert in_force(shop) == ["One"]


def test_a_published_revision_cannot_change(shop: Shop) -> None:
    launch(shop, five_off())
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Revision.objects.filter(brand=shop.brand).update(definition={"name": "Another"})


def test_campaigns_are_sorted_by_priority_then_age(shop: Shop) -> None:
    for name, priority in (("late", 200), ("first", 1), ("old", 100), ("young", 100)):
        launch(shop, five_off(name, priority=priority))
    assert in_force(shop) == ["first", "old", "young", "late"]


def test_a_paused_campaign_is_not_in_force(shop: Shop) -> None:
    row = launch(shop, five_off())
    for _ in range(2):
        pause_campaign(brand=shop.brand, campaign_id=row.pk)
    assert in_force(shop) == []
    resume_campaign(brand=shop.brand, campaign_id=row.pk)
    assert in_force(shop) == ["Five off"]
    assert Row.pgh_event_model.objects.filter(pgh_obj_id=row.pk).count() == 3


def test_an_archived_campaign_keeps_its_draft(shop: Shop) -> None:
    row = launch(shop, five_off())
    save_draft(brand=shop.brand, campaign_id=row.pk, definition=five_off("Next"), now=NOW)
    archive_campaign(brand=shop.brand, campaign_id=row.pk)
    assert in_force(shop) == []
    publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW)
    assert in_force(shop) == ["Next"]


def test_another_brands_campaign_cannot_be_touched(shop: Shop, charlie: Shop) -> None:
    row = launch(shop, five_off())
    (revision,) = Revision.objects.filter(brand=shop.brand)
    for act in (pause_campaign, resume_campaign, archive_campaign):
        with pytest.raises(CampaignNotFound):
            act(brand=charlie.brand, campaign_id=row.pk)
    with pytest.raises(CampaignNotFound):
        save_draft(brand=charlie.brand, campaign_id=row.pk, definition=five_off(), now=NOW)
    with pytest.raises(CampaignNotFound):
        publish_revision(brand=charlie.brand, campaign_id=row.pk, now=NOW)
    assert (in_force(shop), in_force(charlie)) == (["Five off"], [])
    assert revisions_by_uuid(charlie.brand.pk, [revision.uuid]) == {}


def test_nothing_to_publish_is_refused(shop: Shop) -> None:
    row = launch(shop, five_off())
    with pytest.raises(NothingToPublish):
        publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW)
    with pytest.raises(NothingToPublish):
        publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW, uuid=uuid4())


def test_a_faulty_draft_is_not_published(shop: Shop) -> None:
    row = launch(shop, five_off())
    elsewhere = LocationIs(uuid=uuid4(), locations=("nowhere",))
    faulty = five_off("Faulty", conditions=(elsewhere, InSegment(uuid=uuid4(), segments=("nobody",))))
    save_draft(brand=shop.brand, campaign_id=row.pk, definition=faulty, now=NOW)
    with pytest.raises(FaultyCampaign, match=r"no location 'nowhere'.* no segment 'nobody'") as refused:
        publish_revision(brand=shop.brand, campaign_id=row.pk, now=NOW)
    assert len(refused.value.problems) == 2
    assert in_force(shop) == ["Five off"]


def test_two_campaigns_never_share_a_rule(shop: Shop, charlie: Shop) -> None:
    """Its firings would be counted together, and triggerCampaignRule would run both."""
    definition = five_off()
    first = launch(shop, definition)
    with pytest.raises(FaultyCampaign, match=f"has a rule {definition.rules[0].uuid} already"):
        launch(shop, definition)
    launch(charlie, definition)
    archive_campaign(brand=shop.brand, campaign_id=first.pk)
    launch(shop, definition)


def test_what_the_brand_has_can_be_named(shop: Shop) -> None:
    known = known_names(brand=shop.brand)
    assert known.value_types == {"Currency:USD", "Points"}
    assert known.programs == {"gift", "loyalty"} and known.card_sets == {"gift-cards", "loyalty-cards"}
    assert known.locations == {"main-street", "harbour"} and known.groups == {"north"}
    assert known.terminals == {"till-1", "till-9"} and "email" in (known.opt_ins or ())


def test_what_the_database_cannot_store_is_refused(shop: Shop) -> None:
    row = create_campaign(brand=shop.brand, name="Spring", now=NOW)
    with pytest.raises(NotStorable):
        save_draft(brand=shop.brand, campaign_id=row.pk, definition=five_off(description="\0"), now=NOW)


# --- what processes know ---------------------------------------------------------------------------------------------


def test_a_set_is_kept_for_its_number(shop: Shop) -> None:
    launch(shop, five_off())
    loaded = published_campaigns(shop.brand.pk)
    assert published_campaigns(shop.brand.pk, number=loaded.number) is loaded
    assert published_campaigns(shop.brand.pk) is loaded
    launch(shop, five_off("Another"))
    assert published_campaigns(shop.brand.pk, number=loaded.number) is loaded
    newer = published_campaigns(shop.brand.pk, number=loaded.number + 1)
    assert (newer.number, len(newer.campaigns)) == (loaded.number + 1, 2)


def test_a_set_is_read_inside_a_transaction_too(shop: Shop) -> None:
    with transaction.atomic():
        launch(shop, five_off())
        assert in_force(shop) == ["Five off"]


def test_a_set_is_compiled(shop: Shop) -> None:
    definition = five_off()
    launch(shop, definition)
    (candidate,) = published_campaigns(shop.brand.pk).compiled.candidates(Trigger.CHECKOUT, None)
    assert candidate.rule == definition.rules[0]


def test_old_revisions_explain_old_calls(shop: Shop) -> None:
    row = launch(shop, five_off("One"))
    first = Revision.objects.get(brand=shop.brand).uuid
    relaunch(shop, row, five_off("Two"))
    found = revisions_by_uuid(shop.brand.pk, [first, uuid4()])
    assert {uuid: each.definition.name for uuid, each in found.items()} == {first: "One"}
    assert found[first].campaign_uuid == row.uuid
    assert revisions_by_uuid(shop.brand.pk, [first])[first] is found[first]


def test_a_draft_is_never_remembered(shop: Shop) -> None:
    row = create_campaign(brand=shop.brand, name="Spring", now=NOW)
    for name in ("One", "Two"):
        uuid = save_draft(brand=shop.brand, campaign_id=row.pk, definition=five_off(name), now=NOW).uuid
        assert revisions_by_uuid(shop.brand.pk, [uuid])[uuid].definition.name == name


# --- budgets ---------------------------------------------------------------------------------------------------------


def capped(cap: int, uuid: UUID, measure: Measure = Measure.USES) -> Campaign:
    return five_off(budgets=(BudgetDefinition(uuid=uuid, measure=measure, cap=Decimal(cap)),))


def throttled(times: int, window: Window = EVER, uuid: UUID | None = None) -> Campaign:
    definition = five_off()
    throttles = (Throttle(times=times, window=window, per=Per.BRAND), Throttle(times=1))
    rule = msgspec.structs.replace(definition.rules[0], throttles=throttles, uuid=uuid or uuid4())
    return msgspec.structs.replace(definition, rules=(rule,))


def only_budget(shop: Shop) -> Budget:
    return Budget.objects.get(brand=shop.brand)


def test_budgets_get_their_rows(shop: Shop) -> None:
    uuid = uuid4()
    launch(shop, capped(100, uuid))
    row = only_budget(shop)
    assert (row.uuid, row.measure, row.cap, row.used, row.window_unit) == (uuid, "uses", 100, 0, "ever")
    assert published_campaigns(shop.brand.pk).budgets[uuid].id == row.pk


def test_a_throttle_per_brand_is_a_budget_of_the_rule(shop: Shop) -> None:
    definition = throttled(20, Window(Unit.WEEK, 2))
    launch(shop, definition)
    row = only_budget(shop)
    assert (row.uuid, row.measure, row.cap) == (definition.rules[0].uuid, "uses", 20)
    assert (row.window_unit, row.window_count) == ("week", 2)


def test_publishing_never_resets_what_was_used(shop: Shop) -> None:
    uuid = uuid4()
    row = launch(shop, capped(100, uuid))
    move(shop, spent={only_budget(shop).pk: Decimal(60)})
    relaunch(shop, row, capped(50, uuid))
    budget = only_budget(shop)
    assert (budget.cap, budget.used, budget.is_over) == (50, 60, False)


def test_another_window_counts_the_spendings_again(shop: Shop) -> None:
    definition = throttled(20, Window(Unit.DAY))
    row = launch(shop, definition)
    budget, rule = only_budget(shop), definition.rules[0].uuid
    for day in (TODAY - 9 * DAY, TODAY - DAY, TODAY):
        move(shop, spent={budget.pk: Decimal(1)}, on_date=day)
    for window, used, by_day in (
        (Window(Unit.DAY, 2), 2, {"2026-03-17": 1, "2026-03-18": 1}),
        (EVER, 3, {}),
        (Window(Unit.WEEK, 1), 2, {"2026-03-17": 1, "2026-03-18": 1}),
    ):
        relaunch(shop, row, throttled(20, window, rule))
        budget.refresh_from_db()
        assert (budget.used, budget.by_day) == (used, by_day)
    assert Spending.objects.filter(brand=shop.brand).count() == 3


def test_a_budget_cannot_count_something_else(shop: Shop) -> None:
    uuid = uuid4()
    row = launch(shop, capped(100, uuid))
    with pytest.raises(BudgetTaken):
        relaunch(shop, row, capped(100, uuid, Measure.DISCOUNT))
    with pytest.raises(BudgetTaken):
        launch(shop, capped(100, uuid))
    assert only_budget(shop).measure == "uses"
    assert len(in_force(shop)) == 1
