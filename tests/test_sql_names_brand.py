"""Every SQL text of the product that touches a tenant's table names the brand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent / "apps"
_STATEMENT = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b")
_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?([a-z_]+)\b")


def tenant_tables() -> set[str]:
    """Tables with a column `brand_id`."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if any(field.column == "brand_id" for field in model._meta.local_concrete_fields if field.column)
    }


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """All texts of a module that are written in one piece, f-strings too; docstrings left out."""
    docstrings, inside = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(id(first.value))
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            whole = "".join(
                part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}"
                for part in node.values
            )
            yield node.lineno, whole
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | inside:
            yield node.lineno, node.value


def offenders(source: str, tables: set[str]) -> list[int]:
    """The lines of texts that touch a tenant's table without naming the brand."""
    return [
        line
        for line, text in texts(ast.parse(source))
        if _STATEMENT.search(text) and tables & set(_TABLE.findall(text)) and "brand_id" not in text
    ]


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sql_text_names_the_brand(path: Path) -> None:
    if "migrations" in path.parts:
        return
    assert offenders(path.read_text(), tenant_tables()) == []


def test_the_scan_finds_what_it_looks_for() -> None:
    tables = tenant_tables()
    assert {"ledger_entry", "cards_card", "requestlog_request", "brands_location"} <= tables
    assert offenders('Q = "SELECT 1 FROM ledger_entry e WHERE e.seq = 1"', tables) == [1]
    assert offenders('Q = f"UPDATE cards_card SET status = {x}"', tables) == [1]
    assert offenders('Q = "SELECT 1 FROM ledger_entry WHERE brand_id = %(brand)s"', tables) == []


def test_there_is_much_to_scan() -> None:
    found = [
        text for path in ROOT.rglob("*.py") for _, text in texts(ast.parse(path.read_text())) if _TABLE.search(text)
    ]
    assert len(found) > 40
