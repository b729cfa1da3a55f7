"""Tables of cards: what hangs on a rack (inventory) and what a customer holds."""

from django.db import models
from django.db.models import Q

from apps.cards.core.status import ACTIVE, CardStatus
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import BrandKey
from apps.kernel.db.triggers import never_deleted


class Card(models.Model):
    """A card. `family_id` and `wallet_id` are empty until activation and never change afterwards.

    `pin` is encrypted; `shuffle` is a random number by which a card is drawn from its set. A Demo card has its wallet
    from the start, since it is never activated.
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
    activated_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)

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
                "brand_id", "custom_number", name="cards_card_custom", condition=Q(custom_number__isnull=False)
            ),
            models.Index("brand_id", "customer_id", name="cards_card_customer", condition=Q(customer_id__isnull=False)),
            models.Index("brand_id", "wallet_id", name="cards_card_wallet", condition=Q(wallet_id__isnull=False)),
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
        ]

    def __str__(self) -> str:
        return self.number
