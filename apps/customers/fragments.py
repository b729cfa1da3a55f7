"""The customers' part of the one write statement."""

from dataclasses import astuple, fields

from apps.customers.core.customer import Demographics
from apps.customers.core.roles import Role
from apps.kernel.fragments import Fragment

_COLUMNS = tuple(field.name for field in fields(Demographics))
_INSERT = (
    f"INSERT INTO customers_customer (brand_id, id, role, card_id, {', '.join(_COLUMNS)})"
    f" VALUES (%(brand)s, %(id)s, %(role)s, %(card)s, {', '.join(f'%({name})s' for name in _COLUMNS)})"
)
_UPDATE = (
    f"UPDATE customers_customer SET {', '.join(f'{name} = %({name})s' for name in _COLUMNS)}"
    " WHERE brand_id = %(brand)s AND id = %(id)s"
)


def write_customer(
    *, brand_id: int, customer_id: int, is_new: bool, demographics: Demographics, role: Role, card_id: int
) -> Fragment:
    """Insert or replace a person's demographics. `card_id`: the card, or a child's root card."""
    values = dict(zip(_COLUMNS, astuple(demographics), strict=True))
    params = {"brand": brand_id, "id": customer_id} | values
    if is_new:
        params |= {"role": int(role), "card": card_id}
    return Fragment(f"customer_{role.name.lower()}", _INSERT if is_new else _UPDATE, params)
