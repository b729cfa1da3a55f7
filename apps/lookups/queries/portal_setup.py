"""A locking setup, told on its own page and on the page of whatever ended it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from apps.brands.models import Brand
from apps.checkouts.models import Setup
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.models import Operation


class Fate(StrEnum):
    """What became of a locking setup."""

    LOCKING = "locking"
    LAPSED = "lapsed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RELEASED = "released"
    """Support released the card in the portal."""


@dataclass(frozen=True, slots=True)
class SetupTold:
    """What became of a setup that locks until `until`. On the setup's own page (`is_setup`) `reference` is what ended
    it, elsewhere the setup itself.

    `reference` is None for a setup that nothing has ended, and for what is elsewhere (`is_elsewhere`), which a
    restricted login may not know.
    """

    is_setup: bool
    fate: Fate
    until: datetime
    reference: UUID | None
    is_elsewhere: bool = False


def setup_told(*, brand: Brand, operation: Operation, now: datetime) -> SetupTold | None:
    """What is to be told of a locking setup on this operation's page; None for what neither is one nor ended one."""
    setups = Setup.objects.filter(brand=brand)
    if operation.call_type == CallType.CHECKOUT_SETUP:
        setup = setups.filter(operation_id=operation.id).first()
        return _of_its_own(brand, setup, now) if setup else None
    if operation.call_type in _ENDS:
        setup = setups.filter(ended_by=operation.id).first()
        return SetupTold(False, _fate(operation), setup.until, setup.operation_id) if setup else None
    return None


_ENDS = {
    CallType.CHECKOUT_COMPLETE: Fate.COMPLETED,
    CallType.CHECKOUT_CANCEL: Fate.CANCELLED,
    CallType.SWEEP: Fate.LAPSED,
}


def _of_its_own(brand: Brand, setup: Setup, now: datetime) -> SetupTold:
    """Who tidied up after a lapsed one is of no interest."""
    end = Operation.objects.filter(brand=brand, id=setup.ended_by).first() if setup.ended_by else None
    if end is not None:
        fate = _fate(end)
        return SetupTold(True, fate, setup.until, end.id if fate is not Fate.LAPSED else None)
    return SetupTold(True, Fate.LOCKING if setup.until > now else Fate.LAPSED, setup.until, None)


def _fate(end: Operation) -> Fate:
    fate = _ENDS[CallType(end.call_type)]
    return Fate.RELEASED if fate is Fate.CANCELLED and end.origin == Origin.PORTAL else fate
