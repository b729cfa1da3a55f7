"""Columns named after value types, such as `balance:Currency:USD`."""

from apps.programs.core.configuration import Configuration, Program
from apps.programs.core.value_type import ValueType


def column_of(prefix: str, value_type: ValueType) -> str:
    """The column in which a value type stands: `balance:Points`, `expires:Custom:STAR`."""
    return ":".join(part for part in (prefix, value_type.balance_type.value, value_type.balance_code) if part)


def columns_of(prefix: str, configuration: Configuration) -> list[str]:
    """The columns of all value types of a brand, each name once."""
    return sorted({column_of(prefix, value_type) for value_type in configuration.value_types.values()})


def by_column(prefix: str, program: Program) -> dict[str, ValueType]:
    """The value types of one program by their columns."""
    return {column_of(prefix, value_type): value_type for value_type in program.value_types}
