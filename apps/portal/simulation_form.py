"""The form of Campaigns > Try it: a call that might be made."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from apps.brands.models import Location
from apps.campaigns.core.conditions import Movement
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.models import Campaign, Revision
from apps.checkouts.core.payments import PaymentInput
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.value_types import BalanceType
from apps.lookups.core.campaign_words import TRIGGERS
from apps.portal.access import Visitor
from apps.portal.core.typed import Mistyped, typed_amounts, typed_goods, typed_pairs, typed_words
from apps.transactions.checkouts.basket import Basket, Shopper
from apps.transactions.firing.about import About
from apps.transactions.simulation.question import Question

Typed = TypeVar("Typed")
MAIN = ("trigger", "revision", "card", "location", "moment")
GOODS = ("lines", "coupons", "keys", "payments", "total")
MORE = ("child", "referring", "events", "message", "movement", "moved", "moved_amount")
LAST = ("referred_total", "referred_count", "rule")
_PLAIN = {"autocomplete": "off"}


def _text(label: str, hint: str = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        required=False, label=label, help_text=hint, max_length=200, widget=forms.TextInput(attrs=_PLAIN), **more
    )


def _list(label: str, hint: str) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
    return forms.CharField(required=False, label=label, help_text=hint, max_length=20_000, widget=area)


def _amount(label: str, hint: str = "") -> forms.DecimalField:
    return forms.DecimalField(required=False, label=label, help_text=hint, max_digits=18, decimal_places=6)


class SimulationForm(forms.Form):
    """Everything that a call can say to campaigns. Moments are in the brand's time."""

    trigger = forms.ChoiceField(label="What happens", choices=[(each.value, text) for each, text in TRIGGERS.items()])
    revision = forms.ChoiceField(required=False, label="Which campaigns")
    card = _text("Card number", "Empty: somebody without a card.")
    location: "forms.ModelChoiceField[Location]" = forms.ModelChoiceField(
        label="Location",
        queryset=Location.objects.none(),
        required=False,
        to_field_name="code",
        empty_label="Nowhere in particular",
    )
    moment = forms.DateTimeField(
        required=False,
        label="When",
        help_text="Empty: now. It may lie in the future.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    lines = _list("Products", "SKU, quantity and unit price, one a line: HAT 2 12.50")
    coupons = _list("Coupons", "One code a line.")
    keys = _list("Custom keys", "One a line: promoCode = HATS")
    payments = _list("Payments", "One a line: VISA 20.00. From the card: Currency:USD 5.00")
    total = _amount("Total", "Empty: the sum of the products.")
    child = _text("Child card")
    referring = _text("Referring card")
    events = _list("Events logged", "One category a line.")
    message = _text("Message of the customer")
    movement = forms.ChoiceField(
        required=False,
        label="Balance movement",
        choices=[("", "None"), *((each.value, each.value) for each in Movement)],
    )
    moved = _text("Balance moved", "Points, Punches, Currency:USD, Custom:stars")
    moved_amount = _amount("Amount moved")
    referred_total = _amount("Sales of referred customers")
    referred_count = forms.IntegerField(required=False, label="Their checkouts", min_value=0)
    rule = forms.UUIDField(required=False, label="UUID of the rule to run")

    def __init__(self, *args: Any, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Location.objects.filter(brand=visitor.brand, is_active=True).order_by("name")
        location = self.fields["location"]
        assert isinstance(location, forms.ModelChoiceField)
        if visitor.locations is not None:
            places = places.filter(pk__in=visitor.locations)
            location.required, location.empty_label = True, None
        location.queryset = places
        revision = self.fields["revision"]
        assert isinstance(revision, forms.ChoiceField)
        revision.choices = [("", "Those in force"), *_revisions(visitor)]

    def clean(self) -> dict[str, Any]:
        """Lists become what they say."""
        cleaned = super().clean() or {}
        self._read(cleaned, "lines", lambda text: [CheckoutLine(*each) for each in typed_goods(text)])
        self._read(cleaned, "payments", lambda text: [_payment(*each) for each in typed_amounts(text)])
        self._read(cleaned, "keys", typed_pairs)
        self._read(cleaned, "coupons", typed_words)
        self._read(cleaned, "events", typed_words)
        return cleaned

    @property
    def question(self) -> Question:
        """What is asked, once the form is valid."""
        found = self.cleaned_data
        trigger = Trigger(found["trigger"])
        moves = trigger is Trigger.BALANCE_UPDATE
        return Question(
            about=About(
                triggers=(trigger,),
                keys=found["keys"],
                logged=found["events"],
                message=found["message"] or None,
                movement=(found["movement"] or None) if moves else None,
                moved=found["moved"] if moves else "",
                moved_amount=(found["moved_amount"] if moves else None) or Decimal(0),
                referred_total=found["referred_total"] or Decimal(0),
                referred_count=found["referred_count"] or 0,
                rule=found["rule"],
            ),
            shopper=Shopper(card_number=found["card"] or None, child_number=found["child"] or None),
            basket=Basket(
                total=found["total"],
                lines=found["lines"],
                payments=found["payments"],
                keys=found["keys"],
                coupons=found["coupons"],
                referring_card=found["referring"] or None,
            ),
            revision=UUID(found["revision"]) if found["revision"] else None,
        )

    def _read(self, cleaned: dict[str, Any], name: str, read: Callable[[str], Typed]) -> None:
        try:
            cleaned[name] = read(cleaned.get(name, ""))
        except Mistyped as problem:
            self.add_error(name, ValidationError(str(problem)))

    def groups(self) -> dict[str, list[forms.BoundField]]:
        """The fields as the page shows them."""
        groups = {"main": MAIN, "goods": GOODS, "more": MORE + LAST}
        return {name: [self[field] for field in fields] for name, fields in groups.items()}

    @property
    def uses_more(self) -> bool:
        """Whether one of the rarer fields is filled, or wrong."""
        return any(self[name].value() or self[name].errors for name in MORE + LAST)


def _payment(name: str, amount: Decimal) -> PaymentInput:
    kind, _, code = name.partition(":")
    if kind in set(BalanceType):
        return PaymentInput(redeems=True, balance_type=BalanceType(kind), balance_code=code or None, amount=amount)
    return PaymentInput(payment_type=name, amount=amount)


def _revisions(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Drafts, and what is published but paused."""
    campaigns = {row.pk: row for row in Campaign.objects.filter(brand=visitor.brand)}
    found = Revision.objects.filter(brand=visitor.brand, state__in=[Revision.DRAFT, Revision.PUBLISHED])
    rows = found.order_by("campaign_id", "number").values_list("uuid", "campaign_id", "number", "state")
    for uuid, campaign_id, number, state in rows:
        campaign = campaigns[campaign_id]
        if state == Revision.DRAFT:
            yield str(uuid), f"With the draft of {campaign.name} (revision {number})"
        elif campaign.is_paused:
            yield str(uuid), f"With {campaign.name}, though it is paused"
