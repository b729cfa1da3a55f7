"""Earlier checkouts and returns of cards in short, as a search shows them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from apps.campaigns.queries.caused_lines import caused_lines
from apps.kernel.amounts import with_digits
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor
from apps.ledger.queries.mutations import mutations_of
from apps.lookups.core.movements import movements_seen
from apps.programs.core.configuration import Configuration
from apps.transactions.answers import MutationSeen

MOST_CHECKOUTS = 100
"""So many checkouts and returns of one card are shown at most, the newest; cardHistory pages through all."""

_BOUGHT = """SELECT c.operation_id, c.happened_at, c.currency, {total}, c.location_id, {is_return}
   FROM {table} c WHERE c.brand_id = %(brand)s AND c.wallet_id = w.id
   AND NOT EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = c.brand_id AND v.operation_id = c.operation_id)
   ORDER BY c.happened_at DESC, c.operation_id DESC LIMIT %(most)s"""
_CHECKOUTS = f"""SELECT w.id, t.*, o.external_id FROM unnest(%(wallets)s::bigint[]) w (id) CROSS JOIN LATERAL
  (SELECT x.* FROM (
    ({_BOUGHT.format(table="checkouts_checkout", total="c.total", is_return="false")})
    UNION ALL
    ({_BOUGHT.format(table="checkouts_return", total="-c.total", is_return="true")})
   ) x (operation_id, happened_at, currency, total, location_id, is_return)
   ORDER BY x.happened_at DESC, x.operation_id DESC LIMIT %(most)s) t
 JOIN requestlog_operation o ON o.brand_id = %(brand)s AND o.id = t.operation_id
 ORDER BY w.id, t.happened_at DESC, t.operation_id DESC"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCheckout:
    """A checkout, or a return (`total` below zero), that was not voided. `movements` None: not asked for; they are
    those on the card's own value."""

    operation_id: UUID
    is_return: bool
    at: datetime
    total: Decimal
    location_code: str | None
    external_id: str | None
    movements: list[MutationSeen] | None


def checkouts_of(
    cursor: Cursor, *, configuration: Configuration, wallet_ids: Collection[int], with_movements: bool
) -> dict[int, list[PastCheckout]]:
    """The checkouts and returns by wallet, newest first; at most MOST_CHECKOUTS each. One statement, two more for
    movements."""
    if not wallet_ids:
        return {}
    brand_id = configuration.brand_id
    params = {"brand": brand_id, "wallets": list(wallet_ids), "most": MOST_CHECKOUTS}
    rows = cursor.execute(_CHECKOUTS, params, binary=True).fetchall()
    ids = [row[1] for row in rows] if with_movements else []
    moved = mutations_of(cursor, brand_id=brand_id, operation_ids=ids)
    caused = caused_lines(cursor, brand_id=brand_id, operation_ids=ids)
    found: dict[int, list[PastCheckout]] = {}
    for wallet_id, operation_id, at, currency, total, location_id, is_return, external_id in rows:
        own = [each for each in moved.get(operation_id, []) if each.wallet_id == wallet_id]
        movements = movements_seen(
            own, split_holds=False, configuration=configuration, caused=caused.get(operation_id, ())
        ).regular
        checkout = PastCheckout(
            operation_id=operation_id,
            is_return=is_return,
            at=at,
            total=with_digits(total, at_least=currency_scale(currency)),
            location_code=configuration.location_codes.get(location_id),
            external_id=external_id,
            movements=movements if with_movements else None,
        )
        found.setdefault(wallet_id, []).append(checkout)
    return found
