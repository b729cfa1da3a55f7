"""The demo brand's cards: what the plan will hand out, and the inventory that is left when it has."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from apps.brands.models import Brand
from apps.cards.models import Card
from apps.cards.operations.generate_cards import generate_cards
from apps.programs.models import CardSet
from apps.transactions.demo.diary import Step
from apps.transactions.demo.places import CARD_SETS

GIFT_SHARE = 40
"""Percent of the inventory that are gift cards."""


def stock_up(
    *, brand: Brand, steps: Iterable[Step], inventory: int, now: datetime, progress: Callable[[int], None]
) -> int:
    """Make the cards that are missing; returns how many. `inventory` is what is left after the plan."""
    handed_out = Counter(step.body["cardSetId"] for step in steps if step.method == "allocate")
    gift = inventory * GIFT_SHARE // 100
    made = 0
    for code, left in ((CARD_SETS["gift"], gift), (CARD_SETS["loyalty"], inventory - gift)):
        card_set = CardSet.objects.select_related("program").get(brand=brand, code=code)
        missing = left + handed_out[code] - Card.objects.filter(brand=brand, card_set_id=card_set.pk).count()
        if missing > 0:
            made += generate_cards(brand=brand, card_set=card_set, count=missing, now=now)
            progress(made)
    return made
