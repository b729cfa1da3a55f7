"""Rows of CSV files know where they end, whatever stands in them."""

import io

from apps.jobs.core import rows as module
from apps.jobs.core.rows import Row, read_rows


def read(text: str | bytes, *, width: int = 2, delimiter: str = ",") -> list[Row]:
    content = text if isinstance(text, bytes) else text.encode()
    return list(read_rows(io.BytesIO(content), delimiter=delimiter, width=width, line=2, position=100))


def test_a_row_knows_its_line_and_the_byte_after_it() -> None:
    first, second = read("a,b\nc,é\n")

    assert (first.line, first.end, first.cells) == (2, 104, ["a", "b"])
    assert (second.line, second.end, second.cells) == (3, 109, ["c", "é"])


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_breaks() -> None:
    text = 'a,"x, ""y""\nz"\nc,d\n'

    first, second = read(text)

    assert first.cells == ["a", 'x, "y"\nz']
    assert (second.line, second.cells, second.end) == (4, ["c", "d"], 100 + len(text))


def test_empty_lines_are_passed_over_but_counted() -> None:
    first, second = read("a,b\r\n\r\n  \nc,d")

    assert (first.cells, second.cells) == (["a", "b"], ["c", "d"])
    assert (second.line, second.end) == (5, 100 + 13)


def test_cells_are_trimmed_and_the_last_line_needs_no_end() -> None:
    assert read(" a ; b", delimiter=";")[0].cells == ["a", "b"]


def test_a_row_with_another_number_of_cells_is_a_fault_of_its_own() -> None:
    bad, good = read("a,b,c\nd,e\n")

    assert bad.fault == "The row has 3 cells, the header has 2."
    assert bad.cells == ()
    assert good.cells == ["d", "e"]


def test_a_quote_that_is_never_closed_spoils_its_own_line_only() -> None:
    bad, good, quoted = read('a,"b\nc,d\n"e",f\n')

    assert "never closed" in bad.fault
    assert (good.line, good.cells) == (3, ["c", "d"])
    assert (quoted.line, quoted.cells) == (4, ["e", "f"])


def test_quotes_in_the_wrong_place_are_a_fault() -> None:
    bad, good = read('"a"x,b\nc,d\n')

    assert "cannot be understood" in bad.fault
    assert good.cells == ["c", "d"]


def test_a_quote_inside_a_plain_cell_is_a_character() -> None:
    assert read('5" screen,b\n')[0].cells == ['5" screen', "b"]


def test_every_way_to_cut_a_file_at_a_row_gives_the_same_rows(monkeypatch: object) -> None:
    text = b'a,"b\nb"\n\nc,"d\n e,f\ng,"h ""h"""\n'
    all_rows = read(text)

    for place, row in enumerate(all_rows):
        rest = text[row.end - 100 :]
        line = text[: row.end - 100].count(b"\n") + 2
        again = list(read_rows(io.BytesIO(rest), delimiter=",", width=2, line=line, position=row.end))
        assert again == all_rows[place + 1 :]


def test_a_row_cannot_be_longer_than_the_limit() -> None:
    text = '"' + "x\n" * (module.LONGEST_ROW // 2) + '",b\n'

    assert "never closed" in read(text)[0].fault
