"""Tables of cards: what hangs on a rack (inventory) and what a customer holds."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.cards.core.status import ACTIVE, CardStatus
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import AmountField, BrandKey
from apps.kernel.db.triggers import never_deleted


class Card(models.Model):
    """A card. `family_id` and `wallet_id` are empty until activation and never change afterwards.

    `pin` is encrypted; `shuffle` is a random number by which a card is drawn from its set. A Demo card has its wallet
    from the start, since it is never activated.

    The checkout lock: `locked_by` is the locking setup, over at `locked_until` by itself. Value types in `lock_except`
    stay usable; `lock_room` says, for each of them, how much room below the maximum the setup was promised.
    """

    brand = BrandKey()
    number = models.TextField()
    card_set_id = models.BigIntegerField()
    status = models.SmallIntegerField(default=int(CardStatus.INVENTORY))
    pin = models.BinaryField(null=True)
    shuffle = models.BigIntegerField()
    is_demo = models.BooleanField(default=False)
    custom_number = models.TextField(null=True)
    family_id = models.BigIntegerField(null=True)
    wallet_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    alternate_customer_id = models.BigIntegerField(null=True)
    giver_customer_id = models.BigIntegerField(null=True)
    activated_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
    locked_by = models.UUIDField(null=True)
    lock_except = ArrayField(models.BigIntegerField(), null=True)
    lock_room = ArrayField(AmountField(), null=True)

    class Meta:
        triggers = [never_deleted()]
        indexes = [
            models.Index(
                "brand_id",
                "id",
                name="cards_card_active",
                condition=Q(status__in=[int(each) for each in sorted(ACTIVE)]),
            ),
            models.Index(
                "brand_id",
                "card_set_id",
                "shuffle",
                name="cards_card_free",
                condition=Q(status=int(CardStatus.INVENTORY)),
            ),
            models.Index(
                "brand_id", "custom_number", "id", name="cards_card_custom", condition=Q(custom_number__isnull=False)
            ),
            models.Index("brand_id", "customer_id", name="cards_card_customer", condition=Q(customer_id__isnull=False)),
            models.Index(
                "brand_id",
                "card_set_id",
                "id",
                name="cards_card_active_of_set",
                condition=Q(status__in=[int(each) for each in sorted(ACTIVE)]),
            ),
            models.Index("brand_id", "wallet_id", name="cards_card_wallet", condition=Q(wallet_id__isnull=False)),
            models.Index(
                "brand_id", "enrolled_at", "id", name="cards_card_enrolled", condition=Q(enrolled_at__isnull=False)
            ),
            models.Index(
                "brand_id", "activated_at", "id", name="cards_card_activated", condition=Q(activated_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="cards_card_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="cards_card_number", fields=["brand", "number"]),
            models.CheckConstraint(
                name="cards_card_wallet_if_activated",
                condition=Q(status__in=[1, 2], wallet_id__isnull=True)
                | Q(status__gte=3, wallet_id__isnull=False, family_id__isnull=False, activated_at__isnull=False),
            ),
            BrandForeignKey(name="cards_card_set", columns=["brand_id", "card_set_id"], to="programs_cardset"),
            BrandForeignKey(name="cards_card_family", columns=["brand_id", "family_id"], to="ledger_wallet"),
            BrandForeignKey(name="cards_card_own_wallet", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
            BrandForeignKey(name="cards_card_holder", columns=["brand_id", "customer_id"], to="customers_customer"),
            BrandForeignKey(
                name="cards_card_alternate", columns=["brand_id", "alternate_customer_id"], to="customers_customer"
            ),
            BrandForeignKey(
                name="cards_card_giver", columns=["brand_id", "giver_customer_id"], to="customers_customer"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ChildCard(models.Model):
    """A card below a root card: balances, demographics and checkouts of its own; PIN and status are the root's.

    `family_id` is the root's wallet. Nothing of it ever changes but the customers: when a root is transferred, its
    children get successors below the new root.
    """

    id = models.BigAutoField(primary_key=True)
    brand = BrandKey()
    number = models.TextField()
    family_id = models.BigIntegerField()
    wallet_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    alternate_customer_id = models.BigIntegerField(null=True)
    activated_at = models.DateTimeField()

    class Meta:
        triggers = [never_deleted()]
        indexes = [
            models.Index(
                "brand_id", "customer_id", name="cards_child_customer", condition=Q(customer_id__isnull=False)
            ),
            models.Index("brand_id", "number", name="cards_child_of_number"),
        ]
        constraints = [
            models.UniqueConstraint(name="cards_child_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="cards_child_number", fields=["brand", "family_id", "number"]),
            models.UniqueConstraint(name="cards_child_wallet", fields=["brand", "wallet_id"]),
            BrandForeignKey(name="cards_child_family", columns=["brand_id", "family_id"], to="ledger_wallet"),
            BrandForeignKey(name="cards_child_own_wallet", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
            BrandForeignKey(name="cards_child_holder", columns=["brand_id", "customer_id"], to="customers_customer"),
            BrandForeignKey(
                name="cards_child_alternate", columns=["brand_id", "alternate_customer_id"], to="customers_customer"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Event(models.Model):
    """Something that happened to a card (or a child card): `wallet_id` says which.

    `root_type` is CUSTOM for events of the brand's own types; category and specific id are kept as texts, so that an
    event still says what it was when its type is archived. `removed_by` is the operation that took it back.
    """

    id = models.BigAutoField(primary_key=True)
    brand = BrandKey()
    wallet_id = models.BigIntegerField()
    operation_id = models.UUIDField(null=True)
    root_type = models.TextField()
    category_id = models.TextField()
    specific_id = models.TextField(null=True)
    payload = models.TextField(null=True)
    properties = models.JSONField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    removed_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index("brand_id", "wallet_id", models.F("happened_at").desc(), name="cards_event_wallet"),
            models.Index(
                "brand_id", "operation_id", name="cards_event_operation", condition=Q(operation_id__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="cards_event_key", fields=["brand", "id"]),
            BrandForeignKey(name="cards_event_of", columns=["brand_id", "wallet_id"], to="ledger_wallet"),
            BrandForeignKey(name="cards_event_by", columns=["brand_id", "operation_id"], to="requestlog_operation"),
        ]


class Transfer(models.Model):
    """A wallet that was transferred out, and where its value went. One row for the root and for each child card.

    Its primary key makes a second way out impossible, `in_operation_id` a second way in. Between the two the value is
    in transit.
    """

    pk = models.CompositePrimaryKey("brand_id", "source_wallet_id")
    brand = BrandKey()
    source_wallet_id = models.BigIntegerField()
    out_operation_id = models.UUIDField()
    in_operation_id = models.UUIDField(null=True)
    target_wallet_id = models.BigIntegerField(null=True)

    class Meta:
        triggers = [never_deleted()]
        indexes = [
            models.Index("brand_id", "out_operation_id", name="cards_transfer_out"),
            models.Index(
                "brand_id",
                "target_wallet_id",
                name="cards_transfer_target",
                condition=Q(target_wallet_id__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="cards_transfer_whole",
                condition=Q(in_operation_id__isnull=True, target_wallet_id__isnull=True)
                | Q(in_operation_id__isnull=False, target_wallet_id__isnull=False),
            ),
            BrandForeignKey(name="cards_transfer_source", columns=["brand_id", "source_wallet_id"], to="ledger_wallet"),
            BrandForeignKey(name="cards_transfer_into", columns=["brand_id", "target_wallet_id"], to="ledger_wallet"),
            BrandForeignKey(
                name="cards_transfer_by_out", columns=["brand_id", "out_operation_id"], to="requestlog_operation"
            ),
            BrandForeignKey(
                name="cards_transfer_by_in", columns=["brand_id", "in_operation_id"], to="requestlog_operation"
            ),
        ]
