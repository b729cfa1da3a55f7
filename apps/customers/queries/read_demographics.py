"""A customer as stored, and ids for new ones: what a transfer needs of people."""

from dataclasses import fields

from apps.customers.core.customer import Demographics
from apps.kernel.db.hot import Cursor

_COLUMNS = tuple(field.name for field in fields(Demographics))
_READ = f"SELECT {', '.join(_COLUMNS)} FROM customers_customer WHERE brand_id = %(brand)s AND id = %(id)s"
_NEXT = "SELECT nextval('customers_customer_id_seq')"


def read_demographics(cursor: Cursor, *, brand_id: int, customer_id: int) -> Demographics:
    """The customer as stored, under the lock of its card's family."""
    row = cursor.execute(_READ, {"brand": brand_id, "id": customer_id}).fetchone()
    assert row is not None, "a card's customer is gone"
    return Demographics(**dict(zip(_COLUMNS, row, strict=True)))


def next_customer_id(cursor: Cursor) -> int:
    """The id of a customer to be written by `write_customer`."""
    row = cursor.execute(_NEXT).fetchone()
    assert row is not None
    customer_id: int = row[0]
    return customer_id
