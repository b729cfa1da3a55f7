"""Files of coupons."""

from datetime import UTC, datetime

import pytest

from apps.coupons.core.coupon_file import BadHead, BadLine, NewCoupon, read_coupons

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = "code,tags,allowed_cards,expiration"


def read(*lines: str) -> list[NewCoupon | BadLine]:
    return list(read_coupons([f"{line}\n" for line in lines], at=NOW))


def reasons(*lines: str) -> dict[int, str]:
    return {each.line: each.reason for each in read(HEAD, *lines) if isinstance(each, BadLine)}


def test_a_line_has_all_or_only_the_code() -> None:
    assert read(HEAD, "A-1,vip| online ,C1|C2,2027-06-30 23:59:59", "A-2", "", "A-3,,,") == [
        NewCoupon("A-1", ("vip", "online"), ("C1", "C2"), datetime(2027, 6, 30, 23, 59, 59, tzinfo=UTC), 2),
        NewCoupon("A-2", line=3),
        NewCoupon("A-3", line=5),
    ]


def test_columns_may_be_fewer_and_in_any_order() -> None:
    assert read("Tags, Code", "vip,A-1") == [NewCoupon("A-1", ("vip",), line=2)]
    assert read("code") == []


@pytest.mark.parametrize("head", ["", "tags", "code,colour", "code,code", 'co"de', '"code'])
def test_a_head_that_does_not_name_the_columns_is_refused(head: str) -> None:
    with pytest.raises(BadHead):
        read(head, "A-1")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (",vip", "code is 1 to 64"),
        ("ä", "code is 1 to 64"),
        ("x" * 65, "code is 1 to 64"),
        ("A,,no card", "card number"),
        ("A,,,2027-06-30", "not a moment"),
        ("A,,,2027-02-30 00:00:00", "not a moment"),
        ("A,,,2026-03-01 12:00:00", "has passed"),
        ("A,,,,", "5 cells"),
        ("A,v\0p", "NUL"),
        ('A"b"', "no CSV"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(line: str, word: str) -> None:
    (reason,) = reasons("A-1", line if line != 'A"b"' else '"A"b', "A-2").items()
    assert reason[0] == 3
    assert word in reason[1]


def test_a_code_that_stands_twice_is_bad_the_second_time() -> None:
    assert reasons("A-1", "A-2", "A-1") == {4: "The code A-1 stands in line 2 already."}
