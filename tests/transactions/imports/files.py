"""Files to import, and what comes of them."""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.jobs.models import Job
from tests.shop import Shop


@dataclass(frozen=True)
class Imported:
    """What a run of the command came to. `refused` are pairs of line number and column, as the error file has them."""

    code: int
    output: str
    refused: list[tuple[int, str]]
    problems: list[str]


def run(shop: Shop, path: Path, kind: str, *arguments: str) -> Imported:
    """Run the command on a file."""
    output, code = io.StringIO(), 0
    try:
        call_command("import_file", str(path), "--brand", shop.brand.code, "--kind", kind, *arguments, stdout=output)
    except SystemExit as left:
        code = int(str(left.code))
    ending = "dry-run.errors.csv" if "--dry-run" in arguments else "errors.csv"
    told = errors_of(path.with_name(f"{path.name}.{ending}"))
    return Imported(
        code, output.getvalue(), [(int(line), column) for line, column, _, _ in told], [each[2] for each in told]
    )


def errors_of(path: Path) -> list[list[str]]:
    """The rows of an error file without its header; none where there is no file."""
    if not path.exists():
        return []
    header, *rows = csv.reader(path.read_text().splitlines())
    assert header == ["line", "column", "problem", "row"]
    return rows


def written(tmp_path: Path, header: str, *rows: str) -> Path:
    """A new file with these lines."""
    path = tmp_path / f"{hashlib.md5(repr((header, rows)).encode()).hexdigest()}.csv"
    path.write_text("\n".join([header, *rows, ""]))
    return path


def refusal(shop: Shop, path: Path, kind: str, *arguments: str) -> str:
    """What the command says when it refuses the file as a whole."""
    with pytest.raises(CommandError) as refused:
        run(shop, path, kind, *arguments)
    return str(refused.value)


def job_of(shop: Shop) -> Job:
    """The newest job of the brand."""
    return Job.objects.filter(brand=shop.brand).latest("id")


TABLES = (
    "cards_card",
    "catalog_category",
    "catalog_product",
    "catalog_producttag",
    "checkouts_checkout",
    "customers_customer",
    "customers_fieldvalue",
    "customers_thirdpartylink",
    "jobs_job",
    "ledger_entry",
    "ledger_lot",
    "ledger_wallet",
    "requestlog_key",
    "requestlog_operation",
)


def state(shop: Shop) -> dict[str, Any]:
    """A digest of all rows of a brand, by table."""
    with connection.cursor() as cursor:
        return {table: _digest(cursor, table, shop.brand.pk) for table in TABLES}


def _digest(cursor: Any, table: str, brand_id: int) -> Any:
    cursor.execute(
        f"SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} t WHERE brand_id = %s",
        [brand_id],
    )
    return cursor.fetchone()
