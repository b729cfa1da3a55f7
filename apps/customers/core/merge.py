"""Two customers become one, when a card is transferred. Pure."""

from dataclasses import fields, replace
from enum import Enum
from typing import Any

from apps.customers.core.customer import Demographics


class MergeMode(Enum):
    """SKIP takes nothing over, COMBINE what the target does not know, OVERWRITE all that the source knows."""

    SKIP = "skip"
    COMBINE = "combine"
    OVERWRITE = "overwrite"


def merged(target: Demographics, source: Demographics, mode: MergeMode) -> Demographics:
    """The target's demographics after the merge. Empty text and None are not known."""
    if mode is MergeMode.SKIP:
        return target
    first, second = (source, target) if mode is MergeMode.OVERWRITE else (target, source)
    known: dict[str, Any] = {}
    for each in fields(Demographics):
        value = getattr(first, each.name)
        known[each.name] = getattr(second, each.name) if value in ("", None) else value
    return replace(target, **known)
