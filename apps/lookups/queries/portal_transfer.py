"""The two halves of a transfer, each told on the page of the other."""

from dataclasses import dataclass
from uuid import UUID

from apps.brands.models import Brand
from apps.cards.models import Transfer
from apps.lookups.queries.portal_names import wallet_holders
from apps.requestlog.core.kinds import CallType
from apps.requestlog.models import Operation


@dataclass(frozen=True, slots=True)
class OtherHalf:
    """What a half of a transfer belongs to: for the way out (`is_out`) the way in and its card, and the reverse.

    `reference` is None as long as no card has taken the value in, and for a half elsewhere, which a restricted login
    may not know.
    """

    is_out: bool
    reference: UUID | None
    card_number: str
    is_elsewhere: bool = False


def other_half(*, brand: Brand, operation: Operation) -> OtherHalf | None:
    """The other half; None for what is no transfer, or wrote the value off."""
    if operation.call_type != CallType.TRANSFER or operation.family_id is None:
        return None
    halves = Transfer.objects.filter(brand=brand)
    out = halves.filter(source_wallet_id=operation.family_id, out_operation_id=operation.id).first()
    if out is not None:
        return OtherHalf(True, out.in_operation_id, _card(brand, out.target_wallet_id))
    arrived = halves.filter(target_wallet_id=operation.family_id, in_operation_id=operation.id).first()
    if arrived is None:
        return None
    return OtherHalf(False, arrived.out_operation_id, _card(brand, arrived.source_wallet_id))


def _card(brand: Brand, wallet_id: int | None) -> str:
    found = wallet_holders(brand=brand, wallets=[wallet_id])
    return found[wallet_id].card_number if wallet_id is not None else ""
