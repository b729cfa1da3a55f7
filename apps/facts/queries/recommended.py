"""Which products go with what somebody buys, or has bought: those most often bought together with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from apps.kernel.db.hot import Cursor
from apps.kernel.readings import Reading

MOST_SKUS = 50
"""So many products of a basket, or of a card's history (those bought most often), lead to others."""

# OFFSET 0 keeps the parts apart: what is new, and what is a product, is asked in the order of the pairs, and of no more
# of them than are wanted.
_BEST = """SELECT x.other AS sku, p.name, x.checkouts FROM (
  SELECT f.other, sum(f.checkouts) AS checkouts FROM facts_copurchase f
  WHERE f.brand_id = %(brand)s AND f.sku = ANY({bought})
  GROUP BY f.other ORDER BY 2 DESC, 1 OFFSET 0) x
 CROSS JOIN LATERAL (SELECT p.name FROM catalog_product p
  WHERE p.brand_id = %(brand)s AND p.sku = x.other AND p.is_active AND {is_new} OFFSET 0) p
 ORDER BY x.checkouts DESC, x.other LIMIT {amount}"""

_FOR_BASKET = _BEST.format(
    bought="%(recommended_for)s::text[]",
    is_new="x.other <> ALL(%(recommended_except)s::text[])",
    amount="%(recommendations)s",
)
_BASKET = f"""SELECT jsonb_agg(jsonb_build_array(r.sku, r.name) ORDER BY r.checkouts DESC, r.sku)
 FROM ({_FOR_BASKET}) r"""

_FOR_CARD = _BEST.format(
    bought="b.skus",
    is_new="""NOT EXISTS (SELECT FROM facts_skucount s
   WHERE s.brand_id = %(brand)s AND s.wallet_id = w.id AND s.sku = x.other AND s.checkouts > 0)""",
    amount="%(amount)s",
)
_CARDS = f"""SELECT w.id, r.sku, r.name FROM unnest(%(wallets)s::bigint[]) w (id)
 CROSS JOIN LATERAL (SELECT array(SELECT s.sku FROM facts_skucount s
  WHERE s.brand_id = %(brand)s AND s.wallet_id = w.id AND s.checkouts > 0
  ORDER BY s.checkouts DESC, s.sku LIMIT %(skus)s) AS skus) b
 CROSS JOIN LATERAL ({_FOR_CARD}) r
 ORDER BY w.id, r.checkouts DESC, r.sku"""


@dataclass(frozen=True, slots=True)
class Recommended:
    """A product of the catalogue; its name may be empty."""

    sku: str
    name: str


def recommended(*, skus: Sequence[str], amount: int) -> Reading:
    """`[[sku, name], ...]`: what goes best with these SKUs and is not among them, the best first; or nothing."""
    params = {"recommended_for": list(skus[:MOST_SKUS]), "recommended_except": list(skus), "recommendations": amount}
    return Reading("recommended", _BASKET, params)


def recommended_to(
    cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int], amount: int
) -> dict[int, list[Recommended]]:
    """For each wallet what goes best with what its holder has bought, and is new to them. One statement."""
    if not wallet_ids:
        return {}
    params = {"brand": brand_id, "wallets": list(wallet_ids), "skus": MOST_SKUS, "amount": amount}
    found: dict[int, list[Recommended]] = {}
    for wallet_id, sku, name in cursor.execute(_CARDS, params):
        found.setdefault(wallet_id, []).append(Recommended(sku, name))
    return found
