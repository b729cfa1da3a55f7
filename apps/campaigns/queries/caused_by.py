"""What campaigns did on one call, as far as a return of goods must know it."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor

_READ = """SELECT m.amount, m.is_discount, m.is_conversion, m.mutation_no, m.sku FROM campaigns_mutation m
 WHERE m.brand_id = %(brand)s AND m.operation_id = %(operation)s ORDER BY m.no"""


@dataclass(frozen=True, slots=True)
class Caused:
    """Numbers of the ledger's mutations: `issued` by results, `converted` both halves of conversions, `all` that
    campaigns caused. `discounts` by SKU; those on the whole checkout are not among them."""

    issued: set[int] = field(default_factory=set)
    converted: set[int] = field(default_factory=set)
    all: set[int] = field(default_factory=set)
    discounts: dict[str, Decimal] = field(default_factory=dict)


def caused_by(cursor: Cursor, *, brand_id: int, operation_id: UUID) -> Caused:
    """What stands in the operation's `balanceMutations` with a campaign's name. One statement."""
    caused = Caused()
    rows = cursor.execute(_READ, {"brand": brand_id, "operation": operation_id})
    for amount, is_discount, is_conversion, mutation_no, sku in rows:
        if is_discount and sku is not None:
            caused.discounts[sku] = caused.discounts.get(sku, ZERO) + amount
        if is_discount:
            continue
        caused.all.add(mutation_no)
        if is_conversion:
            caused.converted.add(mutation_no)
        elif amount > 0:
            caused.issued.add(mutation_no)
    return caused
