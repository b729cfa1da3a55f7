"""What a rule may do. Results are carried out in their order. Value types are written as in `conditions`."""

from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from apps.campaigns.core.conditions import Items, snake
from apps.campaigns.core.kinds import Channel

ALL_ITEMS = Items()


class Tagged(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag=snake,
):
    """A struct that says its kind."""


class Result(Tagged, frozen=True, kw_only=True):
    """What results share. `name` stands in mutations (`campaignDescriptiveName`)."""

    uuid: UUID
    name: str = ""


# --- how much --------------------------------------------------------------------------------------------------------


class Fixed(Tagged, frozen=True, kw_only=True):
    """So much."""

    amount: Decimal


class PerUnit(Tagged, frozen=True, kw_only=True):
    """`amount` for each `per` of the currency: of the total, or with `items` of what these cost, after the discounts
    given so far. `whole_units`: only for each full `per`. Rounded down to the value type's scale."""

    amount: Decimal
    per: Decimal = Decimal(1)
    items: Items | None = None
    whole_units: bool = False


class PerItem(Tagged, frozen=True, kw_only=True):
    """`amount` for each unit of these items; parts of units count for nothing."""

    amount: Decimal
    items: Items = ALL_ITEMS


class MultipleOf(Tagged, frozen=True, kw_only=True):
    """`factor` times what another result of the same call, of an earlier rule or further up in this one, gave (issued,
    took off, or gave for a threshold); rounded down to the value type's scale."""

    result: UUID
    factor: Decimal


class RandomBetween(Tagged, frozen=True, kw_only=True):
    """An amount that follows from the request and the result, evenly spread between both bounds."""

    minimum: Decimal
    maximum: Decimal


Amount = Fixed | PerUnit | PerItem | MultipleOf | RandomBetween


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When issued value starts or ends: on a day, or so long after the call. In the brand's zone; an end is the end of
    that day, a start its beginning."""

    on: str | None = None
    """yyyy-MM-dd."""
    days: int = 0
    months: int = 0


# --- results ---------------------------------------------------------------------------------------------------------


class IssueBalance(Result, frozen=True, kw_only=True):
    """Give value. Over the value type's maximum a checkout is refused (13), and outside checkouts the result is
    skipped; with `up_to_limit` as much is given as fits."""

    value_type: str
    amount: Amount
    expires: Moment | None = None
    starts: Moment | None = None
    up_to_limit: bool = False


class RedeemBalance(Result, frozen=True, kw_only=True):
    """Take free value: `amount`, or all of it (None). Where there is less, what is there."""

    value_type: str
    amount: Decimal | None = None


class Convert(Result, frozen=True, kw_only=True):
    """Take `threshold` of one value type and give `reward` of another: once, or (`repeats`) as often as there is
    enough. `up_to_limit` converts as often as whole rewards fit under the maximum."""

    take: str
    threshold: Decimal
    give: str
    reward: Decimal
    repeats: bool = False
    expires: Moment | None = None
    up_to_limit: bool = False


class TargetKind(StrEnum):
    """What a discount is taken from. Units are sorted by price, the dearest first."""

    TOTAL = "total"
    ITEMS = "items"
    """All units of the items."""
    EVERY_NTH = "every_nth"
    """The n-th unit, the 2n-th and so on."""
    NTH = "nth"
    """The n-th unit alone."""
    CHEAPEST = "cheapest"
    """The `n` cheapest units, for each time that the rule fires."""
    MOST_EXPENSIVE = "most_expensive"
    """The `n` dearest units, for each time that the rule fires."""


class DiscountKind(StrEnum):
    """How large it is."""

    AMOUNT = "amount"
    """`value` of the currency: off the total, for each time that the rule fires; on items off each unit."""
    SHARED_AMOUNT = "shared_amount"
    """`value`, for each time that the rule fires, shared among the units in proportion to their prices."""
    PERCENT = "percent"
    PRICE = "price"
    """Each unit (or the total) costs `value`."""


class Discount(Result, frozen=True, kw_only=True):
    """Take something off. Never more than its base has left; `cap` bounds it further."""

    take: DiscountKind
    value: Decimal
    of: TargetKind = TargetKind.TOTAL
    items: Items = ALL_ITEMS
    n: int = 1
    cap: Decimal | None = None


class AllocateCoupon(Result, frozen=True, kw_only=True):
    """Give a coupon out of a set. None left: skipped."""

    coupon_set: str
    promotion_id: str | None = None
    """Without one, the coupon belongs to the campaign's UUID."""


class UseCoupon(Result, frozen=True, kw_only=True):
    """Use one of the card's coupons: of one of these sets, or with one of these tags. Not in checkouts: there a coupon
    is used by the condition that asked for it."""

    sets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class LogEvent(Result, frozen=True, kw_only=True):
    """Log an event of one of the brand's types on the card."""

    category: str
    specific_id: str | None = None
    payload: str = ""
    """A template."""


class FieldAction(StrEnum):
    """How a brand demographic changes."""

    SET = "set"
    INCREMENT = "increment"
    RESET = "reset"


class SetField(Result, frozen=True, kw_only=True):
    """Change one of the brand's demographic fields of the primary customer: set it to `value` (a template), add
    `value` to it, or take all values away."""

    field: str
    action: FieldAction = FieldAction.SET
    value: str = ""


class Notify(Result, frozen=True, kw_only=True):
    """Send a message. `text`, `subject` and `url` are templates; `options` go to the provider as they are."""

    channel: Channel
    text: str
    subject: str = ""
    url: str = ""
    options: dict[str, Any] = {}


class Enrol(Result, frozen=True, kw_only=True):
    """Enrol the card if it is not."""


AnyResult = (
    IssueBalance
    | RedeemBalance
    | Convert
    | Discount
    | AllocateCoupon
    | UseCoupon
    | LogEvent
    | SetField
    | Notify
    | Enrol
)
"""One result of any kind."""
