"""A file is looked at as a whole before anything is made of it."""

import hashlib
from pathlib import Path

import pytest

from apps.jobs.core.header import WrongHeader
from apps.jobs.queries.inspect_file import NotUtf8, inspect_file


def seen(tmp_path: Path, content: bytes) -> object:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return inspect_file(path)


def test_digest_size_columns_and_where_the_rows_begin(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfsku;name\nx;\xc3\xa9\n"

    file = seen(tmp_path, content)

    assert (file.digest, file.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (file.delimiter, file.names, file.body) == (";", ("sku", "name"), 12)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"sku\na\nCaf\xe9\n", 3),
        ("sku\na\n".encode("utf-16"), 1),
        ("sku\na\n".encode("utf-16-le"), 1),
        (b"sku\na\nb\xc3", 3),
        (b"sku\n" + b"a" * (1 << 20) + b"\n\xff\n", 3),
    ],
)
def test_another_encoding_is_refused_with_the_line(tmp_path: Path, content: bytes, line: int) -> None:
    with pytest.raises(NotUtf8, match=f"Line {line} is not UTF-8"):
        seen(tmp_path, content)


def test_a_character_may_lie_across_two_reads(tmp_path: Path) -> None:
    content = b"sku\n" + b"a" * ((1 << 20) - 5) + "é\n".encode()

    assert seen(tmp_path, content).size == len(content)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongHeader):
        seen(tmp_path, b"")
