"""History stays as it was written, whoever asks the database to change it."""

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg.errors import RestrictViolation

from apps.programs.models import ValueType
from tests.shop import Shop

WRITTEN_ONCE = ("ledger_entry", "ledger_void", "requestlog_operation")
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
