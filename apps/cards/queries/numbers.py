"""Card numbers as parameters of their own. The planner takes an array of unknown length for ten numbers; the plan for
them may then seem too dear to keep, and each call is planned anew, which costs more than carrying it out."""

from collections.abc import Sequence


def places(numbers: Sequence[str]) -> str:
    """What stands in `IN (...)`; NULL where there is no number."""
    return ", ".join(f"%(number_{place})s" for place in range(len(numbers))) or "NULL"


def named(numbers: Sequence[str]) -> dict[str, str]:
    """The parameters for these places."""
    return {f"number_{place}": number for place, number in enumerate(numbers)}
