"""Past movements come in by the ordinary verbs, at their own moments."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from apps.checkouts.models import Checkout, Line
from apps.facts.models import Purchases
from apps.jobs.operations import run_import as frame
from apps.ledger.models import Entry, Lot
from apps.requestlog.core.kinds import Origin
from apps.requestlog.models import Key, Operation
from apps.transactions.imports import transactions as module
from tests.merchant_api.steady import close_books
from tests.shop import Shop
from tests.transactions.imports.files import job_of, run, state, written

HEADER = (
    "cardNumber,date,type,balanceType,balanceCode,amount,expires,total,currency,location,terminal,sku,quantity,unitPrice,"
    "externalTransactionId,reference"
)
COLUMNS = HEADER.split(",")


@pytest.fixture
def card(acme: Shop, tmp_path: Path) -> str:
    """A card without value, activated at the end of 2023."""
    header = "cardNumber,cardSetId,location,activationDate"
    run(acme, written(tmp_path, header, "7001,gift-cards,main-street,2023-12-31 00:00:00"), "cards")
    return "7001"


def row(**cells: str) -> str:
    known = {"cardNumber": "7001", "location": "main-street"} | cells
    assert set(known) <= set(COLUMNS)
    return ",".join(known.get(name, "") for name in COLUMNS)


def issue(day: str, amount: str, **more: str) -> str:
    usd = {"balanceType": "Currency", "balanceCode": "USD", "amount": amount}
    return row(**{"date": f"2024-{day} 12:00:00", "type": "issue"} | usd | more)


def redeem(day: str, amount: str, **more: str) -> str:
    return issue(day, amount, type="redeem", **more)


def bought(day: str, **more: str) -> str:
    return row(**{"date": f"2024-{day} 12:00:00", "type": "checkout"} | more)


def test_issues_and_redemptions_happen_at_their_own_moments(acme: Shop, card: str, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEADER,
        issue("01-05", "50", expires="2199-01-01 00:00:00"),
        redeem("02-06", "20.5", terminal="till-1"),
    )

    assert run(acme, path, "transactions").code == 0

    first, second = Entry.objects.filter(brand=acme.brand).order_by("seq")
    assert (first.occurred_at, first.booked_on) == (datetime(2024, 1, 5, 12, tzinfo=UTC), date(2024, 1, 5))
    assert (second.amount, second.booked_on) == (Decimal("-20.5"), date(2024, 2, 6))
    assert Lot.objects.get(brand=acme.brand).expires_at == datetime(2199, 1, 1, tzinfo=UTC)
    assert acme.free(card) == Decimal("29.5")
    operation = Operation.objects.filter(brand=acme.brand, origin=Origin.IMPORT).latest("occurred_at")
    assert (operation.terminal_id, operation.note) == (acme.terminal.pk, f"import {job_of(acme).pk}, line 3")


def test_rows_with_one_reference_are_one_checkout(acme: Shop, card: str, tmp_path: Path) -> None:
    usd = {"balanceType": "Currency", "balanceCode": "USD", "amount": "10"}
    path = written(
        tmp_path,
        HEADER,
        issue("01-05", "50"),
        bought("02-01", reference="A", sku="hat", unitPrice="20", externalTransactionId="r-1", **usd),
        bought("02-01", reference="A", sku="tea", quantity="3", unitPrice="1.5"),
        bought("03-01", reference="B", total="7", currency="USD", externalTransactionId="r-2"),
    )

    assert run(acme, path, "transactions").code == 0

    first, second = Checkout.objects.filter(brand=acme.brand).order_by("happened_at")
    assert (first.total, second.total) == (Decimal("24.5"), Decimal(7))
    assert first.happened_at == datetime(2024, 2, 1, 12, tzinfo=UTC)
    assert acme.free(card) == Decimal(40)
    lines = Line.objects.filter(brand=acme.brand).values_list("operation_id", "sku", "quantity")
    assert set(lines) == {(first.pk[1], "hat", Decimal(1)), (first.pk[1], "tea", Decimal(3))}


def test_facts_follow_from_the_movements(acme: Shop, card: str, tmp_path: Path) -> None:
    run(acme, written(tmp_path, HEADER, bought("02-01", total="7"), bought("03-01", total="8")), "transactions")

    purchases = Purchases.objects.get(brand=acme.brand)
    assert purchases.last_at == datetime(2024, 3, 1, 12, tzinfo=UTC)


def test_anonymous_checkouts_need_no_card(acme: Shop, tmp_path: Path) -> None:
    assert run(acme, written(tmp_path, HEADER, bought("02-01", cardNumber="", total="7")), "transactions").code == 0

    assert Checkout.objects.get(brand=acme.brand).wallet_id is None
    assert job_of(acme).receipt["counted"] == {"(no card)": {"checkout": "1"}}


def test_control_totals_are_what_moved(acme: Shop, card: str, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, issue("01-05", "50"), redeem("01-06", "20.25"), redeem("01-07", "30"))

    rehearsed, done = run(acme, path, "transactions", "--dry-run"), run(acme, path, "transactions")

    assert rehearsed.refused == done.refused == [(4, "")]
    assert rehearsed.problems == done.problems == ["The card does not hold enough balance of this type."]
    receipt = job_of(acme).receipt
    assert receipt["balances"] == receipt["after"] == {"gift-cards": {"Currency USD": "29.75"}}
    assert receipt["counted"] == {"gift-cards": {"issue": "1", "redeem": "1"}}
    assert "gift-cards  Currency USD  29.75" in rehearsed.output


BAD = [
    ({"type": "gift"}, "type"),
    ({"date": ""}, "date"),
    ({"date": "2024-01-05"}, "date"),
    ({"date": "2199-01-05 12:00:00"}, "date"),
    ({"date": "1800-01-05 12:00:00"}, "date"),
    ({"date": "2023-12-30 12:00:00"}, ""),
    ({"cardNumber": ""}, "cardNumber"),
    ({"cardNumber": "nobody"}, ""),
    ({"location": ""}, "location"),
    ({"location": "nowhere"}, "location"),
    ({"terminal": "till-9"}, "terminal"),
    ({"balanceType": ""}, "balanceType"),
    ({"balanceType": "Money"}, "balanceType"),
    ({"balanceCode": ""}, ""),
    ({"balanceCode": "EUR"}, ""),
    ({"amount": ""}, "amount"),
    ({"amount": "0"}, ""),
    ({"amount": "-5"}, "amount"),
    ({"amount": "1.001"}, ""),
    ({"amount": "100001"}, ""),
    ({"expires": "2024-01-01 00:00:00"}, "expires"),
    ({"type": "redeem", "expires": "2199-01-01 00:00:00"}, ""),
    ({"sku": "hat"}, "sku"),
    ({"total": "5"}, "total"),
    ({"externalTransactionId": "x" * 129}, "externalTransactionId"),
]
BAD_CHECKOUTS = [
    ({}, ""),
    ({"total": "x"}, "total"),
    ({"total": "5", "currency": "EUR"}, "currency"),
    ({"sku": "hat"}, "unitPrice"),
    ({"sku": "hat", "unitPrice": "5", "quantity": "some"}, "quantity"),
    ({"unitPrice": "5"}, "unitPrice"),
    ({"quantity": "5", "total": "5"}, "quantity"),
    ({"total": "5", "amount": "5"}, "balanceType"),
    ({"total": "5", "balanceType": "Points"}, "amount"),
    ({"total": "5", "amount": "6", "balanceType": "Currency", "balanceCode": "USD"}, ""),
    ({"total": "5", "amount": "5", "balanceType": "Currency", "balanceCode": "USD"}, ""),
    ({"total": "5", "expires": "2199-01-01 00:00:00"}, "expires"),
    ({"cardNumber": "", "total": "5", "amount": "5", "balanceType": "Points"}, ""),
]


@pytest.mark.parametrize(("changes", "column"), BAD, ids=lambda each: str(each)[:60])
def test_a_bad_movement_is_told_and_moves_nothing(
    acme: Shop, card: str, tmp_path: Path, changes: dict[str, str], column: str
) -> None:
    _refused(acme, written(tmp_path, HEADER, issue("01-05", **{"amount": "50"} | changes)), column)


@pytest.mark.parametrize(("changes", "column"), BAD_CHECKOUTS, ids=lambda each: str(each)[:60])
def test_a_bad_checkout_is_told_and_moves_nothing(
    acme: Shop, card: str, tmp_path: Path, changes: dict[str, str], column: str
) -> None:
    _refused(acme, written(tmp_path, HEADER, bought("01-05", **changes)), column)


def _refused(shop: Shop, path: Path, column: str) -> None:
    before = {table: each for table, each in state(shop).items() if table != "jobs_job"}

    rehearsed, done = run(shop, path, "transactions", "--dry-run"), run(shop, path, "transactions")

    assert rehearsed.refused == done.refused == [(2, column)]
    assert rehearsed.problems == done.problems
    assert {table: each for table, each in state(shop).items() if table != "jobs_job"} == before


def test_a_checkout_is_refused_as_a_whole(acme: Shop, card: str, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEADER,
        bought("01-05", reference="A", sku="hat", unitPrice="5"),
        bought("01-05", reference="A", sku="tea"),
        bought("01-06", reference="A", sku="tea", unitPrice="1"),
    )

    assert run(acme, path, "transactions").refused == [(2, ""), (3, "unitPrice"), (4, "date")]
    assert not Checkout.objects.filter(brand=acme.brand).exists()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_that_cannot_be_read_takes_the_checkout_beside_it_along(
    acme: Shop, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    monkeypatch.setattr(module.TransactionsImporter, "batch_rows", 2)
    rows = [bought("01-05", reference="A", sku="hat", unitPrice=price) for price in ("5", "6", "7")]
    rows[place] += ",1"
    path = written(tmp_path, HEADER, bought("01-04", total="3"), *rows, bought("01-06", total="4"))

    rehearsed, done = run(acme, path, "transactions", "--dry-run"), run(acme, path, "transactions")

    assert rehearsed.refused == done.refused == [(3, ""), (4, ""), (5, "")]
    totals = Checkout.objects.filter(brand=acme.brand).order_by("happened_at").values_list("total", flat=True)
    assert list(totals) == [3, 4]


def test_value_does_not_move_before_what_is_booked(acme: Shop, card: str, tmp_path: Path) -> None:
    path = written(
        tmp_path, HEADER, issue("02-05", "50"), redeem("01-06", "5"), bought("01-07", total="5"), redeem("02-06", "5")
    )

    rehearsed, done = run(acme, path, "transactions", "--dry-run"), run(acme, path, "transactions")

    assert rehearsed.refused == done.refused == [(3, "")]
    assert "last movement of the card" in done.problems[0]


def test_closed_books_take_nothing(acme: Shop, card: str, tmp_path: Path) -> None:
    close_books(acme, through=datetime(2024, 1, 31, tzinfo=UTC))

    path = written(tmp_path, HEADER, issue("01-31", "5"), issue("02-01", "6"))

    assert run(acme, path, "transactions").refused == [(2, "date")]
    assert acme.free(card) == Decimal(6)


def test_rows_that_were_done_before_a_crash_move_nothing_twice(
    acme: Shop, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [issue("01-05", "50"), redeem("01-06", "20"), bought("01-07", total="3"), redeem("01-08", "1")]
    real, calls = module.checkout, 0

    def crashes_once(**more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("power cut")
        return real(**more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "checkout", crashes_once)
    path = written(tmp_path, HEADER, *rows)
    with pytest.raises(RuntimeError):
        run(acme, path, "transactions")
    assert acme.free(card) == Decimal(30)

    assert run(acme, path, "transactions").code == 0

    assert acme.free(card) == Decimal(29)
    assert Key.objects.filter(brand=acme.brand).count() == 4
    assert job_of(acme).receipt["balances"] == {"gift-cards": {"Currency USD": "29.00"}}


def test_a_row_that_was_done_before_a_crash_is_not_refused_because_the_books_were_closed_since(
    acme: Shop, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, HEADER, issue("01-05", "50"), issue("01-06", "oops"))
    with monkeypatch.context() as patched, pytest.raises(TypeError):
        patched.setattr(frame, "advance_job", None)
        run(acme, path, "transactions")
    close_books(acme, through=datetime(2024, 1, 31, tzinfo=UTC))

    assert [line for line, _ in run(acme, path, "transactions").refused] == [3, 3]

    assert acme.free(card) == Decimal(50)
    assert job_of(acme).receipt["counted"] == {"(done before it was cut off)": {"rows that could not be done now": "1"}}


def test_a_dry_run_writes_nothing(acme: Shop, card: str, tmp_path: Path) -> None:
    before = state(acme)

    run(acme, written(tmp_path, HEADER, issue("01-05", "50"), bought("01-06", total="2")), "transactions", "--dry-run")

    assert state(acme) == before


def test_a_batch_does_not_part_a_checkout(
    acme: Shop, card: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.TransactionsImporter, "batch_rows", 2)
    rows = [bought("01-05", total="1")] + [bought("01-06", reference="A", sku="s", unitPrice="1") for _ in range(3)]

    run(acme, written(tmp_path, HEADER, *rows, bought("01-07", total="9")), "transactions")

    totals = Checkout.objects.filter(brand=acme.brand).order_by("happened_at").values_list("total", flat=True)
    assert list(totals) == [1, 3, 9]


def test_the_other_brand_is_not_touched(acme: Shop, charlie: Shop, card: str, tmp_path: Path) -> None:
    theirs = charlie.card("theirs")
    before = state(charlie)

    assert run(acme, written(tmp_path, HEADER, issue("01-05", "5", cardNumber=theirs)), "transactions").refused
    assert state(charlie) == before
