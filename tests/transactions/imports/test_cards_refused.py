"""Every cell of a card file that cannot be right is told, and its row is left out."""

from pathlib import Path

import pytest

from apps.cards.models import Card
from apps.programs.models import CardSet
from apps.programs.operations.create_value_type import create_value_type
from apps.transactions.imports.cards import CardsImporter
from tests.shop import Shop
from tests.transactions.imports.files import errors_of, job_of, refusal, run, state, written

GOOD = {
    "cardNumber": "7001",
    "cardSetId": "gift-cards",
    "pin": "1234",
    "status": "Activated",
    "location": "main-street",
    "activationDate": "2024-03-01 10:00:00",
    "customCardNumber": "",
    "enrollmentDate": "",
    "balance:Currency:USD": "25.50",
    "expires:Currency:USD": "2199-01-01 00:00:00",
    "balance:Points": "",
}
BAD = [
    ({"cardNumber": ""}, "cardNumber"),
    ({"cardNumber": "7 001"}, "cardNumber"),
    ({"cardNumber": "7" * 65}, "cardNumber"),
    ({"cardSetId": "nothing"}, "cardSetId"),
    ({"cardSetId": ""}, "cardSetId"),
    ({"pin": "12345"}, "pin"),
    ({"pin": "12a4"}, "pin"),
    ({"pin": "١٢٣٤"}, "pin"),
    ({"cardSetId": "loyalty-cards", "balance:Currency:USD": ""}, "pin"),
    ({"status": "activated"}, "status"),
    ({"location": "nowhere"}, "location"),
    ({"location": ""}, "location"),
    ({"status": "Inventory", "location": "nowhere", "activationDate": "", "balance:Currency:USD": ""}, "location"),
    ({"activationDate": "2024-03-01"}, "activationDate"),
    ({"activationDate": "2024-02-30 10:00:00"}, "activationDate"),
    ({"activationDate": "2199-03-01 10:00:00"}, "activationDate"),
    ({"activationDate": "1800-03-01 10:00:00"}, "activationDate"),
    ({"status": "Inventory", "balance:Currency:USD": ""}, "activationDate"),
    ({"enrollmentDate": "2199-03-01 10:00:00"}, "enrollmentDate"),
    ({"customCardNumber": "x" * 65}, "customCardNumber"),
    ({"balance:Currency:USD": "-1"}, "balance:Currency:USD"),
    ({"balance:Currency:USD": "1,000.00"}, "balance:Currency:USD"),
    ({"balance:Currency:USD": "$5"}, "balance:Currency:USD"),
    ({"balance:Currency:USD": "NaN"}, "balance:Currency:USD"),
    ({"balance:Currency:USD": "1e3"}, "balance:Currency:USD"),
    ({"balance:Currency:USD": "1.001"}, "balance:Currency:USD"),
    ({"balance:Currency:USD": "100000.01"}, "balance:Currency:USD"),
    ({"balance:Currency:USD": "1234567890123"}, "balance:Currency:USD"),
    ({"balance:Points": "5"}, "balance:Points"),
    ({"status": "Distributed", "activationDate": ""}, "balance:Currency:USD"),
    ({"status": "Transfer"}, "balance:Currency:USD"),
    ({"expires:Currency:USD": "2020-01-01 00:00:00"}, "expires:Currency:USD"),
    ({"expires:Currency:USD": "soon"}, "expires:Currency:USD"),
]


def row(**changes: str) -> str:
    return ",".join(f'"{cell}"' for cell in (GOOD | changes).values())


@pytest.mark.parametrize(("changes", "column"), BAD, ids=lambda each: str(each)[:60])
def test_a_bad_cell_is_told_and_nothing_is_made(
    acme: Shop, tmp_path: Path, changes: dict[str, str], column: str
) -> None:
    path = written(tmp_path, ",".join(GOOD), row(**changes))

    rehearsed, done = run(acme, path, "cards", "--dry-run"), run(acme, path, "cards")

    assert rehearsed.refused == done.refused == [(2, column)]
    assert rehearsed.problems == done.problems
    assert done.code == 1
    assert not Card.objects.filter(brand=acme.brand).exists()


def test_all_faults_of_a_row_are_told_at_once(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, ",".join(GOOD), row(pin="x", location="nowhere", cardNumber="?"))

    assert run(acme, path, "cards", "--dry-run").refused == [(2, "cardNumber"), (2, "location"), (2, "pin")]


def test_a_number_that_the_brand_has_is_refused_and_the_others_come_in(acme: Shop, tmp_path: Path) -> None:
    acme.card("7001")
    path = written(tmp_path, ",".join(GOOD), row(), row(cardNumber="7002"), row(cardNumber="7002"))

    done = run(acme, path, "cards")

    assert done.refused == [(2, "cardNumber"), (4, "cardNumber")]
    assert done.problems == ["There is a card with this number already.", "The number stands in an earlier row."]
    assert set(Card.objects.filter(brand=acme.brand).values_list("number", flat=True)) == {"7001", "7002"}


def test_a_refused_row_does_not_keep_its_number_from_a_later_one(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, ",".join(GOOD), row(pin="x"), row())

    assert run(acme, path, "cards", "--dry-run").refused == [(2, "pin")]
    assert run(acme, path, "cards").refused == [(2, "pin")]


def test_a_card_set_that_is_switched_off_takes_no_cards(acme: Shop, tmp_path: Path) -> None:
    CardSet.objects.filter(pk=acme.gift_set.pk).update(is_active=False)

    assert run(acme, written(tmp_path, ",".join(GOOD), row()), "cards").refused == [(2, "cardSetId")]


def test_the_error_file_masks_pins_and_disarms_formulas(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, ",".join(GOOD), row(cardNumber="=1+1", pin="98765"))

    run(acme, path, "cards")

    errors = path.with_name(f"{path.name}.errors.csv")
    assert "98765" not in errors.read_text()
    assert [each[3][:22] for each in errors_of(errors)] == ["'=1+1,gift-cards,****,"] * 2
    assert errors.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("cardNumber", "missing columns: cardSetId"),
        ("cardNumber,cardSetId,balance:Currency:EUR", "unknown columns: balance:Currency:EUR"),
        ("cardNumber,cardSetId,pin,pin", "stand there twice: pin"),
        ("cardNumber,cardSetId,owner", "unknown columns: owner"),
    ],
)
def test_a_header_with_other_columns_refuses_the_file(acme: Shop, tmp_path: Path, header: str, said: str) -> None:
    before = state(acme)
    path = written(tmp_path, header, "1,gift-cards,,")

    assert said in refusal(acme, path, "cards")
    assert said in refusal(acme, path, "cards", "--dry-run")
    assert state(acme) == before


def test_unknown_brands_and_locations_and_missing_files_are_refused(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, ",".join(GOOD), row())

    assert "no location 'nowhere'" in refusal(acme, path, "cards", "--location", "nowhere")
    assert "No such file" in refusal(acme, tmp_path / "none.csv", "cards")


def test_it_stops_after_so_many_errors_and_goes_on_when_asked_again(
    acme: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CardsImporter, "batch_rows", 1)
    path = written(tmp_path, ",".join(GOOD), row(pin="x"), row())

    stopped = run(acme, path, "cards", "--stop-after-errors", "1")

    assert stopped.code == 1
    assert (job_of(acme).state, job_of(acme).rows_refused) == ("interrupted", 1)
    assert "not complete" in stopped.output
    assert run(acme, path, "cards").refused == [(2, "pin")]
    assert (job_of(acme).state, job_of(acme).rows_done) == ("done", 1)


def test_a_dry_run_stops_too(acme: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CardsImporter, "batch_rows", 1)
    path = written(tmp_path, ",".join(GOOD), row(pin="x"), row(pin="y"))

    assert run(acme, path, "cards", "--dry-run", "--stop-after-errors", "1").refused == [(2, "pin")]


def test_value_types_made_later_are_known_at_once(acme: Shop, tmp_path: Path) -> None:
    header, line = "cardNumber,cardSetId,location,balance:Custom:STAR", "1,gift-cards,harbour,4"
    assert "unknown columns" in refusal(acme, written(tmp_path, header, line), "cards")

    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Custom", balance_code="STAR", scale=0)

    assert run(acme, written(tmp_path, header, line), "cards").code == 0
