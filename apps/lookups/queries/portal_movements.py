"""What operations moved, as lists show it: one net amount for each value type, and whether value is on hold."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, Sum

from apps.brands.models import Brand
from apps.kernel.amounts import at_scale
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry, Lot
from apps.lookups.queries.portal_names import ValueTypeName, value_type_names


@dataclass(frozen=True, slots=True)
class Movement:
    """A net amount at the scale of its value type."""

    amount: Decimal
    label: str

    @property
    def signed(self) -> str:
        """The amount for reading, with its sign and with groups of thousands."""
        return f"{self.amount:+,f}".replace("-", "\N{MINUS SIGN}")

    @property
    def plain(self) -> str:
        """The same without a plus."""
        return self.signed.removeprefix("+")


def net_movements(*, brand: Brand, operations: Collection[UUID]) -> dict[UUID, list[Movement]]:
    """What each operation added to balances or took from them, by operation; what sums to zero is left out.

    Expiries that were settled on the way are not the operation's doing.
    """
    sums = (
        Entry.objects.filter(brand=brand, operation_id__in=operations)
        .exclude(kind=EntryKind.EXPIRE)
        .values_list("operation_id", "value_type_id")
        .annotate(net=Sum("amount"))
        .exclude(net=0)
        .order_by("operation_id", "value_type_id")
    )
    rows: list[tuple[UUID, int, Decimal]] = list(sums)
    names = value_type_names(brand=brand, ids=(value_type for _, value_type, _ in rows))
    found: dict[UUID, list[Movement]] = defaultdict(list)
    for operation, value_type, net in rows:
        found[operation].append(movement(net, names[value_type]))
    return found


def movement(amount: Decimal, name: ValueTypeName) -> Movement:
    """An amount with the digits and the name of its value type."""
    return Movement(at_scale(amount, name.scale), name.label)


def holds(*, brand: Brand, operations: Collection[UUID], now: datetime) -> dict[UUID, bool]:
    """The operations that put value on hold; True while some of it still is."""
    placed: list[tuple[UUID, int]] = list(
        Entry.objects.filter(brand=brand, operation_id__in=operations, kind=EntryKind.HOLD, hold_id=F("operation_id"))
        .order_by()
        .values_list("operation_id", "wallet_id")
        .distinct()
    )
    if not placed:
        return {}
    still = Lot.objects.filter(
        Q(hold_until__isnull=True) | Q(hold_until__gt=now),
        brand=brand,
        wallet_id__in={wallet for _, wallet in placed},
        hold_id__in={operation for operation, _ in placed},
        open=True,
    )
    held = set(still.values_list("hold_id", flat=True))
    return {operation: operation in held for operation, _ in placed}
