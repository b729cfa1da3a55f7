"""What the engine decides: effects in their order, and what became of each rule. Data, so that a locking setup can keep
it and complete it later without evaluating again."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from apps.campaigns.core.kinds import Channel, Verdict
from apps.campaigns.core.results import FieldAction


class Cause(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which campaign, revision and rule, and which result or condition of it. No rule: a campaign's own condition."""

    campaign: UUID
    revision: UUID
    rule: UUID | None = None
    result: UUID | None = None
    condition: UUID | None = None
    name: str = ""


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="effect", tag=str.lower):
    """One thing to do."""

    cause: Cause


class Issued(Effect, frozen=True, kw_only=True):
    """Value to give; `amount` > 0 at the value type's scale. `converts`: the other half of a conversion."""

    value_type: str
    amount: Decimal
    expires_at: datetime | None = None
    active_at: datetime | None = None
    converts: bool = False


class Taken(Effect, frozen=True, kw_only=True):
    """Value to take from what is free at this point; `amount` > 0."""

    value_type: str
    amount: Decimal
    as_expiry: bool = False
    converts: bool = False


class Discounted(Effect, frozen=True, kw_only=True):
    """A discount of the checkout; `amount` > 0 at the currency's scale. `units * unit_discount = amount` where they are
    set; they are not for parts of units that no exact unit discount fits."""

    amount: Decimal
    sku: str | None = None
    unit_price: Decimal | None = None
    units: Decimal | None = None
    unit_discount: Decimal | None = None


class CouponUsed(Effect, frozen=True, kw_only=True):
    """A coupon is used, by the condition that asked for it or by a `use_coupon` result. Once for each coupon."""

    code: str


class CouponGiven(Effect, frozen=True, kw_only=True):
    """A coupon of this set is to be given to the card."""

    coupon_set: str
    promotion_id: str


class EventLogged(Effect, frozen=True, kw_only=True):
    """An event to log on the card; `payload` is a template."""

    category: str
    specific_id: str | None = None
    payload: str = ""


class FieldSet(Effect, frozen=True, kw_only=True):
    """A change of a brand demographic; `value` is a template."""

    field: str
    action: FieldAction
    value: str = ""


class Notified(Effect, frozen=True, kw_only=True):
    """A message to send, or (`direct`) to answer with; `text`, `subject` and `url` are templates."""

    channel: Channel
    text: str
    subject: str = ""
    url: str = ""
    options: dict[str, Any] = {}


class Enrolled(Effect, frozen=True, kw_only=True):
    """The card is to be enrolled."""


AnyEffect = Issued | Taken | Discounted | CouponUsed | CouponGiven | EventLogged | FieldSet | Notified | Enrolled


class ConditionSeen(msgspec.Struct, frozen=True, omit_defaults=True):
    """One condition of an explanation. `wanted` and `seen` are for people; `parts` are those of a group. `of_campaign`:
    it binds all rules of its campaign."""

    uuid: UUID
    kind: str
    name: str
    passed: bool
    negated: bool
    wanted: str
    seen: str
    of_campaign: bool = False
    parts: tuple["ConditionSeen", ...] = ()


class Skipped(msgspec.Struct, frozen=True):
    """A result of a rule that fired which was not carried out, and why."""

    result: UUID
    reason: str


class RuleVerdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one rule. `times` it fired; `lost_to` by `lost_by` of discount; `stopped_by` another rule;
    `throttle` and `budget` say which one held it back and how full it was. `conditions` only in explanations."""

    campaign: UUID
    rule: UUID
    verdict: Verdict
    times: int = 0
    lost_to: UUID | None = None
    lost_by: Decimal | None = None
    stopped_by: UUID | None = None
    held_back_by: str = ""
    discount: Decimal = Decimal(0)
    skipped: tuple[Skipped, ...] = ()
    conditions: tuple[ConditionSeen, ...] = ()


class Spending(msgspec.Struct, frozen=True):
    """What a fired rule takes from a budget, or from a throttle for the whole brand (then by the rule's UUID)."""

    budget: UUID
    amount: Decimal


class Firing(msgspec.Struct, frozen=True):
    """A rule that fired so many times."""

    rule: UUID
    times: int


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that campaigns do on one call. `discount` is the sum of the discounts; `over_limit` names the value type
    that a checkout would push over its maximum, which refuses it (13)."""

    effects: tuple[AnyEffect, ...] = ()
    discount: Decimal = Decimal(0)
    firings: tuple[Firing, ...] = ()
    spendings: tuple[Spending, ...] = ()
    verdicts: tuple[RuleVerdict, ...] = ()
    over_limit: str | None = None
