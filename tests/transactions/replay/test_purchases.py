"""Purchase logs are read as they are."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from apps.transactions.replay.purchases import Purchase, UnreadableLog, read_purchases
from tests.transactions.replay.conftest import CDNOW


def written(folder: Path, text: str) -> Path:
    file = folder / "log"
    file.write_bytes(text.encode())
    return file


def test_the_sample_has_five_columns_and_the_sample_id_is_the_customer() -> None:
    log = read_purchases(CDNOW)
    assert log.purchases[0] == Purchase(1, "0001", datetime(1997, 1, 1, 12, tzinfo=UTC), Decimal("29.33"), "2")
    assert len(log.purchases) == 53
    assert len(log.by_customer()) == 13
    assert sum(purchase.amount for purchase in log.purchases) == Decimal("1192.39")


def test_equal_lines_and_zeros_are_purchases_of_their_own() -> None:
    log = read_purchases(CDNOW)
    same = [each for each in log.by_customer()["0147"] if each.at.date().isoformat() == "1997-07-31"]
    assert [each.amount for each in same] == [Decimal("9.77")] * 2
    assert same[0].row != same[1].row
    assert log.by_customer()["0087"][0].amount == 0


def test_the_master_file_has_four_columns(tmp_path: Path) -> None:
    log = read_purchases(written(tmp_path, " 00001 19970101  1   11.77\r\n 00002 19970112  5   77.00\r\n"))
    assert [(each.customer, each.amount) for each in log.purchases] == [
        ("00001", Decimal("11.77")),
        ("00002", Decimal("77.00")),
    ]


def test_csv_has_a_header_in_any_order(tmp_path: Path) -> None:
    text = 'Amount,shop,Customer,date\n"3.50",x,Ada,2024-02-29\n1,y,Bob,2024-03-01T08:00:00+02:00\n'
    log = read_purchases(written(tmp_path, text))
    assert list(log.purchases) == [
        Purchase(2, "Ada", datetime(2024, 2, 29, 12, tzinfo=UTC), Decimal("3.50")),
        Purchase(3, "Bob", datetime(2024, 3, 1, 6, tzinfo=UTC), Decimal(1)),
    ]


def test_a_customers_purchases_are_put_in_the_order_of_time(tmp_path: Path) -> None:
    text = "customer,date,amount,quantity\nAda,2024-02-02,2,1\nBob,2024-01-01,9,1\nAda,2024-02-01,1,1\n"
    found = read_purchases(written(tmp_path, text)).by_customer()
    assert list(found) == ["Ada", "Bob"]
    assert [each.row for each in found["Ada"]] == [4, 2]


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    first = read_purchases(written(tmp_path, "1 19970101 1 5.00\n")).digest
    assert read_purchases(written(tmp_path, "1 19970101 1 5.00\n")).digest == first
    assert read_purchases(written(tmp_path, "1 19970101 1 5.01\n")).digest != first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "missing: customer, date, amount"),
        ("customer,date,amount\n", "no purchase"),
        ("who,when,what\n", "customer, date, amount"),
        ("1 19970101 1 5.00\n1 19970101 1\n", "Line 2"),
        ("1 19971301 1 5.00\n", "Line 1"),
        ("customer,date,amount\nAda,2024-01-01,-3\n", "below zero"),
        ("customer,date,amount\nAda,2024-01-01,NaN\n", "below zero"),
        ("customer,date,amount\n,2024-01-01,3\n", "Line 2 names no customer"),
        ("customer,date,amount\nAda,2024-01-01\n", "Line 2"),
    ],
)
def test_what_is_no_purchase_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnreadableLog, match=said):
        read_purchases(written(tmp_path, text))
