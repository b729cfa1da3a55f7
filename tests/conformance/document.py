"""The text of docs/conformance.md, and what it says read back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.conformance.contract import CONTRACT, ERROR, ERRORS, REQUEST, RESPONSE, Row, rows
from tests.conformance.coverage import Coverage, Notes, coverage
from tests.conformance.missing import NEVER

SHOWN, MANY = 3, 10
LATER, UNTESTED, ABSENT = "not there yet", "no test", "does not occur"
HEAD = """# Conformance

Written by `make conformance` from a run of `tests/merchant_api` and `tests/lookups`, not by hand. `make test` fails if
something that has a test here lost its last one.

A test covers a request field if it sent it with a value other than the default, a response field if it got it and
looked at it, and an error code if it got it. Only tests that pass count, and fuzzing never does. Where all tests that
sent a field were refused, it says so. Up to three tests are named, a method's own first, then those that are about
little else. A file without a folder lies in `tests/merchant_api/methods`, any other in `tests`.

A list is written like what is in it. A type within itself (a child card in a card) is not opened again. What is "not
there yet" is read from the product: from the code that reads and fills fields.
What "does not occur" is in a type because other methods use the type too.
"""


def render(notes: Notes) -> str:
    """The whole document."""
    found = coverage(notes)
    lines = [HEAD, *_summary(found), *_gaps(found), *_errors(found)]
    for method in sorted(CONTRACT["methods"]):
        lines += _method(found, method)
    return "\n".join(lines) + "\n"


def _summary(found: Coverage) -> Iterator[str]:
    methods, covered = sorted(CONTRACT["methods"]), found.rows()
    places = [
        (field.model, field.name)
        for method in methods
        for part in (REQUEST, RESPONSE)
        for field in rows(method, part)
        if (method, part, field.path) in covered
    ]
    codes = {row[2] for row in covered if row[1] == ERROR}
    yield from ("## Summary", "", "| of the contract | covered | all |", "| --- | --: | --: |")
    yield f"| methods | {sum(map(found.works, methods))} | {len(methods)} |"
    yield f"| fields | {len(set(places))} | {sum(map(len, CONTRACT['models'].values()))} |"
    yield f"| error codes | {len(codes)} | {len(ERRORS)} |"
    yield from ("", "A field counts above once, and below in each method and at each place where it occurs.", "")
    yield from ("| method | request fields | response fields | error codes |", "| --- | --: | --: | --- |")
    for method in methods:
        counts = [_count(found, method, part) for part in (REQUEST, RESPONSE)]
        yield f"| {method} | {' | '.join(counts)} | {', '.join(map(str, found.codes(method)))} |"
    yield ""


def _count(found: Coverage, method: str, part: str) -> str:
    places = [(method, part, field.path) for field in rows(method, part)]
    return f"{sum(place in found.rows() for place in places)} of {len(places)}"


def _gaps(found: Coverage) -> Iterator[str]:
    """All that is not covered, by its reason."""
    for reason in (UNTESTED, LATER, ABSENT):
        lines = [line for method in sorted(CONTRACT["methods"]) for line in _gaps_of(found, method, reason)]
        codes = [f"{code} {name}" for code, name in ERRORS.items() if _code_state(found, code) == reason]
        lines += [f"* error codes: {', '.join(codes)}"] if codes else []
        yield from (f"## Not covered: {reason}", "", *(lines or ["Nothing."]), "")


def _gaps_of(found: Coverage, method: str, reason: str) -> Iterator[str]:
    if (method, RESPONSE, "success") in found.later:
        if reason == LATER:
            yield f"* {method}: all of it"
        return
    for part in (REQUEST, RESPONSE):
        paths = _uncovered(found, method, part, reason)
        if paths:
            words = [f"`{path}`" + (f" ({NEVER[method, path]})" if reason == ABSENT else "") for path in paths]
            yield f"* {method}, {part.lower()}: {', '.join(words)}"


def _uncovered(found: Coverage, method: str, part: str, reason: str) -> list[str]:
    """Paths that are not covered for this reason; an object stands for all in it."""
    gone = [field.path for field in rows(method, part) if _state(found, (method, part, field.path)) == reason]
    whole = {path for path in gone if all(below.path in gone for below in _below(method, part, path))}
    return [path for path in gone if path.rpartition(".")[0] not in whole]


def _below(method: str, part: str, path: str) -> list[object]:
    return [field for field in rows(method, part) if field.path.startswith(f"{path}.")]


def _state(found: Coverage, row: Row) -> str | None:
    """Why a field is not covered; None if it is."""
    if row in found.rows():
        return None
    if (row[0], row[2]) in NEVER:
        return ABSENT
    return LATER if row in found.later else UNTESTED


def _code_state(found: Coverage, code: int) -> str | None:
    if any(part == ERROR and text == str(code) for _, part, text in found.tests):
        return None
    return LATER if code in found.later_codes else UNTESTED


def _errors(found: Coverage) -> Iterator[str]:
    yield from ("## Error codes", "", "| code | name | methods | tests |", "| --: | --- | --- | --- |")
    for code, name in ERRORS.items():
        methods = sorted({row[0] for row in found.tests if row[1:] == (ERROR, str(code))})
        tests = {test: None for method in methods for test in found.tests[method, ERROR, str(code)]}
        known = [method if method in CONTRACT["methods"] else "other names" for method in methods]
        yield f"| {code} | {name} | {', '.join(known)} | {_named(tests) or _code_state(found, code)} |"
    yield ""


def _method(found: Coverage, method: str) -> Iterator[str]:
    yield from (f"## {method}", "")
    if (method, RESPONSE, "success") in found.later:
        yield from (f"The method is {LATER}.", "")
    for part in (REQUEST, RESPONSE):
        yield from (f"### {part} of {method}", "", "| field | tests |", "| --- | --- |")
        for field in rows(method, part):
            yield f"| `{field.path}` | {_tests(found, (method, part, field.path))} |"
        yield ""
    codes = found.codes(method)
    if codes:
        yield from (f"### {ERROR} of {method}", "", "| code | tests |", "| --- | --- |")
        for code in codes:
            yield f"| {code} {ERRORS[code]} | {_tests(found, (method, ERROR, str(code)))} |"
        yield ""


def _tests(found: Coverage, row: Row) -> str:
    if row in found.refused:
        return f"refused only: {_named(found.refused[row])}"
    return _named(found.tests.get(row, ())) or str(_state(found, row))


def _named(tests: Iterable[str]) -> str:
    """A few tests by name and how many others there are; from ten on they are not counted, which keeps lines stable."""
    every, files = list(tests), defaultdict[str, list[str]](list)
    for test in every[:SHOWN]:
        file, _, name = test.removeprefix("tests/").removeprefix("merchant_api/methods/").partition("::")
        files[file].append(name)
    words = [f"{file}: {', '.join(names)}" for file, names in files.items()]
    if others := len(every[SHOWN:]):
        words.append("1 other" if others == 1 else f"{others} others" if others < MANY else "many others")
    return "; ".join(words)


# --- reading --------------------------------------------------------------------------------------------------------

_HEADING = re.compile(rf"### ({REQUEST}|{RESPONSE}|{ERROR}) of (\w+)")
_LINE = re.compile(r"\| (?:`([^`]+)`|(\d+) \w+) \| (.+) \|")


def read(text: str) -> dict[Row, bool]:
    """The rows of a document, and whether it says that they are covered."""
    found: dict[Row, bool] = {}
    part = method = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = _HEADING.fullmatch(line)
            part, method = heading.groups() if heading else ("", "")
        elif part and (row := _LINE.fullmatch(line)):
            found[method, part, row[1] or row[2]] = row[3] not in (LATER, UNTESTED, ABSENT)
    return found


def compare(text: str, notes: Notes) -> tuple[set[Row], list[str]]:
    """What lost its last test since the document was written, and what to tell people about the difference."""
    written, now = {row for row, covered in read(text).items() if covered}, coverage(notes).rows()
    now = {row for row in now if row[0] in CONTRACT["methods"]}
    lost = written - now
    words = [f"No test covers this any more: {' '.join(row)}" for row in sorted(lost)]
    if lost:
        words.append("Give it a test. If it went on purpose, run `make conformance` and commit docs/conformance.md.")
    elif new := len(now - written):
        words.append(f"New under test since docs/conformance.md was written: {new}. `make conformance` writes it anew.")
    return lost, words
