"""A table as a CSV file that is sent while it is read."""

import csv
from collections.abc import Iterable, Iterator, Sequence

import psycopg
import structlog
from django.db import DatabaseError
from django.http import StreamingHttpResponse

from apps.portal.core.csv_cells import safe_cell

log = structlog.get_logger(__name__)


class Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, line: str) -> str:
        return line


def csv_answer(*, name: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> StreamingHttpResponse:
    """The file `name`, formulas defused."""
    return StreamingHttpResponse(
        _lines(heading, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A file that cannot be finished says so in its last row: its status was sent long before."""
    writer = csv.writer(Echo())
    yield writer.writerow(heading)
    try:
        for row in rows:
            yield writer.writerow([safe_cell(cell) for cell in row])
    except (DatabaseError, psycopg.Error):
        log.exception("export cut short")
        yield writer.writerow(["INCOMPLETE: something went wrong here. Try again."])
