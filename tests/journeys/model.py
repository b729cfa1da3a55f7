"""A card in plain Python: what it should hold after any sequence of calls. Knows nothing of lots, entries or SQL."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

FAR = datetime.max


@dataclass
class Parcel:
    """Value that came in together, or a part of it; `hold` is the call that holds it."""

    amount: Decimal
    returned: bool = False
    expires: datetime | None = None
    active: datetime | None = None
    hold: str | None = None
    age: int = 0


class Short(Exception):
    """There is too little."""


@dataclass
class ModelCard:
    """Value of one type on one card."""

    parcels: list[Parcel] = field(default_factory=list)
    made: int = 0

    def tick(self, at: datetime) -> None:
        """Free value whose moment has come is gone."""
        self.parcels = [
            each for each in self.parcels if each.amount and (each.hold or not each.expires or each.expires > at)
        ]

    def issue(self, amount: Decimal, *, returned: bool, expires: datetime | None, active: datetime | None) -> None:
        self.made += 1
        self.parcels.append(Parcel(amount, returned, expires, active, None, self.made))

    def take(self, amount: Decimal, at: datetime, *, hold: str | None = None) -> list[Parcel]:
        """Take in spending order; what was taken, parcel by parcel. Nothing is taken if there is too little."""
        usable = [
            each
            for each in self.parcels
            if each.hold == hold and (hold or not each.active or each.active <= at) and each.amount
        ]
        usable.sort(key=lambda each: (not each.returned, (each.expires or FAR.replace(tzinfo=at.tzinfo)), each.age))
        if sum(each.amount for each in usable) < amount:
            raise Short
        taken = []
        for each in usable:
            part = min(amount, each.amount)
            if part:
                each.amount -= part
                amount -= part
                taken.append(Parcel(part, each.returned, each.expires, each.active, each.hold, each.age))
        return taken

    def hold(self, amount: Decimal, at: datetime, name: str) -> None:
        for part in self.take(amount, at):
            part.hold = name
            self.parcels.append(part)

    def held(self, name: str) -> Decimal:
        return sum((each.amount for each in self.parcels if each.hold == name), Decimal(0))

    def free_hold(self, name: str) -> None:
        for each in self.parcels:
            if each.hold == name:
                each.hold = None

    def free(self, at: datetime) -> Decimal:
        return sum(
            (
                each.amount
                for each in self.parcels
                if not each.hold and (not each.active or each.active <= at) and (not each.expires or each.expires > at)
            ),
            Decimal(0),
        )

    def holds(self) -> dict[str, Decimal]:
        names = {each.hold for each in self.parcels if each.hold and each.amount}
        return {name: self.held(name) for name in names if name}
