"""What a transfer in reads: how the old card was transferred out, and which child cards stand on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.db.hot import Cursor

_OUT = """SELECT t.source_wallet_id, t.out_operation_id, t.in_operation_id, own.number, own.customer_id,
  own.alternate_customer_id, own.activated_at
 FROM (SELECT %(family)s::bigint, NULL::text, NULL::bigint, NULL::bigint, NULL::timestamptz
  UNION ALL SELECT h.wallet_id, h.number, h.customer_id, h.alternate_customer_id, h.activated_at
  FROM cards_childcard h WHERE h.brand_id = %(brand)s AND h.family_id = %(family)s
 ) own (wallet_id, number, customer_id, alternate_customer_id, activated_at)
 JOIN cards_transfer t ON t.brand_id = %(brand)s AND t.source_wallet_id = own.wallet_id
 ORDER BY t.source_wallet_id"""

_CARDS = """SELECT c.wallet_id, c.custom_number, c.activated_at, c.enrolled_at, c.customer_id, c.alternate_customer_id,
  array(SELECT h.number FROM cards_childcard h WHERE h.brand_id = c.brand_id AND h.family_id = c.family_id)
 FROM cards_card c WHERE c.brand_id = %(brand)s AND c.wallet_id = ANY(%(wallets)s)"""


@dataclass(frozen=True, slots=True)
class TransferredOut:
    """A wallet that was transferred out: the root's, or a child card's with its number, people and activation."""

    wallet_id: int
    out_operation_id: UUID
    in_operation_id: UUID | None
    child_number: str | None
    customer_id: int | None
    alternate_customer_id: int | None
    child_activated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two cards of a transfer. `children` are the numbers of its child cards."""

    wallet_id: int
    custom_number: str | None
    activated_at: datetime
    enrolled_at: datetime | None
    customer_id: int | None
    alternate_customer_id: int | None
    children: Sequence[str]


def transferred_out(cursor: Cursor, *, brand_id: int, family_id: int) -> list[TransferredOut]:
    """The wallets of a family that were transferred out, the root's among them; none if it never was."""
    rows = cursor.execute(_OUT, {"brand": brand_id, "family": family_id})
    return [TransferredOut(*row) for row in rows]


def parties(cursor: Cursor, *, brand_id: int, wallet_ids: tuple[int, int]) -> dict[int, Party]:
    """Two cards by their wallets."""
    rows = cursor.execute(_CARDS, {"brand": brand_id, "wallets": list(wallet_ids)})
    return {wallet_id: Party(wallet_id, *rest) for wallet_id, *rest in rows}
