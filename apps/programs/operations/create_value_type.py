"""Create a value type."""

from decimal import Decimal

from django.db import transaction

from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config
from apps.programs.core.value_types import check_bounds, check_kind
from apps.programs.models import Program, ValueType


def create_value_type(
    *,
    brand: Brand,
    program: Program,
    balance_type: str,
    scale: int,
    balance_code: str = "",
    code_display: str = "",
    show_in_terminal: bool = True,
    maximum: Decimal | None = None,
    issue_minimum: Decimal | None = None,
    issue_maximum: Decimal | None = None,
    redeem_minimum: Decimal | None = None,
    redeem_maximum: Decimal | None = None,
) -> ValueType:
    """Insert the value type and publish it. Bounds are amounts of `scale`; None: no bound."""
    check_kind(balance_type=balance_type, balance_code=balance_code, scale=scale)
    check_bounds(scale=scale, minimum=None, maximum=maximum)
    check_bounds(scale=scale, minimum=issue_minimum, maximum=issue_maximum)
    check_bounds(scale=scale, minimum=redeem_minimum, maximum=redeem_maximum)
    value_type = ValueType(
        brand=brand,
        program=program,
        balance_type=balance_type,
        balance_code=balance_code,
        code_display=code_display,
        scale=scale,
        show_in_terminal=show_in_terminal,
        maximum=maximum,
        issue_minimum=issue_minimum,
        issue_maximum=issue_maximum,
        redeem_minimum=redeem_minimum,
        redeem_maximum=redeem_maximum,
    )
    duplicate = f"{program.name} has a balance {balance_type} {balance_code}".rstrip() + " already."
    with transaction.atomic():
        insert_row(row=value_type, duplicate=duplicate)
        publish_config(brand_id=brand.pk)
    return value_type
