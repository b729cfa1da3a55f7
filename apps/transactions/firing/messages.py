"""What campaigns say: messages of the answer, messages for the outbox, and texts that are kept."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.campaigns.core.facts import Facts
from apps.campaigns.core.kinds import Channel
from apps.campaigns.core.outcome import AnyEffect, Discounted, Enrolled, Issued, Notified, Outcome
from apps.customers.core.customer import Demographics
from apps.kernel.amounts import ZERO, with_digits
from apps.kernel.ids import new_id
from apps.messaging.core import kinds as messaging
from apps.messaging.core.templates import render
from apps.messaging.core.variables import Happening, Value, amounts, customer_variables
from apps.messaging.fragments import NewMessage
from apps.messaging.poke import poke
from apps.requestlog.core.call import Call
from apps.transactions.firing.coupons import Given
from apps.transactions.firing.effects import balances_after
from apps.transactions.firing.stage import Stage

_CUSTOMER = (
    *("first_name", "middle_name", "last_name", "email", "phone", "mobile_phone", "gender"),
    *("address1", "address2", "city", "state", "postal", "country"),
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Messages of the answer, and those that leave after the commit."""

    direct: tuple[str, ...] = ()
    messages: tuple[NewMessage, ...] = ()


class Speaker:
    """Renders the templates of one outcome. What a template names and nobody knows is empty."""

    def __init__(self, stage: Stage, facts: Facts, outcome: Outcome, given: Sequence[Given] = ()) -> None:
        self.stage, self.facts, self.outcome = stage, facts, outcome
        self.coupons: dict[UUID | None, list[str]] = defaultdict(list)
        for each in given:
            self.coupons[each.effect.cause.rule].append(each.coupon.code)
        self._common: dict[str, Value] | None = None

    def speak(self) -> Spoken:
        """All notifications of the outcome."""
        notified = [each for each in self.outcome.effects if isinstance(each, Notified)]
        direct = [self.text(each, each.text) for each in notified if each.channel is Channel.DIRECT]
        messages = [self._message(each) for each in notified if each.channel is not Channel.DIRECT]
        return Spoken(tuple(text for text in direct if text), tuple(messages))

    def text(self, effect: AnyEffect, template: str) -> str:
        """A template, rendered with what is known within the call."""
        if "{{" not in template:
            return template
        return render(template, {**self._card(), **self._happening(effect).variables()})

    def _message(self, effect: Notified) -> NewMessage:
        assert effect.cause.result is not None
        assert effect.cause.rule is not None
        options = effect.options
        list_uuid = options.get("list")
        return NewMessage(
            id=new_id(),
            channel=messaging.Channel(effect.channel.value),
            result_uuid=effect.cause.result,
            rule_uuid=effect.cause.rule,
            body=effect.text,
            subject=effect.subject,
            url=effect.url,
            third_party=str(options.get("third_party", "")),
            list_uuid=UUID(str(list_uuid)) if list_uuid else None,
            variables=self._happening(effect).variables(),
        )

    def _card(self) -> dict[str, Value]:
        """Customer, card and balances, as they are after the call."""
        if self._common is None:
            card = self.facts.card
            printed: Mapping[str, str] = self.stage.readings.get("printed") or {}
            self._common = {**printed, "balances": balances_after(self.facts, self.outcome)}
            if card is not None:
                self._common |= customer_variables(_demographics(card.customer)) | {
                    "cardNumber": card.number,
                    "activationDate": card.activated_on.isoformat() if card.activated_on else "",
                    "enrollmentDate": self._enrolled_on(card.enrolled_on),
                    "fields": {code: ", ".join(values) for code, values in card.fields.items()},
                }
        return self._common

    def _enrolled_on(self, before: date | None) -> str:
        enrols = self.facts.enrols or any(isinstance(each, Enrolled) for each in self.outcome.effects)
        day = before or (self.facts.today if enrols else None)
        return day.isoformat() if day is not None else ""

    def _happening(self, effect: AnyEffect) -> Happening:
        facts, cause = self.facts, effect.cause
        own = [each for each in self.outcome.effects if each.cause.rule == cause.rule]
        issued = self._issued(each for each in own if isinstance(each, Issued))
        place, call = facts.place, self.stage.call
        happening = Happening(
            request_ref=str(call.id),
            transaction_date=f"{call.moment.astimezone(self._zone()):%Y-%m-%d %H:%M}",
            location_name=place.name,
            location_id=place.location or "",
            terminal_id=place.terminal or "",
            external_transaction_id=call.external_id or "",
            discount_amount=self._money(sum((each.amount for each in own if isinstance(each, Discounted)), ZERO)),
            issued_amount=next(iter(issued.values())) if len(issued) == 1 else "",
            campaign_name=self._names(cause.campaign, None),
            rule_name=self._names(cause.campaign, cause.rule),
            incoming_message=facts.message or "",
            event_category=facts.logged[0] if facts.logged else "",
            coupon_codes=tuple(self.coupons[cause.rule]),
            issued=self._issued(each for each in self.outcome.effects if isinstance(each, Issued)),
            key_values=dict(facts.keys),
        )
        return self._with_basket(happening)

    def _with_basket(self, happening: Happening) -> Happening:
        basket = self.facts.basket
        if basket is None:
            return happening
        return replace(
            happening,
            currency=self.facts.currency,
            total_before_discount=self._money(basket.total),
            total_discount=self._money(basket.total - basket.seen + self.outcome.discount),
            total=self._money(basket.seen - self.outcome.discount),
            item_count=f"{sum((line.quantity for line in basket.lines), ZERO).normalize():f}",
        )

    def _issued(self, effects: Iterable[Issued]) -> dict[str, str]:
        card = self.facts.card
        rows = []
        for each in effects:
            kind, _, code = each.value_type.partition(":")
            scale = card.balances[each.value_type].scale if card is not None else 0
            rows.append((kind, code, scale, each.amount))
        return amounts(rows)

    def _money(self, amount: Decimal) -> str:
        return f"{with_digits(amount, at_least=self.facts.currency_scale):f}"

    def _names(self, campaign: UUID, rule: UUID | None) -> str:
        for each in self.stage.loaded.campaigns:
            if each.campaign_uuid == campaign:
                names = {one.uuid: one.name for one in each.definition.rules}
                return each.definition.name if rule is None else names.get(rule, "")
        return ""

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.facts.place.zone)


def _demographics(customer: Mapping[str, str]) -> Demographics:
    known: dict[str, Any] = {name: customer[name] for name in _CUSTOMER if name in customer}
    known |= {name: date.fromisoformat(customer[name]) for name in ("birthday", "anniversary") if name in customer}
    return Demographics(**known)


def poked(call: Call, messages: Sequence[NewMessage]) -> list[Callable[[], None]]:
    """What follows the commit of messages: the workers are told."""
    return [partial(poke, call.brand_id, [each.id for each in messages])] if messages else []
