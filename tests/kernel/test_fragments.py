"""Write fragments: joined into one statement, with parameters of their own."""

import pytest

from apps.kernel.fragments import Fragment, compose, rows_fragment


def test_fragments_become_one_statement() -> None:
    first = Fragment("one", "INSERT INTO a VALUES (%(x)s, %(y)s, %(x)s)", {"x": 1, "y": 2})
    second = Fragment("two", "UPDATE b SET x = %(x)s", {"x": 3})
    assert compose([first, second]) == (
        "WITH one AS (INSERT INTO a VALUES ($1, $2, $1)),\ntwo AS (UPDATE b SET x = $3)\nSELECT 1",
        [1, 2, 3],
    )


def test_the_brand_is_shared_and_nothing_else() -> None:
    parts = [
        Fragment(name, "UPDATE a SET x = %(x)s WHERE brand_id = %(brand)s", {"brand": 7, "x": x})
        for name, x in (("one", 1), ("two", 2))
    ]
    text, values = compose(parts)
    assert values == [1, 7, 2]
    assert "brand_id = $2),\ntwo AS (UPDATE a SET x = $3 WHERE brand_id = $2)" in text


def test_equal_fragments_share_one_text() -> None:
    def text(value: int) -> str:
        return compose([Fragment("one", "UPDATE a SET x = %(x)s", {"x": value})])[0]

    assert text(1) is text(2)


def test_names_that_repeat_are_a_fault() -> None:
    with pytest.raises(ValueError, match="repeat"):
        compose([Fragment("one", "SELECT 1", {}), Fragment("one", "SELECT 2", {})])


COLUMNS = (("no", "int"), ("sku", "text"))


def test_one_row_is_written_as_values() -> None:
    part = rows_fragment("lines", "INSERT INTO a SELECT u.* FROM {rows}", COLUMNS, {"no": [1], "sku": ["HAT"]}, {})
    assert part.sql == "INSERT INTO a SELECT u.* FROM (VALUES (%(no)s::int, %(sku)s::text)) u (no, sku)"
    assert part.params == {"no": 1, "sku": "HAT"}


def test_several_rows_are_written_as_arrays() -> None:
    values = {"no": [1, 2], "sku": ["HAT", None]}
    part = rows_fragment("lines", "INSERT INTO a SELECT u.* FROM {rows}", COLUMNS, values, {"key": 5})
    assert part.sql == "INSERT INTO a SELECT u.* FROM unnest(%(no)s::int[], %(sku)s::text[]) u (no, sku)"
    assert part.params == {"key": 5, "no": [1, 2], "sku": ["HAT", None]}
