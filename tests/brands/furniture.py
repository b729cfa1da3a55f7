"""Rows for the tables that no single call fills, with every reference in use."""

from datetime import timedelta
from uuid import uuid4

from apps.cards.models import Card, ChildCard, Event
from apps.catalog.models import Category, Product, ProductTag
from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon, CouponSet, CouponStep
from apps.customers import models as customers
from apps.facts.models import PlaceCount, Purchases, SkuCount, Visits
from apps.jobs.models import Job
from apps.ledger.models import Wallet
from apps.requestlog.models import Operation
from tests.campaigns.furniture import furnish_campaigns
from tests.merchant_api.methods.test_update_balance_conversion import euros
from tests.merchant_api.steady import NOW
from tests.messaging.furniture import furnish_messages
from tests.programs.rates import rated
from tests.shop import Shop


def furnish_tables(shop: Shop, number: str) -> None:
    """Give the card `number`, which has a customer, one of everything."""
    brand = {"brand": shop.brand}
    card = Card.objects.get(number=number, **brand)
    assert card.wallet_id is not None
    operation = Operation.objects.filter(family_id=card.family_id, **brand).order_by("id")[0].id
    _people(brand, card)
    child = Wallet.objects.create(
        id=card.wallet_id + 5_000_000,
        root_id=card.wallet_id,
        program_id=shop.gift.pk,
        card_set_id=shop.gift_set.pk,
        owner_location_id=shop.location.pk,
        last_at=NOW,
        **brand,
    )
    ChildCard.objects.create(
        number="kid",
        family_id=card.family_id,
        wallet_id=child.id,
        customer_id=card.customer_id,
        alternate_customer_id=card.customer_id,
        activated_at=NOW,
        **brand,
    )
    Card.objects.filter(pk=card.pk).update(alternate_customer_id=card.customer_id, giver_customer_id=card.customer_id)
    Event.objects.create(
        wallet_id=card.wallet_id,
        operation_id=operation,
        root_type="CUSTOM",
        category_id="call",
        happened_at=NOW,
        recorded_at=NOW,
        **brand,
    )
    rated(shop, "EUR", "USD", "1.1")
    shop.ok("updateBalance", euros(number, 10))
    _goods(shop, card, operation)
    wallet = brand | {"wallet_id": card.wallet_id}
    Visits.objects.get_or_create(**wallet, defaults={"visits": 1, "first_at": NOW, "last_at": NOW})
    Purchases.objects.get_or_create(**wallet, currency="USD", defaults={"checkouts": 1, "spend": 50, "last_at": NOW})
    SkuCount.objects.get_or_create(**wallet, sku="HAT", defaults={"quantity": 1, "checkouts": 1})
    PlaceCount.objects.get_or_create(**wallet, location_id=shop.location.pk, defaults={"checkouts": 1})
    furnish_campaigns(shop, card, operation)
    furnish_messages(shop, card, operation)
    Job.objects.create(kind="cards", file_name="cards.csv", file_digest=uuid4().hex, started_at=NOW, **brand)


def _people(brand: dict[str, object], card: Card) -> None:
    assert card.customer_id is not None
    person = brand | {"customer_id": card.customer_id}
    field = customers.DemographicField.objects.create(code="tier", name="Tier", data_type="string", **brand)
    customers.FieldValue.objects.create(field_id=field.pk, no=1, value="gold", role=1, card_id=card.pk, **person)
    customers.ThirdPartyLink.objects.create(third_party="email", opt_in=True, changed_at=NOW, **person)
    news = customers.SubscriptionList.objects.create(uuid=uuid4(), channel="email", name="News", **brand)
    customers.ListOptIn.objects.create(list_id=news.pk, opt_in=True, changed_at=NOW, **person)
    address = customers.ChannelSubscription.objects.create(
        channel="email", address="ada@example.com", global_opt_in=True, changed_at=NOW, **brand
    )
    customers.ChannelCategory.objects.create(subscription_id=address.pk, list_id=news.pk, opt_in=True, **brand)
    customers.EventType.objects.create(category_id="call", name="Call", created_at=NOW, modified_at=NOW, **brand)


def _goods(shop: Shop, card: Card, operation: object) -> None:
    brand = {"brand": shop.brand}
    parent = Category.objects.create(code="clothes", name="Clothes", **brand)
    hats = Category.objects.create(code="hats", name="Hats", parent=parent, **brand)
    product = Product.objects.create(sku="HAT", name="Hat", category=hats, price=50, cost=20, **brand)
    ProductTag.objects.create(product_id=product.pk, tag="summer", **brand)
    coupons = CouponSet.objects.create(code="ten", name="Ten off", pattern="TEN-######", **brand)
    coupon = Coupon.objects.create(
        set_id=coupons.pk,
        code=f"TEN-{shop.brand.pk}",
        state=int(CouponState.ALLOCATED),
        shuffle=1,
        wallet_id=card.wallet_id,
        promotion_id="spring",
        allocated_at=NOW,
        expires_at=NOW + timedelta(days=30),
        last_step=1,
        **brand,
    )
    CouponStep.objects.create(
        coupon_id=coupon.pk,
        no=1,
        operation_id=operation,
        action="allocate",
        state=int(CouponState.ALLOCATED),
        **brand,
    )
