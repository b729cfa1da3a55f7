"""Changing what must never change, and taking away what was spoilt."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def unguarded() -> Iterator[CursorWrapper]:
    """A cursor for which triggers and foreign keys sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def wipe(brand_id: int) -> None:
    """Remove every row of a brand, so that nobody else stumbles over what a test spoilt."""
    with unguarded() as cursor:
        for model in apps.get_models(include_auto_created=True):
            names = {field.name for field in model._meta.fields}
            if "brand" in names and "pgh_id" not in names:
                cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE brand_id = %s', [brand_id])
        cursor.execute("DELETE FROM brands_brand WHERE id = %s", [brand_id])
