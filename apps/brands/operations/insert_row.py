"""Insert one row of configuration, with the database's own word on duplicates and on rows of other brands."""

from typing import TypeVar

from django.db import IntegrityError, models, transaction
from psycopg.errors import ForeignKeyViolation, UniqueViolation

from apps.kernel.errors import InvalidInput

Row = TypeVar("Row", bound=models.Model)


class AlreadyExists(InvalidInput):
    """Another row of the brand has the same code."""


class OfAnotherBrand(InvalidInput):
    """The row refers to something that is not of its brand."""

    message = "This refers to something outside of the brand."


def insert_row(*, row: Row, duplicate: str) -> Row:
    """Insert `row`; `duplicate` is what the refusal says when a unique key is taken."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise AlreadyExists(duplicate) from error
        if isinstance(error.__cause__, ForeignKeyViolation):
            raise OfAnotherBrand from error
        raise
    return row
