"""A look at a whole file before anything is made of it."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from apps.jobs.core.header import WrongHeader, read_header
from apps.kernel.errors import InvalidInput

_CHUNK = 1 << 20
_BOM = codecs.BOM_UTF8


class NotUtf8(InvalidInput):
    """The file is in another encoding: nothing of it could be trusted."""


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A CSV file as it was when it was looked at. `body` is the byte where its rows begin, in line 2."""

    path: Path
    size: int
    changed_at: int
    digest: str
    delimiter: str
    names: tuple[str, ...]
    body: int


def inspect_file(path: Path) -> FileSeen:
    """Digest, size, delimiter and column names. Refuses a file that is not UTF-8 as a whole, and one without header.

    A byte-order mark is passed over.
    """
    before = path.stat()
    digest = _digest_of_text(path)
    with path.open("rb") as file:
        first = file.readline()
    delimiter, names = read_header(first.removeprefix(_BOM))
    if names in ([], [""]):
        raise WrongHeader("The file is empty, or its first line is.")
    return FileSeen(path, before.st_size, before.st_mtime_ns, digest, delimiter, tuple(names), len(first))


def _digest_of_text(path: Path) -> str:
    digest, decoder, lines = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as problem:
                raise _not_utf8(lines + chunk.count(b"\n", 0, problem.start)) from problem
            if "\0" in text:
                raise _not_utf8(lines + text.count("\n", 0, text.index("\0")))
            lines += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise _not_utf8(lines) from problem
    return digest.hexdigest()


def _not_utf8(line: int) -> NotUtf8:
    return NotUtf8(
        f"Line {line} is not UTF-8. Save the file as CSV in UTF-8 (spreadsheets call it so when saving) and try again."
    )
