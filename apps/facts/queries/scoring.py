"""How a brand scores its customers."""

from apps.facts.core.score import Terms, Weights
from apps.facts.models import Scoring


def scoring_of(*, brand_id: int) -> Terms | None:
    """The brand's terms, or the defaults; None where it does not score."""
    row = Scoring.objects.filter(brand_id=brand_id).first()
    if row is None:
        return Terms()
    if not row.is_active:
        return None
    weights = Weights(row.recency_weight, row.frequency_weight, row.monetary_weight)
    return Terms(weights, row.window_days, [(end, name) for end, name in row.labels])
