"""Write fragments: joined into one statement, with parameters of their own."""

import pytest

from apps.kernel.fragments import Fragment, compose


def test_fragments_become_one_statement() -> None:
    first = Fragment("one", "INSERT INTO a VALUES (%(x)s, %(y)s)", {"x": 1, "y": 2})
    second = Fragment("two", "UPDATE b SET x = %(x)s", {"x": 3})
    assert compose([first, second]) == (
        "WITH one AS (INSERT INTO a VALUES (%(one_x)s, %(one_y)s)),\ntwo AS (UPDATE b SET x = %(two_x)s)\nSELECT 1",
        {"one_x": 1, "one_y": 2, "two_x": 3},
    )


def test_equal_fragments_share_one_text() -> None:
    def text(value: int) -> str:
        return compose([Fragment("one", "UPDATE a SET x = %(x)s", {"x": value})])[0]

    assert text(1) is text(2)


def test_names_that_repeat_are_a_fault() -> None:
    same = Fragment("one", "SELECT 1", {})
    with pytest.raises(ValueError, match="repeat"):
        compose([same, Fragment("one", "SELECT 2", {})])
