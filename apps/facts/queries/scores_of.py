"""Scores of customers, with their labels."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from apps.facts.core.score import default_labels, label_of
from apps.kernel.db.hot import Cursor

_SCORES = """SELECT f.wallet_id, f.recency, f.frequency, f.monetary, f.total, g.labels::text FROM facts_score f
 LEFT JOIN facts_scoring g ON g.brand_id = f.brand_id
 WHERE f.brand_id = %(brand)s AND f.wallet_id = ANY(%(wallets)s) AND coalesce(g.is_active, true)"""


@dataclass(frozen=True, slots=True)
class ScoreSeen:
    """A score: three parts from 1.000 to 5.000, the total from 0 to 100, and the name of its range."""

    recency: Decimal
    frequency: Decimal
    monetary: Decimal
    total: int
    label: str


def scores_of(cursor: Cursor, *, brand_id: int, wallet_ids: Collection[int]) -> dict[int, ScoreSeen]:
    """The scores by wallet; those without are left out. One statement."""
    rows = cursor.execute(_SCORES, {"brand": brand_id, "wallets": list(wallet_ids)})
    return {wallet_id: _seen(*score) for wallet_id, *score in rows}


def _seen(recency: Decimal, frequency: Decimal, monetary: Decimal, total: int, labels: str | None) -> ScoreSeen:
    ranges = json.loads(labels) if labels is not None else default_labels()
    return ScoreSeen(recency, frequency, monetary, total, label_of(total, ranges))
