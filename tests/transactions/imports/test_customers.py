"""The people of cards come in by the rules of updateAccount."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_type_hints

import pytest

from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.customers.core.roles import Role
from apps.customers.models import Customer, FieldValue, ThirdPartyLink
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.jobs.operations import run_import as frame
from apps.merchant_api.wire.customers import CustomerUpdates
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.models import Operation
from apps.transactions.imports import customers as module
from apps.transactions.imports.people_cells import TEXTS
from tests.shop import Shop
from tests.transactions.imports.files import job_of, run, state, written

HEADER = (
    "cardNumber,firstName,middleName,lastName,email,phone,mobilePhone,mobileOperatorId,birthday,anniversary,gender,"
    "address1,address2,city,state,postal,country,latitude,longitude"
)
ALICE = (
    ",Alice,B.,Smith,alice@example.com,(212) 555-0123,+41 44 668 18 00,31003,1990-02-28,2015-06-01,F,"
    "1 Main Street,Flat 2,New York,NY,10001,us,40.7128,-74.006"
)


def holder(shop: Shop, number: str) -> Customer:
    card = Card.objects.get(brand=shop.brand, number=number)
    return Customer.objects.get(brand=shop.brand, pk=card.customer_id)


def test_a_customer_has_all_that_the_row_says(acme: Shop, tmp_path: Path) -> None:
    card = acme.card()

    assert run(acme, written(tmp_path, HEADER, card + ALICE), "customers").code == 0

    alice = holder(acme, card)
    assert (alice.first_name, alice.middle_name, alice.last_name, alice.gender) == ("Alice", "B.", "Smith", "F")
    assert (alice.email, alice.phone, alice.mobile_phone) == ("alice@example.com", "+12125550123", "+41446681800")
    assert (alice.birthday, alice.anniversary) == (date(1990, 2, 28), date(2015, 6, 1))
    assert (alice.address1, alice.address2, alice.city, alice.state) == ("1 Main Street", "Flat 2", "New York", "NY")
    assert (alice.postal, alice.country, alice.mobile_operator_id) == ("10001", "US", "31003")
    assert (alice.latitude, alice.longitude) == (Decimal("40.7128"), Decimal("-74.006"))
    assert (alice.role, alice.card_id) == (Role.PRIMARY, Card.objects.get(brand=acme.brand, number=card).pk)


def test_search_finds_the_customer_and_history_shows_the_import(acme: Shop, tmp_path: Path) -> None:
    card = acme.card()
    run(acme, written(tmp_path, HEADER, card + ALICE), "customers")

    found = acme.ok("search", {"filters": {"email": "ALICE@example.com"}})["cards"]

    assert [each["cardNumber"] for each in found] == [card]
    operation = Operation.objects.get(brand=acme.brand, origin=Origin.IMPORT)
    assert (operation.call_type, operation.note) == (CallType.UPDATE_ACCOUNT, f"import {job_of(acme).pk}, line 2")


def test_an_empty_cell_keeps_and_clear_removes(acme: Shop, tmp_path: Path) -> None:
    card = acme.card()
    run(acme, written(tmp_path, HEADER, card + ALICE), "customers")

    header = "cardNumber,firstName,lastName,birthday,gender,phone,latitude"
    run(acme, written(tmp_path, header, f"{card},,Jones,(clear),(clear),(clear),(clear)"), "customers")

    alice = holder(acme, card)
    assert (alice.first_name, alice.last_name) == ("Alice", "Jones")
    assert (alice.birthday, alice.gender, alice.phone, alice.latitude) == (None, "", "", None)


def test_fields_of_the_brand_opt_ins_and_custom_data(acme: Shop, tmp_path: Path) -> None:
    create_demographic_field(brand=acme.brand, code="size", name="Size", data_type="decimal")
    create_demographic_field(
        brand=acme.brand, code="likes", name="Likes", data_type="string", is_multiple=True, choices=["tea", "coffee"]
    )
    card = acme.card()
    header = "cardNumber,field:size,field:likes,optIn:email,optIn:phone,optInConfirmed:email,customData"

    run(acme, written(tmp_path, header, f"{card},07.50,tea| coffee,true,false,true,x-1"), "customers")

    values = FieldValue.objects.filter(brand=acme.brand, customer_id=holder(acme, card).pk).order_by("field_id", "no")
    assert [each.value for each in values] == ["7.5", "tea", "coffee"]
    links = {each.third_party: each for each in ThirdPartyLink.objects.filter(brand=acme.brand)}
    assert (links["email"].opt_in, links["email"].opt_in_confirmed) == (True, True)
    assert (links["phone"].opt_in, links["custom"].custom_data) == (False, "x-1")
    run(acme, written(tmp_path, "cardNumber,field:size,field:likes", f"{card},(clear),coffee"), "customers")
    assert [each.value for each in values.all()] == ["coffee"]


def test_the_alternate_customer_is_another_person(acme: Shop, tmp_path: Path) -> None:
    card = acme.card()

    header = "cardNumber,firstName,alternate:firstName,alternate:phone,alternate:country"
    run(acme, written(tmp_path, header, f"{card},Alice,Bob,044 668 18 00,CH"), "customers")

    bob = Customer.objects.get(brand=acme.brand, role=Role.ALTERNATE)
    assert (bob.first_name, bob.phone, holder(acme, card).first_name) == ("Bob", "+41446681800", "Alice")


@pytest.mark.parametrize(
    ("header", "cell", "column"),
    [
        ("firstName", "x" * 41, "firstName"),
        ("email", "nobody", ""),
        ("phone", "12", ""),
        ("country", "U1", ""),
        ("birthday", "1990-02-30", "birthday"),
        ("anniversary", "01/02/2003", "anniversary"),
        ("gender", "X", "gender"),
        ("latitude", "91", "latitude"),
        ("longitude", "east", "longitude"),
        ("optIn:email", "yes", "optIn:email"),
        ("field:size", "large", "field:size"),
        ("alternate:email", "nobody", "alternate"),
        ("alternate:firstName", "x" * 41, "alternate:firstName"),
        ("customData", "", ""),
    ],
)
def test_a_bad_cell_is_told_and_nothing_changes(
    acme: Shop, tmp_path: Path, header: str, cell: str, column: str
) -> None:
    create_demographic_field(brand=acme.brand, code="size", name="Size", data_type="integer")
    path = written(tmp_path, f"cardNumber,{header}", f"{acme.card()},{cell}")

    rehearsed, done = run(acme, path, "customers", "--dry-run"), run(acme, path, "customers")

    assert rehearsed.refused == done.refused == [(2, column)]
    assert rehearsed.problems == done.problems
    assert not Customer.objects.filter(brand=acme.brand).exists()


def test_cards_that_are_unknown_or_not_active_are_told(acme: Shop, charlie: Shop, tmp_path: Path) -> None:
    lost = acme.card()
    Card.objects.filter(brand=acme.brand, number=lost).update(status=6)
    path = written(tmp_path, "cardNumber,firstName", f"{lost},Eve", f"{charlie.card()},Eve", "nobody,Eve")
    before = state(charlie)

    assert run(acme, path, "customers").refused == [(2, "cardNumber"), (3, "cardNumber"), (4, "cardNumber")]
    assert state(charlie) == before


def test_a_dry_run_writes_nothing(acme: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, acme.card() + ALICE)
    before = state(acme)

    assert "gift-cards  accounts  1" in run(acme, path, "customers", "--dry-run").output

    assert state(acme) == before


def test_rows_that_were_done_before_a_crash_have_no_second_effect(
    acme: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = [acme.card() for _ in range(4)]
    path = written(tmp_path, "cardNumber,firstName", *(f"{card},Eve" for card in cards))
    real, calls = module.update_account, 0

    def crashes_at_the_third(**more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("power cut")
        return real(**more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "update_account", crashes_at_the_third)
    with pytest.raises(RuntimeError):
        run(acme, path, "customers")
    run(acme, path, "customers")

    assert Operation.objects.filter(brand=acme.brand, origin=Origin.IMPORT).count() == 4
    assert job_of(acme).receipt["counted"] == {"gift-cards": {"accounts": "4"}}


def test_a_row_that_was_done_before_a_crash_is_not_refused_because_the_card_is_not_active_any_more(
    acme: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, "cardNumber,firstName", f"{acme.card()},Eve")
    with monkeypatch.context() as patched, pytest.raises(TypeError):
        patched.setattr(frame, "advance_job", None)
        run(acme, path, "customers")
    Card.objects.filter(brand=acme.brand).update(status=CardStatus.LOST)

    assert run(acme, path, "customers").refused == []

    assert job_of(acme).rows_done == 1


def test_texts_may_be_as_long_as_in_calls() -> None:
    hints = get_type_hints(CustomerUpdates, include_extras=True)
    for attribute, longest in TEXTS.values():
        assert f"max_length={longest}" in repr(hints[attribute]), attribute
