"""Which tests cover which row of the contract, from what each test showed."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.conformance.contract import CONTRACT, ERROR, REQUEST, RESPONSE, Row, rows
from tests.conformance.missing import missing, missing_codes
from tests.conformance.recording import REFUSED

Notes = Mapping[str, set[Row]]
"""What each test showed, by the test's id without its parameters."""


@dataclass(frozen=True)
class Coverage:
    """Tests by row, the strongest first.

    `refused` has the request fields that were sent only in calls that were refused. `later` and `later_codes` are what
    the product does not serve yet.
    """

    tests: Mapping[Row, list[str]]
    refused: Mapping[Row, list[str]]
    later: frozenset[Row]
    later_codes: set[int]

    def rows(self) -> set[Row]:
        """All rows that are covered."""
        return set(self.tests) | set(self.refused)

    def works(self, method: str) -> bool:
        """Whether a test had a success from a method."""
        return (method, RESPONSE, "success") in self.tests

    def codes(self, method: str) -> list[int]:
        """The error codes that tests got from a method."""
        return sorted(int(code) for name, part, code in self.tests if (name, part) == (method, ERROR))


def coverage(notes: Notes) -> Coverage:
    """Sort notes by row. Input that the product does not serve cannot be covered by sending it."""
    later = missing()
    tests, refused = _by_row(notes, REFUSED, without=True), _by_row(notes, REFUSED, without=False)
    known = {
        (method, part, field.path)
        for method in CONTRACT["methods"]
        for part in (REQUEST, RESPONSE)
        for field in rows(method, part)
    }
    absent = {row for row in later if row[1] == REQUEST or (row[0], RESPONSE, "success") in later}
    counted = {row: found for row, found in tests.items() if row[1] == ERROR or row in known - absent}
    in_vain = {(method, REQUEST, path): found for (method, _, path), found in refused.items()}
    return Coverage(
        tests=counted,
        refused={row: found for row, found in in_vain.items() if row in known - absent and row not in counted},
        later=later,
        later_codes=missing_codes(),
    )


def _by_row(notes: Notes, part: str, *, without: bool) -> dict[Row, list[str]]:
    found: dict[Row, list[str]] = defaultdict(list)
    for test, noted in notes.items():
        for row in noted:
            if (row[1] == part) is not without:
                found[row].append(test)
    return {row: _strongest(tests, row[0], notes) for row, tests in found.items()}


def _strongest(tests: Iterable[str], method: str, notes: Notes) -> list[str]:
    """The method's own tests first, and among them those that are about little else."""
    return sorted(tests, key=lambda test: (_distance(test, method), len(notes[test]), test))


def _distance(test: str, method: str) -> int:
    """0 for the method's own tests, 1 for those of other methods, 2 for the rest."""
    file = test.partition("::")[0].rpartition("/")[2]
    own = "test_" + re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", method)
    if file.startswith((f"{own}.", f"{own}_")):
        return 0
    return 1 if test.startswith("tests/merchant_api/methods/") else 2
