"""The day so far, for the start page."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from apps.kernel.ids import lowest_id
from apps.lookups.queries.portal_time import start_of_day
from apps.requestlog.models import Request

MOST = 20_000
"""Calls that are looked at; a busier day is told from its newest ones, so that the page stays quick."""


@dataclass(frozen=True, slots=True)
class Day:
    """How many calls and refusals there were, and how many by error code; `is_cut` when only the newest count."""

    calls: int
    refused: int
    by_code: list[tuple[int, int]]
    is_cut: bool

    @property
    def share_refused(self) -> float:
        """Refusals among a hundred calls."""
        return 100 * self.refused / self.calls if self.calls else 0.0


def day_so_far(*, requests: "QuerySet[Request]", timezone: str, now: datetime) -> Day:
    """The calls since midnight in the zone."""
    midnight = start_of_day(now.astimezone(ZoneInfo(timezone)).date(), timezone=timezone)
    since = requests.filter(id__gte=lowest_id(midnight)).order_by("-id")
    codes = Counter(since.values_list("error_code", flat=True)[:MOST])
    refusals = sorted(((code, n) for code, n in codes.items() if code), key=lambda pair: (-pair[1], pair[0]))
    calls = codes.total()
    return Day(calls=calls, refused=calls - codes[0], by_code=refusals, is_cut=calls >= MOST)
