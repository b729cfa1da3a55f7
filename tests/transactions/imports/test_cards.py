"""Cards come in with their PINs and balances, and are cards like any other from then on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from apps.cards.models import Card
from apps.facts.models import Visits
from apps.jobs.core.receipt import AGREES
from apps.kernel.db.hot import hot_cursor
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry, Wallet
from apps.programs.operations.create_value_type import create_value_type
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.models import Operation
from apps.transactions.imports.books import balances
from tests.merchant_api.steady import close_books
from tests.shop import Shop, usd
from tests.transactions.imports.files import job_of, run, state, written

HEADER = "cardNumber,cardSetId,pin,status,location,activationDate,customCardNumber,enrollmentDate,balance:Currency:USD"
FULL = "7001,gift-cards,0042,Activated,harbour,2024-03-01 10:00:00,old-7,2024-03-02 11:00:00,25.50"


def operations(shop: Shop, number: str) -> list[Operation]:
    card = Card.objects.get(brand=shop.brand, number=number)
    return list(Operation.objects.filter(brand=shop.brand, family_id=card.family_id))


def test_a_card_has_all_that_its_row_says(acme: Shop, tmp_path: Path) -> None:
    assert run(acme, written(tmp_path, HEADER, FULL), "cards").code == 0

    body = {
        "filters": {"cardNumber": "7001"},
        "returnFields": {"balances": True, "pin": True, "customCardNumber": True},
    }
    found = acme.ok("search", body)["cards"][0]
    assert (found["cardNumber"], found["cardSetId"], found["pin"]) == ("7001", "gift-cards", "0042")
    assert found["balances"][0]["amount"] == Decimal("25.50")
    card = Card.objects.get(brand=acme.brand, number="7001")
    assert card.activated_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert card.enrolled_at == datetime(2024, 3, 2, 11, tzinfo=UTC)
    assert card.custom_number == "old-7"
    wallet = Wallet.objects.get(brand=acme.brand, id=card.wallet_id)
    assert wallet.owner_location_id == acme.other_location.pk


def test_the_opening_balance_is_an_adjustment_at_the_owner_on_the_day_of_the_import(acme: Shop, tmp_path: Path) -> None:
    run(acme, written(tmp_path, HEADER, FULL), "cards")

    entry, job = Entry.objects.get(brand=acme.brand), job_of(acme)
    assert entry.kind == EntryKind.ADJUST
    assert (entry.occurred_at, entry.booked_on) == (job.started_at, job.started_at.date())
    assert (entry.location_id, entry.owner_location_id) == (acme.other_location.pk, acme.other_location.pk)
    assert (entry.program_id, entry.card_set_id, entry.is_demo) == (acme.gift.pk, acme.gift_set.pk, False)
    (operation,) = operations(acme, "7001")
    assert (operation.origin, operation.call_type) == (Origin.IMPORT, CallType.ALLOCATE)
    assert operation.note == f"import {job.pk}, line 2"


def test_in_closed_books_it_is_booked_on_the_first_open_day(acme: Shop, tmp_path: Path) -> None:
    ahead = datetime.now(UTC) + timedelta(days=3)
    close_books(acme, through=ahead)

    run(acme, written(tmp_path, HEADER, FULL), "cards")

    assert Entry.objects.get(brand=acme.brand).booked_on == ahead.date() + timedelta(days=1)


def test_a_card_without_balance_counts_as_allocated_at_its_activation(acme: Shop, tmp_path: Path) -> None:
    run(acme, written(tmp_path, HEADER, FULL.removesuffix("25.50") + "0.00"), "cards")

    (operation,) = operations(acme, "7001")
    assert operation.call_type == CallType.ALLOCATE
    assert operation.occurred_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert not Entry.objects.filter(brand=acme.brand).exists()


def test_history_shows_the_import_and_calls_work_on_the_card(acme: Shop, tmp_path: Path) -> None:
    run(acme, written(tmp_path, HEADER, FULL), "cards")

    acme.redeem("7001", "5.50")
    acme.ok("updateBalance", usd("7001", "redeem", 1), forcePinValidation="true", pin="0042")

    assert acme.free("7001") == Decimal(19)
    history = acme.ok("cardHistory", {"cardNumber": "7001", "sortMostRecentFirst": False})
    assert [each["callType"] for each in history["transactions"]] == ["ALLOCATE", "UPDATE_BALANCE", "UPDATE_BALANCE"]
    assert history["transactions"][0]["balanceUpdates"][0]["amount"] == Decimal("25.50")


def test_several_value_types_and_their_expiry(acme: Shop, tmp_path: Path) -> None:
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Custom", balance_code="STAR", scale=0)
    header = "cardNumber;cardSetId;balance:Currency:USD;balance:Custom:STAR;expires:Custom:STAR;balance:Points"
    path = written(
        tmp_path, header, "1;gift-cards;7;9;2199-01-01 00:00:00;", "2;gift-cards;3;;;", "3;loyalty-cards;;;;120"
    )

    assert run(acme, path, "cards", "--location", "harbour").code == 0

    (dollars, stars), (points,) = acme.balances("1"), acme.balances("3")
    assert (dollars["amount"], stars["amount"], points["amount"]) == (7, 9, 120)
    body = {"filters": {"cardNumber": "1"}, "returnFields": {"balances": True, "balanceExpirations": True}}
    assert acme.ok("search", body)["cards"][0]["balances"][1]["balanceExpiration"] == 7226582400000
    seqs = (
        Entry.objects.filter(brand=acme.brand).order_by("wallet_id", "seq").values_list("seq", "lot_no", "mutation_no")
    )
    assert list(seqs) == [(1, 1, 1), (2, 2, 2), (1, 1, 1), (1, 1, 1)]


def test_inventory_is_made_without_wallet_and_can_be_allocated(acme: Shop, tmp_path: Path) -> None:
    header = "cardNumber,cardSetId,status,pin"
    run(acme, written(tmp_path, header, "9001,gift-cards,Inventory,7", "9002,gift-cards,Distributed,"), "cards")

    assert acme.ok("allocate", {"cardNumber": "9001"})["pin"] == "0007"
    assert list(Card.objects.filter(brand=acme.brand, number="9002").values_list("status", "wallet_id")) == [(2, None)]


def test_every_other_status_keeps_its_balance_and_demo_stays_demo(acme: Shop, tmp_path: Path) -> None:
    statuses = ("Demo", "Suspended", "Lost", "Stolen", "Expired", "Closed")
    rows = [f"s-{status},gift-cards,{status},main-street,10" for status in statuses]

    assert (
        run(acme, written(tmp_path, "cardNumber,cardSetId,status,location,balance:Currency:USD", *rows), "cards").code
        == 0
    )

    assert acme.free("s-Demo") == Decimal(10)
    assert acme.post("updateBalance", usd("s-Lost", "redeem", 1)).code == 11
    assert Entry.objects.filter(brand=acme.brand, is_demo=True).count() == 1


def test_the_receipt_tells_who_when_what_and_that_the_ledger_agrees(acme: Shop, tmp_path: Path) -> None:
    acme.issue(acme.card(), 5)
    path = written(tmp_path, HEADER, FULL, "7001,gift-cards,,,harbour,,,,4", "7003,gift-cards,,,main-street,,,,4.5")

    done = run(acme, path, "cards", "--location", "harbour")

    receipt = job_of(acme).receipt
    assert done.code == 1
    assert (receipt["rowsDone"], receipt["rowsRefused"], receipt["agrees"]) == (2, 1, True)
    assert receipt["counted"] == {"gift-cards": {"cards Activated": "2"}}
    assert receipt["balances"] == receipt["booked"] == {"gift-cards": {"Currency USD": "30.00"}}
    assert receipt["before"] == {"gift-cards": {"Currency USD": "5.00"}}
    assert receipt["after"] == {"gift-cards": {"Currency USD": "35.00"}}
    text = path.with_name(f"{path.name}.receipt.txt").read_text()
    for said in (str(path), receipt["sha256"], receipt["by"], acme.brand.code, "location harbour", AGREES):
        assert said in text
    assert text in done.output


def test_a_dry_run_says_all_of_it_and_writes_nothing(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, FULL, FULL, "7003,gift-cards,,,main-street,,,,4.5")
    before = state(acme)

    rehearsed = run(acme, path, "cards", "--dry-run")

    assert state(acme) == before
    assert rehearsed.refused == [(3, "cardNumber")]
    assert "gift-cards  Currency USD  30.00" in rehearsed.output
    assert "Nothing was written." in rehearsed.output
    assert not path.with_name(f"{path.name}.receipt.txt").exists()


def test_the_other_brand_is_not_touched_and_may_have_the_same_numbers(
    acme: Shop, charlie: Shop, tmp_path: Path
) -> None:
    charlie.issue(charlie.card("7001"), 3)
    before = state(charlie)

    path = written(tmp_path, HEADER, FULL)
    run(acme, path, "cards")

    assert state(charlie) == before
    assert run(charlie, path, "cards").refused == [(2, "cardNumber")]
    assert charlie.free("7001") == Decimal(3)


def test_an_imported_balance_is_no_visit_and_no_till_can_void_it(acme: Shop, tmp_path: Path) -> None:
    run(acme, written(tmp_path, HEADER, FULL), "cards")

    (operation,) = operations(acme, "7001")
    assert acme.post("voidTransaction", {"cardNumber": "7001", "requestRef": str(operation.pk[1])}).code == 31
    assert not Visits.objects.filter(brand=acme.brand).exists()
    assert acme.free("7001") == Decimal("25.50")


def test_balances_in_a_value_type_that_was_made_since_the_last_batch_are_told(acme: Shop) -> None:
    before = fresh_configuration(acme.brand.code)
    assert before is not None
    create_value_type(brand=acme.brand, program=acme.gift, balance_type="Custom", balance_code="STAR", scale=0)
    stars = {"balanceType": "Custom", "balanceCode": "STAR", "amount": 3}
    acme.ok("updateBalance", {"cardNumber": acme.card(), "action": "issue", "amount": stars})

    assert balances(hot_cursor(), before).as_json() == {"gift-cards": {"Custom STAR": "3"}}
