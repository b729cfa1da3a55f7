"""Rows of campaigns, setups, returns and segments, with every reference in use."""

from uuid import UUID, uuid4

from apps.campaigns import models as campaigns
from apps.cards.models import Card
from apps.checkouts import models as checkouts
from apps.facts.models import CoPurchase, Firing, Score, Scoring
from apps.segments.models import Member, Segment
from tests.merchant_api.steady import NOW
from tests.shop import Shop


def furnish_campaigns(shop: Shop, card: Card, operation: UUID) -> None:
    """Give the card one of everything that campaigns leave behind."""
    brand = {"brand": shop.brand}
    wallet = brand | {"wallet_id": card.wallet_id}
    campaign = campaigns.Campaign.objects.create(uuid=uuid4(), name="Spring", created_at=NOW, **brand)
    revision = campaigns.Revision.objects.create(
        uuid=uuid4(), campaign_id=campaign.pk, number=1, definition={"name": "Spring"}, created_at=NOW, **brand
    )
    budget = campaigns.Budget.objects.create(
        uuid=uuid4(), campaign_id=campaign.pk, measure="uses", cap=9, reserved=1, **brand
    )
    spent = brand | {"budget_id": budget.pk, "operation_id": operation, "amount": 1}
    campaigns.BudgetReservation.objects.create(until=NOW, **spent)
    campaigns.Spending.objects.create(on_date=NOW.date(), undone=True, **spent)
    campaigns.Mutation.objects.create(
        operation_id=operation,
        no=1,
        campaign_uuid=campaign.uuid,
        revision_uuid=revision.uuid,
        amount=5,
        is_discount=False,
        mutation_no=1,
        **wallet,
    )
    campaigns.Triggering.objects.create(uuid=uuid4(), operation_id=operation, **brand)
    campaigns.DateRun.objects.create(on_date=NOW.date(), started_at=NOW, **brand)
    Firing.objects.create(rule_uuid=uuid4(), operation_id=operation, on_date=NOW.date(), times=1, **wallet)
    segment = Segment.objects.create(code="vip", name="VIP", created_at=NOW, **brand)
    Member.objects.create(segment_id=segment.pk, since=NOW, **wallet)
    Score.objects.create(recency=1, frequency=1, monetary=1, total=0, scored_at=NOW, **wallet)
    Scoring.objects.create(**brand)
    CoPurchase.objects.create(sku="HAT", other="TIE", checkouts=1, **brand)
    _purchases(shop, card, operation)


def _purchases(shop: Shop, card: Card, operation: UUID) -> None:
    brand = {"brand": shop.brand}
    wallet = brand | {"wallet_id": card.wallet_id}
    bought = checkouts.Checkout.objects.filter(**brand)[0].operation_id
    setup = wallet | {"family_id": card.family_id, "until": NOW}
    checkouts.Setup.objects.create(operation_id=operation, plan=b"{}", **setup)
    checkouts.Setup.objects.create(operation_id=bought, plan=b"", ended_by=operation, **setup)
    goods = {"returnedProducts": [{"sku": "HAT"}], "checkoutRequestRef": str(bought)}
    shop.ok("returnMerchandise", {"cardNumber": card.number} | goods)
