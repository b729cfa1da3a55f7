"""Create a segment."""

from datetime import datetime

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.kernel.errors import InvalidInput
from apps.segments.models import Segment

LONGEST_DESCRIPTION = 1000


def create_segment(*, brand: Brand, code: str, name: str, now: datetime, description: str = "") -> Segment:
    """Insert a segment without members. `code` is what campaigns and the JSON API call its id, and never changes."""
    check_code(code)
    check_name(name)
    check_description(description)
    row = Segment(brand=brand, code=code, name=name, description=description, created_at=now)
    return insert_row(row=row, duplicate=f"There is a segment {code!r} already.")


def check_description(description: str) -> None:
    """Refuse (9) a description that is too long."""
    if len(description) > LONGEST_DESCRIPTION:
        raise InvalidInput(f"A description has at most {LONGEST_DESCRIPTION} characters.")
