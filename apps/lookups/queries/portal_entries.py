"""The ledger entries of one operation, as its page shows them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.brands.models import Brand
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry
from apps.lookups.queries.portal_movements import Movement, movement
from apps.lookups.queries.portal_names import Holder, value_type_names, wallet_holders

KIND_NAMES = {
    EntryKind.ISSUE: "Issued",
    EntryKind.REDEEM: "Redeemed",
    EntryKind.HOLD: "Put on hold",
    EntryKind.RELEASE: "Released from hold",
    EntryKind.EXPIRE: "Expired",
    EntryKind.ADJUST: "Adjusted",
    EntryKind.TRANSFER_OUT: "Transferred out",
    EntryKind.TRANSFER_IN: "Transferred in",
    EntryKind.CONVERT: "Converted",
    EntryKind.VOID: "Voided",
    EntryKind.RETURN: "Returned",
    EntryKind.RECLASSIFY: "Reclassified",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One movement of one lot. `hold` names the operation whose hold the lot belongs to, if the reader may know it."""

    kind: str
    holder: Holder
    moved: Movement
    balance_after: Movement
    hold: UUID | None
    is_hold_elsewhere: bool = False
    occurred_at: datetime


def entry_lines(*, brand: Brand, operation: UUID) -> list[EntryLine]:
    """The operation's entries in the order in which they were written."""
    entries = list(Entry.objects.filter(brand=brand, operation_id=operation).order_by("wallet_id", "seq"))
    names = value_type_names(brand=brand, ids=(entry.value_type_id for entry in entries))
    holders = wallet_holders(brand=brand, wallets=(entry.wallet_id for entry in entries))
    return [
        EntryLine(
            kind=KIND_NAMES[EntryKind(entry.kind)],
            holder=holders.get(entry.wallet_id, Holder("")),
            moved=movement(entry.amount, names[entry.value_type_id]),
            balance_after=movement(entry.balance_after, names[entry.value_type_id]),
            hold=entry.hold_id,
            occurred_at=entry.occurred_at,
        )
        for entry in entries
    ]
