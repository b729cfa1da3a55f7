"""What a rule may ask for. Each kind is a frozen struct; its `kind` is its name in brand files.

A condition about the card is never met, negated or not, where no card was used. Amounts are in the checkout's currency
or at the value type's scale; bounds include their ends; None: no bound. Value types are written `Points`,
`Currency:USD`, `Custom:cashback`.
"""

import re
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from apps.campaigns.core.kinds import EVER, Window

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


def snake(name: str) -> str:
    """`CheckoutTotal` -> `checkout_total`."""
    return _WORDS.sub("_", name).lower()


class Items(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which items of a basket: those with one of the SKUs, in one of the categories (or below it), or with one of the
    tags. All empty: every item. `except_skus` are left out in any case."""

    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    except_skus: tuple[str, ...] = ()


class Node(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag=snake,
):
    """What conditions share. `name` is for people; `negated` asks for the opposite."""

    uuid: UUID
    name: str = ""
    negated: bool = False


class Every(Node, frozen=True, kw_only=True):
    """All of these are met."""

    conditions: tuple["Condition", ...]


class AnyOf(Node, frozen=True, kw_only=True):
    """At least one of these is met. For coupons, thresholds and repeats the first one that is met counts."""

    conditions: tuple["Condition", ...]


# --- where and when --------------------------------------------------------------------------------------------------


class LocationIs(Node, frozen=True, kw_only=True):
    """The call comes from one of these locations, or from a location of one of these groups (or below it)."""

    locations: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class TerminalIs(Node, frozen=True, kw_only=True):
    """The call comes from one of these terminals of its location."""

    terminals: tuple[str, ...]


class EmployeeGiven(Node, frozen=True, kw_only=True):
    """The call names an employee (one of `employees`, where there are some)."""

    employees: tuple[str, ...] = ()


class DateRange(Node, frozen=True, kw_only=True):
    """The moment lies between two days of the brand's zone."""

    first: date | None = None
    last: date | None = None


class TimeOfWeek(Node, frozen=True, kw_only=True):
    """Day of the week (1 Monday to 7 Sunday; empty: any) and time of day, in the location's zone. `since` after
    `until` spans midnight; `until` is not included."""

    days: tuple[int, ...] = ()
    since: time | None = None
    until: time | None = None


class Happening(StrEnum):
    """What an occasion is about. Month and day count; 29 February is the 28th in other years."""

    BIRTHDAY = "birthday"
    BIRTHDAY_MONTH = "birthday_month"
    ENROLMENT = "enrolment"
    ACTIVATION = "activation"
    FIXED_DATE = "fixed_date"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Occasion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A day of the brand's calendar. BIRTHDAY_MONTH is its first day; enrolment and activation are anniversaries;
    `on` is the day of FIXED_DATE (every year with `yearly`), `day` the weekday (1 to 7) of WEEKLY or the day of the
    month (1 to 31; the last one in shorter months) of MONTHLY; `shift` moves it: -7 is a week before."""

    what: Happening
    on: date | None = None
    yearly: bool = False
    day: int = 1
    shift: int = 0


class OccasionToday(Node, frozen=True, kw_only=True):
    """Today is this occasion; for BIRTHDAY_MONTH any day of that month."""

    occasion: Occasion


# --- the basket ------------------------------------------------------------------------------------------------------


class CheckoutTotal(Node, frozen=True, kw_only=True):
    """The total after pre-discounts and what earlier rules gave. `repeats`: a rule that may fire several times on one
    checkout does so once for each `minimum`."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    repeats: bool = False


class ItemCount(Node, frozen=True, kw_only=True):
    """How many units were bought."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None


class BasketHas(Node, frozen=True, kw_only=True):
    """Units of these items, or what they cost before campaigns; without any bound: some of them. `repeats`: see
    CheckoutTotal; once for each `minimum_quantity`."""

    items: Items
    minimum_quantity: Decimal | None = None
    maximum_quantity: Decimal | None = None
    minimum_amount: Decimal | None = None
    maximum_amount: Decimal | None = None
    repeats: bool = False


class Extreme(StrEnum):
    """Which end of the prices."""

    CHEAPEST = "cheapest"
    MOST_EXPENSIVE = "most_expensive"


class ExtremeItem(Node, frozen=True, kw_only=True):
    """The cheapest (or the most expensive) item of the basket is one of these."""

    which: Extreme
    items: Items


class CustomKey(Node, frozen=True, kw_only=True):
    """A custom key was sent with one of these values (with any, where there are none)."""

    key: str
    values: tuple[str, ...] = ()


class CouponFrom(Node, frozen=True, kw_only=True):
    """A usable coupon of one of these sets, or with one of these tags, was sent. It is used when the rule fires,
    once; where there is no other, it serves the rules that follow as well."""

    sets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class PaidBy(Node, frozen=True, kw_only=True):
    """Payments of one of these types (any, where there are none) come to at least `minimum`."""

    payment_types: tuple[str, ...] = ()
    minimum: Decimal = Decimal(0)


class ReferralGiven(Node, frozen=True, kw_only=True):
    """The checkout names a referring card."""


class NthCheckout(Node, frozen=True, kw_only=True):
    """This is the card's n-th checkout; `every`: or a multiple of it."""

    n: int
    every: bool = False


# --- the card --------------------------------------------------------------------------------------------------------


class ProgramIs(Node, frozen=True, kw_only=True):
    """The card is of one of these programs."""

    programs: tuple[str, ...]


class CardSetIs(Node, frozen=True, kw_only=True):
    """The card is of one of these card sets."""

    card_sets: tuple[str, ...]


class CardIsChild(Node, frozen=True, kw_only=True):
    """The call is about a child card."""


class Enrolled(Node, frozen=True, kw_only=True):
    """The card is enrolled, or becomes so by this call."""


class Balance(Node, frozen=True, kw_only=True):
    """Free balance. With `take_threshold`, `minimum` is taken away when results fire (`counts_as_expiry`: it is booked
    as expired), and a rule that may fire several times does so once for each `minimum`, unless `once`. A campaign's own
    condition takes it once a call, and then stays met."""

    value_type: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    take_threshold: bool = False
    counts_as_expiry: bool = False
    once: bool = False


class InSegment(Node, frozen=True, kw_only=True):
    """The card is a member of one of these segments."""

    segments: tuple[str, ...]


class Spent(Node, frozen=True, kw_only=True):
    """What was spent in completed checkouts after discounts and returns, this one not counted."""

    window: Window = EVER
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Visited(Node, frozen=True, kw_only=True):
    """How often the holder came, this time not counted."""

    window: Window = EVER
    minimum: int | None = None
    maximum: int | None = None


class LastVisit(Node, frozen=True, kw_only=True):
    """Days since the last visit; a card that never came has none, and does not match."""

    minimum_days: int | None = None
    maximum_days: int | None = None


class Compare(StrEnum):
    """How a customer's field is looked at; text without regard to case."""

    PRESENT = "present"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    BETWEEN = "between"


class CustomerField(Node, frozen=True, kw_only=True):
    """A field of the primary customer: `first_name`, `city`, `birthday` and so on."""

    field: str
    compare: Compare = Compare.PRESENT
    values: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class BrandField(Node, frozen=True, kw_only=True):
    """One of the brand's own demographic fields; of several values one must fit."""

    field: str
    compare: Compare = Compare.PRESENT
    values: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class GenderIs(Node, frozen=True, kw_only=True):
    """The customer's gender, as the wire writes it."""

    genders: tuple[str, ...]


class EventCount(Node, frozen=True, kw_only=True):
    """How often an event of this category was logged on the card, those of this call included."""

    category: str
    window: Window = EVER
    minimum: int | None = 1
    maximum: int | None = None


class OptedIn(Node, frozen=True, kw_only=True):
    """The customer may be reached: `email`, `phone`, another third party, or a subscription list by its name. What
    still has to be confirmed does not count."""

    by: str


# --- what triggered --------------------------------------------------------------------------------------------------


class EventLogged(Node, frozen=True, kw_only=True):
    """This call logged an event of one of these categories."""

    categories: tuple[str, ...]


class MessageSays(Node, frozen=True, kw_only=True):
    """The incoming message is (or with `anywhere` contains) one of these words, without regard to case."""

    words: tuple[str, ...]
    anywhere: bool = False


class Movement(StrEnum):
    """What an updateBalance call did."""

    ISSUE = "issue"
    REDEEM = "redeem"
    HOLD = "hold"
    ADJUST = "adjust"


class BalanceMoved(Node, frozen=True, kw_only=True):
    """The call moved at least `minimum` of a value type (any, if empty) in this way."""

    movement: Movement
    value_type: str = ""
    minimum: Decimal = Decimal(0)


class ReferredSales(Node, frozen=True, kw_only=True):
    """What referred customers bought in the period, and in how many checkouts."""

    minimum_total: Decimal = Decimal(0)
    minimum_count: int = 0


Condition = (
    Every
    | AnyOf
    | LocationIs
    | TerminalIs
    | EmployeeGiven
    | DateRange
    | TimeOfWeek
    | OccasionToday
    | CheckoutTotal
    | ItemCount
    | BasketHas
    | ExtremeItem
    | CustomKey
    | CouponFrom
    | PaidBy
    | ReferralGiven
    | NthCheckout
    | ProgramIs
    | CardSetIs
    | CardIsChild
    | Enrolled
    | Balance
    | InSegment
    | Spent
    | Visited
    | LastVisit
    | CustomerField
    | BrandField
    | GenderIs
    | EventCount
    | OptedIn
    | EventLogged
    | MessageSays
    | BalanceMoved
    | ReferredSales
)
"""One condition of any kind; `Every` and `AnyOf` nest."""

ABOUT_THE_CARD = (
    NthCheckout
    | ProgramIs
    | CardSetIs
    | CardIsChild
    | Enrolled
    | Balance
    | InSegment
    | Spent
    | Visited
    | LastVisit
    | CustomerField
    | BrandField
    | GenderIs
    | EventCount
    | OptedIn
)
"""Kinds that no anonymous call meets, negated or not. So are occasions that are about the customer or the card."""
