"""Who holds a card now, and what is on it: what the text of a message can say of both."""

from dataclasses import dataclass
from datetime import datetime

from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor
from apps.ledger.queries.open_lots import open_lots
from apps.messaging.core.variables import amounts
from apps.programs.models import ValueType

# A card that was transferred since has a heir; the message goes to whoever holds that.
_HOLDER = """WITH RECURSIVE heir (wallet_id) AS (
 SELECT %(wallet)s::bigint
 UNION SELECT t.target_wallet_id FROM heir h JOIN cards_transfer t
  ON t.brand_id = %(brand)s AND t.source_wallet_id = h.wallet_id WHERE t.target_wallet_id IS NOT NULL)
 SELECT w.id, c.family_id, w.program_id, c.number, coalesce(k.number, ''), coalesce(c.custom_number, ''), s.name,
  c.activated_at, c.enrolled_at, CASE WHEN w.root_id IS NULL THEN c.customer_id ELSE k.customer_id END
 FROM heir h JOIN ledger_wallet w ON w.brand_id = %(brand)s AND w.id = h.wallet_id
 JOIN cards_card c ON c.brand_id = w.brand_id AND c.wallet_id = coalesce(w.root_id, w.id)
 JOIN programs_cardset s ON s.brand_id = c.brand_id AND s.id = c.card_set_id
 LEFT JOIN cards_childcard k ON k.brand_id = w.brand_id AND k.wallet_id = w.id
 WHERE NOT EXISTS (SELECT FROM cards_transfer t WHERE t.brand_id = w.brand_id AND t.source_wallet_id = w.id
  AND t.target_wallet_id IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Holder:
    """A card, or a child card with its own customer. `customer_id` None: nobody is known."""

    wallet_id: int
    family_id: int
    program_id: int
    card_number: str
    child_number: str
    custom_number: str
    card_set_name: str
    activated_at: datetime | None
    enrolled_at: datetime | None
    customer_id: int | None


def read_holder(cursor: Cursor, *, brand_id: int, wallet_id: int) -> Holder:
    """The card of a wallet, or the one that it was transferred to."""
    row = cursor.execute(_HOLDER, {"brand": brand_id, "wallet": wallet_id}).fetchone()
    assert row is not None, "a wallet without a card"
    return Holder(*row)


def free_balances(cursor: Cursor, *, brand_id: int, holder: Holder, at: datetime) -> dict[str, str]:
    """What is free on the card, by kind of balance; zero for kinds of its program that it has nothing of."""
    kinds = {
        kind.pk: (kind.balance_type, kind.balance_code, kind.scale)
        for kind in ValueType.objects.filter(brand_id=brand_id, program_id=holder.program_id)
    }
    lots = open_lots(cursor, brand_id=brand_id, wallet_ids=[holder.wallet_id])[holder.wallet_id]
    free = [(*kinds[lot.value_type_id], lot.remaining) for lot in lots if lot.is_free(at)]
    return amounts([*((*kind, ZERO) for kind in kinds.values()), *free])
