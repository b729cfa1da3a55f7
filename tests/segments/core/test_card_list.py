"""Lists of cards as people write them."""

import pytest

from apps.segments.core.card_list import BadList, CardName, parse_name, read_list


def test_other_columns_and_empty_cells_are_ignored() -> None:
    lines = ["firstName,cardNumber\n", 'Ada,"1001"\n', "Bob,\n", "Eve\n", "\n", "Kid, 1001/kid \n"]
    assert list(read_list(lines)) == ["1001", "1001/kid"]


@pytest.mark.parametrize("head", ["", "number\n", "1001\n", "cardNumber,cardNumber\n", '"cardNumber\n'])
def test_the_first_line_must_name_the_column(head: str) -> None:
    with pytest.raises(BadList):
        list(read_list([head, "1001\n"]))


def test_what_is_no_csv_is_told_with_its_line() -> None:
    with pytest.raises(BadList, match="Line 3"):
        list(read_list(["cardNumber\n", "1001\n", '"1002"x\n']))


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("1001", CardName("1001")),
        ("1001/kid", CardName("1001", "kid")),
        ("1001/a/b", CardName("1001", "a/b")),
        ("1001/", None),
        ("/kid", None),
        ("1001/ab", None),
        ("10 01", None),
        ("10\x0001", None),
        ("9" * 65, None),
    ],
)
def test_a_name_is_a_number_or_a_number_and_a_child(name: str, card: CardName | None) -> None:
    assert parse_name(name) == card
