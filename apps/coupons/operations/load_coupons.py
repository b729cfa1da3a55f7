"""Add coupons to a set out of a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from psycopg.errors import UniqueViolation

from apps.coupons.core.coupon_file import BadLine, NewCoupon, read_coupons
from apps.coupons.models import CouponSet
from apps.coupons.operations.insert_coupons import insert_coupons
from apps.coupons.queries.taken_codes import taken_codes
from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class FileRead:
    """How many coupons of a file are good, which lines are bad, and how many coupons were added."""

    good: int
    bad: Sequence[BadLine]
    added: int


def load_coupons(
    *,
    coupon_set: CouponSet,
    lines: Iterable[str],
    now: datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
    batch: int = BATCH,
    progress: Callable[[int], None] = lambda added: None,
) -> FileRead:
    """Read a file (`coupons.core.coupon_file` says its form) and add its coupons: all of them or none.

    A file with bad lines adds nothing unless `skip_bad` leaves them out; a dry run adds nothing at all. A code that a
    coupon of the brand has already is bad. 9 where the head does not name the columns.
    """
    good, bad = _sorted(coupon_set.brand_id, read_coupons(lines, at=now), batch)
    if dry_run or (bad and not skip_bad):
        return FileRead(len(good), bad, 0)
    try:
        with transaction.atomic():
            for start in range(0, len(good), batch):
                insert_coupons(hot_cursor(), coupon_set=coupon_set, coupons=good[start : start + batch])
                progress(min(start + batch, len(good)))
    except UniqueViolation as problem:
        raise InvalidInput(
            "Somebody else added one of these codes at the same moment. Load the file again."
        ) from problem
    return FileRead(len(good), bad, len(good))


def _sorted(brand_id: int, found: Iterator[NewCoupon | BadLine], batch: int) -> tuple[list[NewCoupon], list[BadLine]]:
    """What can be added, and what cannot, each in the order of the file."""
    good: list[NewCoupon] = []
    bad: list[BadLine] = []
    for each in found:
        if isinstance(each, BadLine):
            bad.append(each)
        else:
            good.append(each)
    taken: set[str] = set()
    for start in range(0, len(good), batch):
        codes = [coupon.code for coupon in good[start : start + batch]]
        taken |= taken_codes(hot_cursor(), brand_id=brand_id, codes=codes)
    bad += [BadLine(coupon.line, f"The code {coupon.code} is taken.") for coupon in good if coupon.code in taken]
    bad.sort(key=lambda each: each.line)
    return [coupon for coupon in good if coupon.code not in taken], bad
