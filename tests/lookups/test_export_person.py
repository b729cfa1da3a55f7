"""Exporting a person: one JSON document with all that is known of her, and never the PIN."""

import json
import tracemalloc
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.cards.core.status import CardNotActive, CardNotFound
from apps.cards.models import Card
from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon, CouponSet, CouponStep
from apps.lookups.queries import export_transactions
from apps.lookups.queries.export_person import export_person
from apps.requestlog.models import Operation
from tests.merchant_api.methods.test_void_transaction import void
from tests.merchant_api.steady import NOW, pinned, rack
from tests.segments.lists import segment_of
from tests.shop import Shop
from tests.transactions.ada import NEEDLES, Ada, ada_of


@pytest.fixture
def ada(acme: Shop) -> Ada:
    return ada_of(acme)


def text_of(shop: Shop, number: str) -> str:
    parts: list[str] = []
    export_person(brand=shop.brand, card_number=number, write=parts.append)
    return "".join(parts)


def document(shop: Shop, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text_of(shop, number))
    return found


def test_everything_about_her_is_in_it(ada: Ada) -> None:
    text = text_of(ada.shop, ada.number)
    assert [needle for needle in NEEDLES if needle not in text and needle != "555-0123"] == []
    assert "(415) 555-0123" in text


def test_it_has_these_parts_always(acme: Shop) -> None:
    found = document(acme, acme.card("BARE"))
    assert list(found) == [
        "card",
        "people",
        "channelSubscriptions",
        "events",
        "transactions",
        "coupons",
        "facts",
        "segments",
        "requests",
    ]
    assert (found["people"], found["coupons"]) == ([], [])
    assert (found["card"]["cardNumber"], found["card"]["status"]) == ("BARE", "Activated")
    assert (found["card"]["cardSet"], found["card"]["program"]) == ("Gift cards", "Gift")


def test_people_come_with_their_roles_and_all_that_hangs_on_them(ada: Ada) -> None:
    people = document(ada.shop, ada.number)["people"]
    assert [each["role"] for each in people] == ["primary", "alternate", "giver", "child"]
    assert [each["childCard"] for each in people] == [None, None, None, "kid"]
    primary = people[0]
    assert (primary["firstName"], primary["lastName"], primary["phone"]) == ("Ada", "Lovelace", "+14155550123")
    assert primary["brandFields"] == {"Likes": ["loves chess"]}
    assert [each["list"] for each in primary["listOptIns"]] == ["News"]
    assert "ada-on-twitter" in [each["username"] for each in primary["thirdPartyLinks"]]
    assert [each.get("lastName") for each in primary["changes"]] == ["Byron", "Lovelace"]


def test_subscriptions_of_earlier_addresses_are_hers_unless_somebody_has_them_now(ada: Ada) -> None:
    def users() -> set[str]:
        return {each["channelUser"] for each in document(ada.shop, ada.number)["channelSubscriptions"]}

    assert users() == {"ada@example.com", "ada.old@example.com", "+14155550123"}
    fields = {"email": "ada.old@example.com"}
    ada.shop.ok("updateAccount", {"cardNumber": ada.shop.card(), "primaryCustomer": fields})
    assert users() == {"ada@example.com", "+14155550123"}


def test_movements_sum_up_to_the_balances_and_are_texts(acme: Shop) -> None:
    card = acme.card()
    acme.issue(card, "100.50")
    acme.hold(card, 10)
    void(acme, card, acme.redeem(card, 5))
    body = {"cardNumber": card, "products": [{"sku": "HAT", "quantity": 2, "unitPrice": "1.25"}]}
    payment = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 1}
    checkout = acme.ok("checkout", body | {"paymentMethods": [payment]})["requestRef"]
    back = {"returnedProducts": [{"sku": "HAT"}], "checkoutRequestRef": checkout}
    acme.ok("returnMerchandise", {"cardNumber": card} | back)
    rows = document(acme, card)["transactions"]
    moved = [each for row in rows for each in row["movements"]]
    assert sum(Decimal(each["amount"]) for each in moved) == Decimal("99.50")
    assert {each["valueType"] for each in moved} == {"Currency USD"}
    assert moved[0]["amount"] == "100.50"
    assert [row["type"] for row in rows] == [
        "ALLOCATE",
        "UPDATE_BALANCE",
        "UPDATE_BALANCE",
        "UPDATE_BALANCE",
        "VOID",
        "CHECKOUT_COMPLETE",
        "RETURN_MERCHANDISE",
    ]
    assert rows[3]["voidedBy"] == rows[4]["requestRef"]
    assert (rows[1]["location"], rows[1]["terminal"], rows[1]["at"][-1]) == ("Main Street", "till-1", "Z")
    bought = rows[5]["checkout"]
    assert bought["lines"] == [{"sku": "HAT", "quantity": bought["lines"][0]["quantity"], "unitPrice": "1.25"}]
    assert (bought["currency"], bought["payments"][0]["balance"]) == ("USD", "Currency USD")
    assert (rows[6]["return"]["total"], rows[6]["return"]["checkoutRequestRef"]) == ("1.25", checkout)


def test_coupons_and_facts_are_in_it(ada: Ada) -> None:
    brand = {"brand": ada.shop.brand}
    coupons = CouponSet.objects.create(code="ten", name="Ten off", pattern="TEN-####", **brand)
    coupon_id = Coupon.objects.create(
        set_id=coupons.pk,
        code=f"TEN-{uuid4()}",
        state=int(CouponState.ALLOCATED),
        shuffle=1,
        wallet_id=ada.row.wallet_id,
        allocated_at=NOW,
        last_step=1,
        **brand,
    ).pk
    CouponStep.objects.create(
        coupon_id=coupon_id,
        no=1,
        operation_id=Operation.objects.filter(family_id=ada.row.family_id, **brand)[0].id,
        action="allocate",
        state=int(CouponState.ALLOCATED),
        **brand,
    )
    found = document(ada.shop, ada.number)
    (coupon,) = found["coupons"]
    assert (coupon["couponSet"], coupon["state"], coupon["card"]) == ("Ten off", "allocated", ada.number)
    assert [each["card"] for each in found["facts"]] == [ada.number, "kid"]


def test_requests_are_there_as_the_log_has_them(ada: Ada) -> None:
    requests = document(ada.shop, ada.number)["requests"]
    refused = [each for each in requests if each["errorCode"]]
    assert [each["method"] for each in refused] == ["updateBalance"]
    assert all(each["headers"]["Authorization"] == "*****" for each in requests)
    assert requests[1]["request"]["primaryCustomer"]["lastName"] == "Byron"


def test_the_pin_is_never_in_it(acme: Shop) -> None:
    card = pinned(acme, "WITH-PIN", "8317")
    acme.ok("search", {"filters": {"cardNumber": card}, "forcePinValidation": True, "pin": "8317"})
    sealed = bytes(Card.objects.get(brand=acme.brand, number=card).pin or b"")
    assert '"8317"' not in text_of(acme, card)
    assert sealed.hex() not in text_of(acme, card)


def test_another_brand_and_other_cards_are_not_in_it(ada: Ada, charlie: Shop) -> None:
    other = ada.shop.card("OTHER-CARD")
    ada.shop.ok("updateAccount", {"cardNumber": other, "primaryCustomer": {"firstName": "Grace"}})
    assert "Grace" not in text_of(ada.shop, ada.number)
    with pytest.raises(CardNotFound):
        text_of(charlie, ada.number)
    with pytest.raises(CardNotActive):
        text_of(ada.shop, rack(ada.shop, "A-1"))


def test_who_was_found_beside_the_card_is_not_in_it(ada: Ada) -> None:
    other = ada.shop.card("OTHER-CARD")
    either = {"filters": {"cardNumber": other, "email": "ada@example.com"}, "returnFields": {"customer": True}}
    ada.shop.ok("search", either | {"filterLogicAnd": False})
    ada.shop.ok("search", {"cardNumber": other} | either | {"filters": {"email": "ada@example.com"}})
    assert "Lovelace" not in text_of(ada.shop, other)


def test_pages_leave_nothing_out(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    card = acme.card()
    references = [acme.issue(card, 1, customRequestDate=f"2024-01-0{day} 00:00:00") for day in (5, 5, 3, 9, 5)]
    whole = document(acme, card)
    monkeypatch.setattr(export_transactions, "PAGE", 2)
    monkeypatch.setattr("apps.lookups.queries.export_person.PAGE", 2)
    assert document(acme, card) == whole
    told = [row["requestRef"] for row in whole["transactions"]]
    assert sorted(told[1:] if told[0] not in references else told[:-1]) == sorted(references)


_MANY = """INSERT INTO requestlog_operation (brand_id, id, origin, call_type, occurred_at, recorded_at, family_id, note)
 SELECT %s, gen_random_uuid(), 1, 3, now() - n * interval '1 minute', now(), %s, repeat('x', 200)
 FROM generate_series(1, %s) n"""


def exported(shop: Shop, number: str) -> tuple[int, int]:
    """How many characters an export has, and how many bytes of memory it took at most."""
    size = 0

    def write(text: str) -> None:
        nonlocal size
        size += len(text)

    tracemalloc.start()
    export_person(brand=shop.brand, card_number=number, write=write)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size, peak


def test_memory_does_not_grow_with_the_number_of_transactions(acme: Shop) -> None:
    card = acme.card()
    family_id = Card.objects.get(brand=acme.brand, number=card).family_id
    found = []
    for more in (2000, 4000):
        with connection.cursor() as cursor:
            cursor.execute(_MANY, [acme.brand.pk, family_id, more])
        found.append(exported(acme, card))
    (size, peak), (later_size, later_peak) = found
    assert later_size > 2.5 * size
    assert later_peak < 1.6 * peak


def test_the_command_writes_a_file_that_only_its_owner_reads(ada: Ada, tmp_path: Path) -> None:
    output = tmp_path / "ada.json"
    wanted = [f"--brand={ada.shop.brand.code}", f"--card={ada.number}"]
    call_command("export_person", *wanted, f"--output={output}")
    assert output.stat().st_mode & 0o777 == 0o600
    said = StringIO()
    call_command("export_person", *wanted, stdout=said)
    assert said.getvalue() == output.read_text()
    with pytest.raises(CommandError, match="there already"):
        call_command("export_person", *wanted, f"--output={output}")


def test_a_refused_export_leaves_no_file(acme: Shop, tmp_path: Path) -> None:
    output = tmp_path / "none.json"
    with pytest.raises(CommandError, match="no card"):
        call_command("export_person", f"--brand={acme.brand.code}", "--card=none", f"--output={output}")
    with pytest.raises(CommandError, match="no brand"):
        call_command("export_person", "--brand=none", "--card=none")
    assert not output.exists()


def test_segments_are_in_it(ada: Ada) -> None:
    segment_of(ada.shop, "vip", ada.number, description="Our best")
    assert document(ada.shop, ada.number)["segments"] == [
        {
            "card": ada.number,
            "segment": "vip",
            "name": "Vip",
            "description": "Our best",
            "since": "2026-03-01T12:00:00Z",
        }
    ]
