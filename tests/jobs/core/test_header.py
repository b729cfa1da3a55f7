"""Headers: delimiter, unknown, missing and repeated columns."""

import pytest

from apps.jobs.core.header import Columns, WrongHeader, check_header, read_header

COLUMNS = Columns(required=("sku",), optional=("name", "price"))


@pytest.mark.parametrize(
    ("line", "delimiter", "names"),
    [
        (b"sku,name\r\n", ",", ["sku", "name"]),
        (b"sku;name;price\n", ";", ["sku", "name", "price"]),
        (b'"sku", "name"\n', ",", ["sku", '"name"']),
        (b"sku", ",", ["sku"]),
    ],
)
def test_the_delimiter_is_found_in_the_header(line: bytes, delimiter: str, names: list[str]) -> None:
    assert read_header(line) == (delimiter, names)


def test_a_header_with_the_known_columns_in_any_order_is_taken() -> None:
    check_header(["price", "sku"], COLUMNS)


def test_unknown_missing_and_repeated_columns_are_named() -> None:
    with pytest.raises(WrongHeader) as refusal:
        check_header(["name", "name", "colour", ""], COLUMNS)

    assert refusal.value.message == (
        "The header has unknown columns: colour, (no name); missing columns: sku;"
        " columns that stand there twice: name. Known columns: sku, name, price."
    )


def test_a_header_that_is_no_csv_is_refused() -> None:
    with pytest.raises(WrongHeader):
        read_header(b'"sku,name\n')
