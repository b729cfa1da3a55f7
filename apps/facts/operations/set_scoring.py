"""Say how a brand scores its customers."""

from apps.brands.models import Brand
from apps.facts.core.score import Terms, check_terms
from apps.facts.models import Scoring


def set_scoring(*, brand: Brand, terms: Terms, is_active: bool = True) -> Scoring:
    """Replace what was said before. Labels count at once, the rest from the next run of the task on; a brand that does
    not score shows no scores. 9: see `check_terms`."""
    check_terms(terms)
    values = {
        "is_active": is_active,
        "window_days": terms.window_days,
        "recency_weight": terms.weights.recency,
        "frequency_weight": terms.weights.frequency,
        "monetary_weight": terms.weights.monetary,
        "labels": [list(each) for each in terms.labels],
    }
    return Scoring.objects.update_or_create(brand=brand, defaults=values)[0]
