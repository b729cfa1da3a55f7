"""What stands in a brand file. A field that is left out has its default; a list that is left out changes nothing.

Rows are known by their `code` (products by `sku`, lists and campaigns by `uuid`) and refer to each other by it. No
secrets stand here, no cards and no customers.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec

from apps.campaigns.core import definitions


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the file."""


class Named(Part, frozen=True, kw_only=True):
    """A row with a code."""

    code: str
    name: str
    is_active: bool = True


class Brand(Part, frozen=True, kw_only=True, omit_defaults=False):
    """The brand and its settings, all of them written out."""

    code: str
    name: str
    country: str = "US"
    currency: str = "USD"
    timezone: str = "UTC"
    api_version: Literal[1, 2] = 2
    features: tuple[str, ...] = ("activationDate",)
    cors_enabled: bool = True
    employee_required: bool = False
    repeated_allocation_allowed: bool = False
    void_takes_what_is_free: bool = False
    void_restores_counters: bool = False
    return_takes_back_issued: bool = True
    longest_checkout_lock: int = 3600
    """Seconds."""
    hold_lifetime: timedelta | None = None
    """As in P1DT12H; null: until used."""
    search_program_types: tuple[Literal["gift", "loyalty", "combo"], ...] = ()
    calls_per_minute: int | None = None


class Terminal(Named, frozen=True, kw_only=True):
    """A terminal of its location."""


class Location(Named, frozen=True, kw_only=True):
    """Empty country, currency and time zone are the brand's."""

    group: str
    country: str = ""
    currency: str = ""
    timezone: str = ""
    terminals: tuple[Terminal, ...] = ()


class ValueType(Part, frozen=True, kw_only=True):
    """`type` as campaigns write it: Points, Punches, Currency:USD, Custom:cashback. Bounds are amounts."""

    type: str
    scale: int
    code_display: str = ""
    show_in_terminal: bool = True
    maximum: Decimal | None = None
    issue_minimum: Decimal | None = None
    issue_maximum: Decimal | None = None
    redeem_minimum: Decimal | None = None
    redeem_maximum: Decimal | None = None


class CardSet(Named, frozen=True, kw_only=True):
    """A card set of its program."""


class Program(Named, frozen=True, kw_only=True):
    """A program with what its cards can hold."""

    type: Literal["gift", "loyalty", "combo"]
    uses_pins: bool = True
    value_types: tuple[ValueType, ...] = ()
    card_sets: tuple[CardSet, ...] = ()


class Category(Named, frozen=True, kw_only=True):
    """`parent` is the code of the category above."""

    parent: str | None = None


class Product(Part, frozen=True, kw_only=True):
    """Prices and costs are in the brand's currency."""

    sku: str
    name: str = ""
    category: str | None = None
    price: Decimal | None = None
    cost: Decimal | None = None
    is_active: bool = True
    tags: tuple[str, ...] = ()


class CouponSet(Named, frozen=True, kw_only=True):
    """A coupon set, without its coupons."""

    pattern: str = ""
    expires_at: datetime | None = None
    lifetime_days: int | None = None
    limit_per_card: int | None = None


class Field(Named, frozen=True, kw_only=True):
    """A demographic field of the brand's own."""

    data_type: Literal["integer", "date", "string", "decimal"]
    is_multiple: bool = False
    choices: tuple[str, ...] = ()


class EventType(Part, frozen=True, kw_only=True):
    """A kind of event."""

    category: str
    specific: str | None = None
    name: str
    sentiment: int = 0
    group_type: str = "OTHER"
    is_active: bool = True


class SubscriptionList(Part, frozen=True, kw_only=True):
    """A list that people subscribe to."""

    uuid: UUID
    channel: Literal["email", "phone"]
    name: str
    is_public: bool = True
    is_active: bool = True


class Segment(Named, frozen=True, kw_only=True):
    """A segment, without its members."""

    description: str = ""


class Revision(Part, frozen=True, kw_only=True):
    """A revision of a campaign; of one that was published, `says` never changes."""

    uuid: UUID
    says: definitions.Campaign


class Campaign(Part, frozen=True, kw_only=True):
    """A campaign. Older ones stand first. It is called `name` until something of it is published."""

    uuid: UUID
    name: str = ""
    is_paused: bool = False
    published: Revision | None = None
    draft: Revision | None = None


class BrandFile(Part, frozen=True, kw_only=True):
    """The whole file; `format` is the version of this layout."""

    format: Literal[1]
    brand: Brand
    groups: tuple[Named, ...] = ()
    locations: tuple[Location, ...] = ()
    programs: tuple[Program, ...] = ()
    categories: tuple[Category, ...] = ()
    products: tuple[Product, ...] = ()
    coupon_sets: tuple[CouponSet, ...] = ()
    fields: tuple[Field, ...] = ()
    event_types: tuple[EventType, ...] = ()
    subscription_lists: tuple[SubscriptionList, ...] = ()
    segments: tuple[Segment, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
