"""History stays as it was written, whoever asks the database to change it."""

from collections.abc import Iterator
from pathlib import Path
from re import DOTALL, findall

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from apps.kernel.db.hot import hot_cursor
from apps.programs.models import ValueType
from tests.shop import Shop

WRITTEN_ONCE = (
    "ledger_entry",
    "ledger_void",
    "ledger_conversion",
    "programs_exchangerate",
    "requestlog_operation",
)
KEPT = (
    "ledger_wallet",
    "ledger_lot",
    "cards_card",
    "brands_brand",
    "brands_location",
    "programs_program",
    "programs_valuetype",
    "programs_cardset",
)


def refuse(statement: str) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refusal.value.__cause__, RestrictViolation)


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_what_was_written_is_not_rewritten(table: str) -> None:
    refuse(f"UPDATE {table} SET brand_id = brand_id")


@pytest.mark.parametrize("table", [*WRITTEN_ONCE, *KEPT])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_written_is_not_removed(table: str, statement: str) -> None:
    refuse(statement.format(table))


def test_the_scale_of_a_value_type_is_fixed_once_it_is_used(acme: Shop) -> None:
    free = ValueType.objects.filter(pk=acme.points.pk)
    free.update(scale=1)
    acme.issue(acme.card(), 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        ValueType.objects.filter(pk=acme.usd.pk).update(scale=3)
    assert free.get().scale == 1


@pytest.fixture
def web_role() -> Iterator[None]:
    """The connection acts as the role that the guide describes."""
    guide = (Path(__file__).parents[2] / "docs/operations.md").read_text()
    (statements,) = findall(r"```sql\n(CREATE ROLE clutch_web.*?)```", guide, flags=DOTALL)
    cursor = hot_cursor()
    cursor.execute("DROP ROLE IF EXISTS clutch_web")
    cursor.execute(statements)
    cursor.execute("SET ROLE clutch_web")
    yield
    cursor.execute("RESET ROLE")
    cursor.execute("DROP OWNED BY clutch_web")
    cursor.execute("DROP ROLE clutch_web")


def test_the_web_role_works_but_cannot_rewrite_history(acme: Shop, web_role: None) -> None:
    card = acme.card()
    issued = acme.issue(card, 5)
    acme.ok("voidTransaction", {"cardNumber": card, "requestRef": issued})
    for table in WRITTEN_ONCE:
        with pytest.raises(InsufficientPrivilege):
            hot_cursor().execute(f"UPDATE {table} SET brand_id = brand_id")
