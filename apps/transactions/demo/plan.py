"""The whole plan of the demo brand, in the order of time."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from apps.transactions.demo.diary import Diary, Step
from apps.transactions.demo.gifts import write_anonymous, write_gift_card, write_mistake
from apps.transactions.demo.members import write_member
from apps.transactions.demo.places import TIMEZONE

SEED = 20_260


def plan(*, end: datetime, customers: int) -> list[Step]:
    """Every call of the ninety days before `end`; the same for the same arguments."""
    diary = Diary(Random(SEED), end.replace(microsecond=0), ZoneInfo(TIMEZONE))  # noqa: S311 (no secret hangs on it)
    for number in range(1, customers + 1):
        write_member(diary=diary, number=number)
    for _ in range(customers // 2):
        write_gift_card(diary=diary)
    for _ in range(customers // 3):
        write_anonymous(diary=diary)
    for _ in range(customers // 40):
        write_mistake(diary=diary)
    return sorted(diary.steps, key=lambda step: (step.at, step.name))
