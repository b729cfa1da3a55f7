"""The document lists the whole contract, says what the notes say, and notices what was lost."""

from collections import Counter

import pytest

from tests.conformance.contract import CONTRACT, ERROR, ERRORS, REQUEST, RESPONSE, ROOT, Row, rows
from tests.conformance.coverage import coverage
from tests.conformance.document import compare, read, render
from tests.conformance.missing import NEVER, missing
from tests.conformance.plugin import DOCUMENT
from tests.conformance.recording import REFUSED

WRITTEN = (ROOT / DOCUMENT).read_text()
OWN = "tests/merchant_api/methods/test_allocate.py::test_pin"
OTHER = "tests/merchant_api/test_log.py::test_log"
NOTES: dict[str, set[Row]] = {
    OWN: {
        ("allocate", REQUEST, "cardNumber"),
        ("allocate", RESPONSE, "success"),
        ("allocate", RESPONSE, "pin"),
        ("allocate", ERROR, "9"),
    },
    OTHER: {("allocate", REQUEST, "cardNumber"), ("allocate", REFUSED, "createIfNew"), ("checkout", REFUSED, "pin")},
}


def places() -> list[tuple[Row, tuple[str, str]]]:
    """Each row of the contract with the field that it is a place of."""
    return [
        ((method, part, field.path), (field.model, field.name))
        for method in CONTRACT["methods"]
        for part in (REQUEST, RESPONSE)
        for field in rows(method, part)
    ]


@pytest.mark.parametrize("text", [WRITTEN, render(NOTES)], ids=["written", "new"])
def test_every_method_field_and_error_code_of_the_contract_is_listed(text: str) -> None:
    listed = read(text)
    assert {row[0] for row in listed} == set(CONTRACT["methods"])
    assert [row for row, _ in places() if row not in listed] == []
    assert len({field for row, field in places() if row in listed}) == 592
    lines = text.splitlines()
    assert [
        code for code, name in ERRORS.items() if not any(line.startswith(f"| {code} | {name} |") for line in lines)
    ] == []
    assert (len({row[0] for row in listed}), len(ERRORS)) == (26, 33)


def test_no_row_stands_twice() -> None:
    lines = Counter(line for line in render({}).splitlines() if line.startswith("### "))
    assert set(lines.values()) == {1}
    assert Counter(row for row, _ in places()).most_common(1)[0][1] == 1


def test_it_is_plain_text_of_a_bearable_size() -> None:
    assert WRITTEN.isascii()
    assert len(WRITTEN) < 250_000


def test_what_it_says_is_read_back() -> None:
    covered = {row for row, is_covered in read(render(NOTES)).items() if is_covered}
    assert covered == {
        ("allocate", REQUEST, "cardNumber"),
        ("allocate", REQUEST, "createIfNew"),
        ("allocate", RESPONSE, "success"),
        ("allocate", RESPONSE, "pin"),
        ("allocate", ERROR, "9"),
        ("checkout", REQUEST, "pin"),
    }


def test_a_methods_own_tests_come_first_and_vain_ones_are_marked() -> None:
    text = render(NOTES)
    assert "| `cardNumber` | test_allocate.py: test_pin; merchant_api/test_log.py: test_log |" in text
    assert "| `createIfNew` | refused only: merchant_api/test_log.py: test_log |" in text
    assert "| allocate | 2 of 3 | 2 of 6 | 9 |" in text


def test_three_tests_are_named_and_many_are_not_counted() -> None:
    for others, said in ((1, "1 other"), (2, "2 others"), (9, "9 others"), (10, "many others")):
        notes = {f"tests/lookups/test_x.py::test_{no:02}": {("search", REQUEST, "limit")} for no in range(3 + others)}
        assert f"| `limit` | lookups/test_x.py: test_00, test_01, test_02; {said} |" in render(notes)


def test_the_order_of_notes_changes_nothing() -> None:
    assert render(dict(reversed(NOTES.items()))) == render(NOTES)


def test_what_is_not_there_yet_is_not_covered_by_sending_it() -> None:
    later = sorted(row for row in missing() if row[1] == REQUEST)
    assert coverage({OWN: set(later), OTHER: {(method, REFUSED, path) for method, _, path in later}}).rows() == set()


def test_a_field_that_does_not_occur_is_a_field_of_the_contract() -> None:
    assert {(method, RESPONSE, path) for method, path in NEVER} <= {row for row, _ in places()}
    assert not any(read(WRITTEN)[method, RESPONSE, path] for method, path in NEVER)


def test_what_lost_its_last_test_is_named() -> None:
    lost, words = compare(render(NOTES), {OWN: NOTES[OWN]})
    assert lost == {("allocate", REQUEST, "createIfNew"), ("checkout", REQUEST, "pin")}
    assert "No test covers this any more: allocate Request createIfNew" in words
    assert "make conformance" in words[-1]


def test_one_test_of_several_may_go() -> None:
    notes = {OTHER: NOTES[OTHER] | NOTES[OWN]}
    assert compare(render(NOTES), notes) == (set(), [])


def test_new_coverage_is_a_hint_only() -> None:
    lost, words = compare(render({OWN: NOTES[OWN]}), NOTES)
    assert lost == set()
    assert [word[:37] for word in words] == ["New under test since docs/conformance"]


def test_calls_of_unknown_names_count_for_their_code_alone() -> None:
    notes = {OTHER: {("renderTemplate", ERROR, "17")}}
    assert "| 17 | METHOD_NOT_FOUND | other names | merchant_api/test_log.py: test_log |" in render(notes)
    assert compare(render({}), notes) == (set(), [])
