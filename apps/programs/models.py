"""Tables of programs: what a card can hold, and within which bounds."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from apps.brands.models import BrandRow
from apps.kernel.db.constraints import BrandForeignKey
from apps.kernel.db.fields import AmountField, BrandKey, SoftKey
from apps.kernel.db.triggers import append_only, fixed_code, never_deleted
from apps.kernel.value_types import BalanceType


class ProgramType(models.TextChoices):
    """What a program is for."""

    GIFT = "gift", "Gift"
    LOYALTY = "loyalty", "Loyalty"
    COMBO = "combo", "Combo"


@pghistory.track()
class Program(BrandRow):
    """Settings shared by the card sets under it."""

    type = models.TextField(choices=ProgramType.choices)
    uses_pins = models.BooleanField(default=True)

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="programs_program_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="programs_program_code", fields=["brand", "code"]),
            BrandForeignKey(name="programs_program_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]),
        ]


@pghistory.track()
class ValueType(models.Model):
    """A kind of balance that every card of the program can hold. Bounds are amounts at `scale`; empty: no bound."""

    brand = BrandKey()
    program = SoftKey(Program, related_name="value_types")
    balance_type = models.TextField(choices=[(kind.value, kind.value) for kind in BalanceType])
    balance_code = models.TextField(blank=True)
    code_display = models.TextField(blank=True)
    scale = models.SmallIntegerField()
    show_in_terminal = models.BooleanField(default=True)
    maximum = AmountField(null=True, blank=True)
    issue_minimum = AmountField(null=True, blank=True)
    issue_maximum = AmountField(null=True, blank=True)
    redeem_minimum = AmountField(null=True, blank=True)
    redeem_maximum = AmountField(null=True, blank=True)

    class Meta:
        triggers = [
            never_deleted(),
            pgtrigger.ReadOnly(name="fixed_kind", fields=["brand", "program", "balance_type", "balance_code"]),
        ]
        constraints = [
            models.UniqueConstraint(name="programs_valuetype_key", fields=["brand", "id"]),
            models.UniqueConstraint(
                name="programs_valuetype_kind", fields=["brand", "program", "balance_type", "balance_code"]
            ),
            models.CheckConstraint(name="programs_valuetype_scale", condition=Q(scale__range=(0, 6))),
            models.CheckConstraint(
                name="programs_valuetype_code",
                condition=Q(balance_type__in=["Currency", "Custom"]) & ~Q(balance_code="")
                | Q(balance_type__in=["Points", "Punches"], balance_code=""),
            ),
            models.CheckConstraint(name="programs_valuetype_issue", condition=Q(issue_minimum__lte=F("issue_maximum"))),
            models.CheckConstraint(
                name="programs_valuetype_redeem", condition=Q(redeem_minimum__lte=F("redeem_maximum"))
            ),
            BrandForeignKey(
                name="programs_valuetype_program", columns=["brand_id", "program_id"], to="programs_program"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.balance_type} {self.balance_code}".strip()


@pghistory.track()
class CardSet(BrandRow):
    """A group of cards of one program."""

    program = SoftKey(Program, related_name="card_sets")

    class Meta:
        triggers = [never_deleted(), fixed_code()]
        constraints = [
            models.UniqueConstraint(name="programs_cardset_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="programs_cardset_code", fields=["brand", "code"]),
            BrandForeignKey(name="programs_cardset_program", columns=["brand_id", "program_id"], to="programs_program"),
        ]


class ExchangeRate(models.Model):
    """One unit of `base` is worth `rate` units of `quote`, from `valid_from` until a later row of the pair says else.

    Rates are history: a wrong one is followed by a right one, never changed. `source` says where it came from.
    """

    brand = BrandKey()
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    valid_from = models.DateTimeField()
    rate = models.DecimalField(max_digits=24, decimal_places=12)
    source = models.TextField()

    class Meta:
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(name="programs_exchangerate_key", fields=["brand", "id"]),
            models.UniqueConstraint(name="programs_exchangerate_from", fields=["brand", "base", "quote", "valid_from"]),
            models.CheckConstraint(name="programs_exchangerate_rate", condition=Q(rate__gt=0)),
            models.CheckConstraint(name="programs_exchangerate_pair", condition=~Q(base=F("quote"))),
            BrandForeignKey(
                name="programs_exchangerate_brand", columns=["brand_id"], to="brands_brand", to_columns=["id"]
            ),
        ]
