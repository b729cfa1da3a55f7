"""Create a program."""

from django.db import transaction

from apps.brands.core.codes import check_code, check_name
from apps.brands.models import Brand
from apps.brands.operations.insert_row import insert_row
from apps.brands.operations.publish_config import publish_config
from apps.kernel.errors import InvalidInput
from apps.programs.models import Program, ProgramType


class UnknownProgramType(InvalidInput):
    """Neither gift, loyalty nor combo."""


def create_program(*, brand: Brand, code: str, name: str, type: str, uses_pins: bool = True) -> Program:
    """Insert the program and publish it."""
    check_code(code)
    check_name(name)
    if type not in ProgramType.values:
        raise UnknownProgramType(f"A program is one of {', '.join(ProgramType.values)}.")
    program = Program(brand=brand, code=code, name=name, type=type, uses_pins=uses_pins)
    with transaction.atomic():
        insert_row(row=program, duplicate=f"There is a program {code!r} already.")
        publish_config(brand_id=brand.pk)
    return program
