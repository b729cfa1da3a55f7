"""The receipt of a job: what was done, by whom, and whether the sums agree. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.jobs.core.figures import Figures, Totals

Receipt = dict[str, Any]
"""Plain JSON; amounts and moments are texts."""

AGREES = "The control totals and the ledger agree."
DIFFERS = "THE CONTROL TOTALS AND THE LEDGER DO NOT AGREE."
_MOMENT = "%Y-%m-%d %H:%M:%S UTC"


def new_receipt(
    *,
    facts: dict[str, Any],
    started_at: datetime,
    finished_at: datetime,
    running: timedelta,
    done: int,
    refused: int,
    totals: Totals,
    before: Figures | None,
    after: Figures | None,
    booked: Figures | None,
) -> Receipt:
    """Put a receipt together. `facts` say what was done by whom (brand, kind, file, digest, options, names of files).

    `before` and `after` are the balances of the whole brand, `booked` what the ledger says of this job alone: where
    those are known, they must be the imported balances (`agrees`).
    """
    return facts | {
        "startedAt": started_at.strftime(_MOMENT),
        "finishedAt": finished_at.strftime(_MOMENT),
        "seconds": round(running.total_seconds(), 1),
        "rowsDone": done,
        "rowsRefused": refused,
        **totals.as_json(),
        "before": before.as_json() if before is not None else None,
        "after": after.as_json() if after is not None else None,
        "booked": booked.as_json() if booked is not None else None,
        "agrees": booked is None or booked == totals.balances,
    }


def receipt_text(receipt: Receipt) -> str:
    """The receipt for people."""
    return "\n".join([*_head(receipt), *_tables(receipt), ""])


def figure_lines(figures: Figures) -> list[str]:
    """Sums in columns: group, name, amount."""
    rows = [(group, name, _amount(amount)) for group, name, amount in figures]
    widths = [max((len(row[place]) for row in rows), default=0) for place in range(3)]
    return [f"  {group:{widths[0]}}  {name:{widths[1]}}  {amount:>{widths[2]}}" for group, name, amount in rows]


def _head(receipt: Receipt) -> Iterator[str]:
    rate = receipt["rowsDone"] / max(receipt["seconds"], 0.1)
    options = ", ".join(f"{name} {value}" for name, value in sorted(receipt["options"].items()) if value)
    yield f"Import {receipt['job']}: {receipt['kind']} of {receipt['brand']}"
    yield ""
    yield f"File       {receipt['file']} ({receipt['bytes']:,} bytes)"
    yield f"SHA-256    {receipt['sha256']}"
    yield f"Options    {options or 'none'}"
    yield f"By         {receipt['by']}"
    yield f"Begun      {receipt['startedAt']}"
    yield f"Ended      {receipt['finishedAt']}"
    yield f"Worked     {receipt['seconds']:,} s, {rate:,.0f} rows a second"
    yield f"Rows       {receipt['rowsDone']:,} done, {receipt['rowsRefused']:,} refused"
    if receipt["errorFile"]:
        yield f"Errors     {receipt['errorFile']}"


def _tables(receipt: Receipt) -> Iterator[str]:
    for title, key in (
        ("What was done", "counted"),
        ("Control totals: balances of the rows that were done", "balances"),
        ("What the ledger booked for this import", "booked"),
        ("Balances of the brand before", "before"),
        ("Balances of the brand after (with everything that happened meanwhile)", "after"),
    ):
        if receipt[key]:
            yield ""
            yield title
            yield from figure_lines(Figures.of(receipt[key]))
    if receipt["booked"] is not None:
        yield ""
        yield AGREES if receipt["agrees"] else DIFFERS


def _amount(amount: Decimal) -> str:
    return f"{amount:,f}"
