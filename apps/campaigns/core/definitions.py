"""What a campaign says: the document that a revision keeps, and that brand files are made of."""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from apps.campaigns.core.conditions import Condition, Occasion
from apps.campaigns.core.kinds import EVER, Trigger, Window
from apps.campaigns.core.results import AnyResult
from apps.kernel.typed import from_plain


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a definition."""


class Per(StrEnum):
    """Whose firings a throttle counts."""

    CARD = "card"
    BRAND = "brand"


class Throttle(Part, frozen=True, kw_only=True):
    """At most `times` firings in the window. No throttle lets an anonymous call pass."""

    times: int
    window: Window = EVER
    per: Per = Per.CARD


class Picks(StrEnum):
    """Which rule of an exclusive group fires."""

    FIRST = "first"
    HIGHEST = "highest"
    """That with the highest discount; of equals the first. The group is decided where its first rule stands."""
    LOWEST = "lowest"


class Group(Part, frozen=True, kw_only=True):
    """Of the rules of all campaigns with the same group name one fires on a call. The first one says how it is
    chosen."""

    name: str
    picks: Picks = Picks.FIRST


class Rule(Part, frozen=True, kw_only=True):
    """When `trigger` happens and all conditions are met, all results are carried out.

    `times_per_call` bounds how often one call fires the rule, where conditions that repeat are met several times
    (None: no bound). Fixed and random amounts, coupons, and discounts that say so multiply then; what is measured by
    the basket, and messages, events and fields do not. `stops_others`: rules that follow, of all campaigns, are not
    looked at once it has fired. Rules with trigger `date` say on which `occasion` their cards are looked at.
    """

    uuid: UUID
    name: str = ""
    trigger: Trigger = Trigger.CHECKOUT
    occasion: Occasion | None = None
    conditions: tuple[Condition, ...] = ()
    results: tuple[AnyResult, ...] = ()
    throttles: tuple[Throttle, ...] = ()
    times_per_call: int | None = 1
    group: Group | None = None
    stops_others: bool = False
    is_active: bool = True


class Measure(StrEnum):
    """What a budget counts."""

    DISCOUNT = "discount"
    """Discounts, in the brand's currency. Those of a checkout in another one count at the brand's rate of its moment;
    without such a rate, a rule that would discount it does not fire."""
    USES = "uses"
    """Firings of the campaign's rules."""
    VALUE = "value"
    """What is issued of `value_type`."""


class Budget(Part, frozen=True, kw_only=True):
    """At most `cap` in all, for all cards together."""

    uuid: UUID
    measure: Measure
    cap: Decimal
    value_type: str = ""


class Campaign(Part, frozen=True, kw_only=True):
    """One revision of a campaign. Campaigns with a lower `priority` run first, of equals the older one; `conditions`
    bind every rule. `sees_original_total`: its rules see the total, and base their discounts on it, as if no other
    campaign had given any; what is left of the total bounds them all the same."""

    name: str
    description: str = ""
    priority: int = 100
    sees_original_total: bool = False
    conditions: tuple[Condition, ...] = ()
    rules: tuple[Rule, ...] = ()
    budgets: tuple[Budget, ...] = ()


class Published(Part, frozen=True, kw_only=True):
    """A revision in force, as the engine gets it. `campaigns` are sorted by priority, then by age."""

    campaign_uuid: UUID
    revision_uuid: UUID
    definition: Campaign


read_campaign = from_plain(Campaign)
"""The campaign that a revision keeps as JSON; msgspec.ValidationError for what is none."""
