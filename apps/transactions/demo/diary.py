"""The plan of the demo brand's ninety days: a list of calls, written from a fixed seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from apps.kernel.moments import format_moment
from apps.transactions.demo.places import PLACES, PRODUCTS, Place, Product
from apps.transactions.demo.purse import ZERO

DAYS = 90


@dataclass(frozen=True, slots=True)
class CardOf:
    """Stands in a body for the number of the card that a step allocated."""

    step: str


@dataclass(frozen=True, slots=True)
class ReferenceOf:
    """Stands in a body for the requestRef of a step."""

    step: str


@dataclass(frozen=True, slots=True)
class Till:
    """A terminal, and who stands at it."""

    place: str
    terminal: str
    employee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call. `name` is unique in the plan; `refusals` are error codes that it may well be answered with."""

    name: str
    at: datetime
    method: str
    body: Mapping[str, Any]
    till: Till
    receipt: str | None = None
    refusals: frozenset[int] = frozenset()


@dataclass(slots=True)
class Diary:
    """Collects steps. `end` is the moment that the ninety days lead up to."""

    rng: Random
    end: datetime
    zone: ZoneInfo
    steps: list[Step] = field(default_factory=list)

    def add(
        self,
        method: str,
        at: datetime,
        till: Till,
        *,
        receipt: str | None = None,
        refusals: frozenset[int] = frozenset(),
        **body: Any,
    ) -> str:
        """Write down a call; returns its name. Calls that change something carry their date."""
        name = f"{len(self.steps) + 1:05}"
        dated = body if method in UNDATED else body | {"customRequestDate": format_moment(at)}
        self.steps.append(
            Step(name=name, at=at, method=method, body=dated, till=till, receipt=receipt, refusals=refusals)
        )
        return name

    def moment(self, day: int) -> datetime:
        """A moment in opening hours, `day` whole days after the beginning; day 89 is the day before the end."""
        first = (self.end - timedelta(days=DAYS)).astimezone(self.zone).date()
        hour = min(max(self.rng.gauss(12.5, 3.4), 7), 19.5)
        opened = datetime.combine(first + timedelta(days=day), time(), self.zone)
        return (opened + timedelta(hours=hour)).astimezone(UTC).replace(microsecond=0)

    def till(self) -> Till:
        """Any till, busy places more often."""
        place: Place = self.rng.choices(PLACES, [place.weight for place in PLACES])[0]
        return Till(place.code, self.rng.choice(place.terminals), self.rng.choice(list(place.employees)))

    def receipt(self, till: Till) -> str:
        """A receipt's number."""
        return f"{till.place}/{till.terminal}/{self.rng.randrange(10**6):06}"

    def often(self, share: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share

    def basket(self) -> "Basket":
        """One to five products."""
        kinds = 1 + min(4, int(self.rng.expovariate(0.9)))
        chosen: list[Product] = self.rng.choices(PRODUCTS, [product.weight for product in PRODUCTS], k=kinds)
        return Basket({product: 2 if self.often(0.12) else 1 for product in dict.fromkeys(chosen)})


UNDATED = frozenset({"search", "cardHistory", "listValueTypes", "requestLookup", "checkoutLookup", "reactivate"})
"""Methods that take no customRequestDate."""


@dataclass(frozen=True, slots=True)
class Basket:
    """What is bought, and how many of it."""

    products: Mapping[Product, int]

    @property
    def total(self) -> Decimal:
        """The sum of the lines in US dollars."""
        return sum((product.price * count for product, count in self.products.items()), ZERO)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines as the API wants them."""
        return [
            {"sku": product.sku, "amountPurchased": count, "unitPrice": product.price, "unitCost": product.cost}
            for product, count in self.products.items()
        ]

    def count(self, prefix: str) -> int:
        """How many units of products whose SKU begins like this."""
        return sum(count for product, count in self.products.items() if product.sku.startswith(prefix))

    def spent_on(self, prefix: str) -> Decimal:
        """What products whose SKU begins like this cost together."""
        return sum((each.price * count for each, count in self.products.items() if each.sku.startswith(prefix)), ZERO)
