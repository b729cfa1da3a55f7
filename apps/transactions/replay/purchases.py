"""Purchase logs: what was bought by whom, when, for how much.

Two formats, told apart by the first line:

    CDNOW   columns with spaces between: customer, date as yyyymmdd, quantity, dollars; in the sample file a sample id
            stands behind the first column, and is the customer
    CSV     a header with customer, date, amount and perhaps quantity, in any order; other columns are left alone

Equal lines are purchases of their own, and totals of zero are real.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path

NOON = time(12)
"""When a purchase was made of which only the day is known (UTC)."""
COLUMNS = ("customer", "date", "amount")


class UnreadableLog(Exception):
    """A line that is no purchase; the message says which."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase. `row` counts lines from 1, the header included; `amount` is in the currency of the location."""

    row: int
    customer: str
    at: datetime
    amount: Decimal
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseLog:
    """All purchases of a file. `digest` names its content."""

    digest: str
    purchases: Sequence[Purchase]

    def by_customer(self) -> dict[str, list[Purchase]]:
        """The purchases of each customer in the order of time; customers as they first appear."""
        found: dict[str, list[Purchase]] = {}
        for purchase in self.purchases:
            found.setdefault(purchase.customer, []).append(purchase)
        for purchases in found.values():
            purchases.sort(key=lambda purchase: (purchase.at, purchase.row))
        return found


def read_purchases(file: Path) -> PurchaseLog:
    """Read a log; UnreadableLog names the first line that is no purchase."""
    content = file.read_bytes()
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as problem:
        raise UnreadableLog("The file is not text in UTF-8.") from problem
    first = next((line for line in lines if line.strip()), "")
    purchases = list(_columns(lines) if _is_cdnow(first) else _csv(lines))
    if not purchases:
        raise UnreadableLog("The file holds no purchase.")
    return PurchaseLog(hashlib.sha256(content).hexdigest()[:16], purchases)


def _is_cdnow(line: str) -> bool:
    parts = line.split()
    return len(parts) in (4, 5) and all(part.replace(".", "", 1).isdigit() for part in parts)


def _columns(lines: Iterable[str]) -> Iterator[Purchase]:
    for row, line in enumerate(lines, 1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) not in (4, 5):
            raise UnreadableLog(f"Line {row} does not have four or five columns.")
        customer, day, quantity, amount = parts[-4:]
        yield _purchase(row, customer, day, amount, quantity)


def _csv(lines: Sequence[str]) -> Iterator[Purchase]:
    reader = csv.DictReader(lines)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    if missing := [name for name in COLUMNS if name not in names]:
        raise UnreadableLog(f"Neither CDNOW's columns nor a CSV header; missing: {', '.join(missing)}.")
    for line in reader:
        customer, day, amount = ((line[names[name]] or "").strip() for name in COLUMNS)
        quantity = (line[names["quantity"]] or "").strip() if "quantity" in names else ""
        yield _purchase(reader.line_num, customer, day, amount, quantity)


def _purchase(row: int, customer: str, day: str, amount: str, quantity: str) -> Purchase:
    if not customer:
        raise UnreadableLog(f"Line {row} names no customer.")
    try:
        paid = Decimal(amount)
        at = _moment(day)
    except (InvalidOperation, ValueError) as problem:
        raise UnreadableLog(f"Line {row} has no readable date and amount: {day!r}, {amount!r}.") from problem
    if not paid.is_finite() or paid < 0:
        raise UnreadableLog(f"Line {row} has an amount below zero, or none: {amount!r}.")
    return Purchase(row, customer, at, paid, quantity)


def _moment(text: str) -> datetime:
    """A day means noon; a time without a zone is UTC."""
    moment = datetime.fromisoformat(text)
    if len(text) <= len("yyyy-mm-dd"):
        moment = datetime.combine(moment.date(), NOON)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
