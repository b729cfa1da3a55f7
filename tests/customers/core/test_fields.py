"""Values of the brand's own fields, without a database."""

from collections.abc import Sequence

import pytest

from apps.customers.core.fields import (
    APPEND,
    APPEND_UNIQUE,
    LONGEST_VALUE,
    MOST_VALUES,
    OVERWRITE,
    BrandField,
    FieldChange,
    SentValue,
    UnknownField,
    canonical,
    changed_values,
    check_field,
    values_after,
)
from apps.kernel.errors import InvalidInput


def field(
    *, data_type: str = "string", is_multiple: bool = True, choices: Sequence[str] = (), values: Sequence[str] = ()
) -> BrandField:
    return BrandField(1, "tier", data_type, is_multiple, choices, tuple(values))


def sent(*texts: str, mode: str = OVERWRITE, data_type: str | None = None) -> FieldChange:
    return FieldChange("tier", tuple(SentValue(text, data_type) for text in texts), mode)


@pytest.mark.parametrize(
    ("data_type", "text", "stored"),
    [
        ("integer", "1", "1"),
        ("integer", "007", "7"),
        ("integer", "-0", "0"),
        ("integer", str(2**63 - 1), str(2**63 - 1)),
        ("integer", str(2**63), None),
        ("integer", "1.0", None),
        ("integer", "true", None),
        ("integer", "\u0661", None),
        ("integer", " 1", None),
        ("decimal", "1.50", "1.5"),
        ("decimal", "-0.00", "0"),
        ("decimal", "010", "10"),
        ("decimal", "100", "100"),
        ("decimal", "1" * 30 + "." + "9" * 30, "1" * 30 + "." + "9" * 30),
        ("decimal", "1e3", None),
        ("decimal", ".5", None),
        ("decimal", "NaN", None),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "2023-02-29", None),
        ("date", "20240229", None),
        ("string", "Gold ", "Gold "),
        ("string", "x" * LONGEST_VALUE, "x" * LONGEST_VALUE),
        ("string", "x" * (LONGEST_VALUE + 1), None),
        ("string", "", None),
    ],
)
def test_a_value_has_one_text(data_type: str, text: str, stored: str | None) -> None:
    assert canonical(text, data_type=data_type) == stored


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (sent("c"), ("c",)),
        (sent(), ()),
        (FieldChange("tier", None), ()),
        (sent("a", "c", "c", mode=APPEND), ("a", "b", "a", "c", "c")),
        (sent("a", "c", "c", mode=APPEND_UNIQUE), ("a", "b", "c")),
        (sent(mode=APPEND), ("a", "b")),
    ],
)
def test_the_modes_of_a_field_with_several_values(change: FieldChange, after: tuple[str, ...]) -> None:
    assert changed_values(field(values=("a", "b")), change) == after


@pytest.mark.parametrize("mode", [OVERWRITE, APPEND, APPEND_UNIQUE])
def test_a_field_for_one_value_knows_no_mode(mode: str) -> None:
    single = field(is_multiple=False, values=("a",))
    assert changed_values(single, sent("b", mode=mode)) == ("b",)
    assert changed_values(single, FieldChange("tier", None, mode)) == ()


@pytest.mark.parametrize(
    ("target", "change"),
    [
        (field(is_multiple=False), sent("a", "b")),
        (field(), FieldChange("tier", None, APPEND)),
        (field(), FieldChange("tier", None, APPEND_UNIQUE)),
        (field(data_type="integer"), sent("x")),
        (field(data_type="integer"), sent("5", data_type="decimal")),
        (field(), sent("5", data_type="integer")),
        (field(choices=["a"]), sent("b")),
        (field(values=["x"] * MOST_VALUES), sent("y", mode=APPEND)),
    ],
)
def test_what_a_field_cannot_hold_is_refused(target: BrandField, change: FieldChange) -> None:
    with pytest.raises(InvalidInput):
        changed_values(target, change)


def test_a_choice_may_be_written_in_another_way() -> None:
    assert changed_values(field(data_type="decimal", choices=["1.5"]), sent("1.50")) == ("1.5",)


def test_a_field_that_is_named_twice_is_changed_twice() -> None:
    fields = {"tier": field(values=["a"])}
    assert values_after(fields, [sent("b", mode=APPEND), sent("c", mode=APPEND)]) == {1: ("a", "b", "c")}


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UnknownField):
        values_after({}, [sent("a")])


def test_choices_are_kept_in_their_one_text() -> None:
    assert check_field(data_type="integer", choices=["01", "2"]) == ["1", "2"]


@pytest.mark.parametrize(("data_type", "choices"), [("text", []), ("integer", ["x"]), ("integer", ["1", "01"])])
def test_fields_that_cannot_be_are_refused(data_type: str, choices: list[str]) -> None:
    with pytest.raises(InvalidInput):
        check_field(data_type=data_type, choices=choices)
