"""Which card numbers are in use."""

from collections.abc import Sequence

from apps.kernel.db.hot import Cursor

_TAKEN = "SELECT c.number FROM cards_card c WHERE c.brand_id = %(brand)s AND c.number = ANY(%(numbers)s)"


def taken_numbers(cursor: Cursor, *, brand_id: int, numbers: Sequence[str]) -> set[str]:
    """Those of `numbers` that a card of the brand has."""
    # planned anew each time: a plan that was kept from when the table was small would read all of it for every number
    return {row[0] for row in cursor.execute(_TAKEN, {"brand": brand_id, "numbers": list(numbers)}, prepare=False)}
