"""The customers' part of the one write statement."""

from dataclasses import astuple, fields

from apps.customers.core.customer import Demographics
from apps.kernel.fragments import Fragment

_COLUMNS = tuple(field.name for field in fields(Demographics))
_INSERT = (
    f"INSERT INTO customers_customer (brand_id, id, {', '.join(_COLUMNS)})"
    f" VALUES (%(brand)s, %(id)s, {', '.join(f'%({name})s' for name in _COLUMNS)})"
)
_UPDATE = (
    f"UPDATE customers_customer SET {', '.join(f'{name} = %({name})s' for name in _COLUMNS)}"
    " WHERE brand_id = %(brand)s AND id = %(id)s"
)


def write_customer(*, brand_id: int, customer_id: int, is_new: bool, demographics: Demographics) -> Fragment:
    """Insert or replace a customer's demographics."""
    values = dict(zip(_COLUMNS, astuple(demographics), strict=True))
    return Fragment("customer", _INSERT if is_new else _UPDATE, {"brand": brand_id, "id": customer_id} | values)
