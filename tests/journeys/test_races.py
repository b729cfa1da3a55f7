"""Two calls, or sixteen, that want the same thing at the same moment; each pair that could go wrong, by name."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from apps.brands.operations.create_api_credential import create_api_credential
from apps.brands.operations.revoke_api_credential import revoke_api_credential
from apps.kernel.db.hot import hot_cursor
from apps.programs.operations.create_value_type import create_value_type
from apps.requestlog.core.call import digest_of
from apps.requestlog.core.months import Month
from apps.requestlog.operations.make_month_partitions import make_month_partitions
from tests.journeys.storm.journal import deadlocks
from tests.journeys.storm.server import Product, environment_here, folder_for_logs, product
from tests.journeys.storm.till import Reply, Till
from tests.shop import Shop, open_shop, usd

pytestmark = pytest.mark.storm
MANY = 16
Wanted = tuple[str, dict[str, Any], str | None]


@pytest.fixture(scope="module")
def running(database: None) -> Iterator[Product]:
    """The product with so many threads that all calls of a race are carried out at once."""
    with folder_for_logs() as folder, product(environment_here(), folder, threads=MANY) as found:
        yield found


@pytest.fixture(autouse=True)
def no_deadlock() -> Iterator[None]:
    """None of these races may end in a deadlock, not even in one that was repaired."""
    before = deadlocks()
    yield
    assert deadlocks() == before


def at_once(running: Product, shop: Shop, wanted: list[Wanted], *, warm_up: bool = True) -> list[Reply]:
    """Make these calls from as many tills at the same moment; the answers in the same order."""
    gate = threading.Barrier(len(wanted))
    replies: dict[int, Reply] = {}

    def one(number: int, method: str, body: dict[str, Any], custom_id: str | None) -> None:
        till = running.till(shop)
        if warm_up:
            till.send("listValueTypes", {"cardSetId": shop.gift_set.code})
        gate.wait(30)
        replies[number] = till.send(method, body, custom_id)
        till.close()

    threads = [threading.Thread(target=one, args=(number, *each)) for number, each in enumerate(wanted)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [replies[number] for number in range(len(wanted))]


def codes(replies: list[Reply]) -> Counter[int]:
    """How often each code came; 0 is a success."""
    return Counter(reply.code or 0 for reply in replies)


def test_one_new_number_is_created_once(acme: Shop, running: Product) -> None:
    for number in range(4):
        body = {"cardNumber": f"N{number}", "cardSetId": acme.gift_set.code, "createIfNew": True}

        replies = at_once(running, acme, [("allocate", body, None)] * MANY)

        assert codes(replies) == {0: 1, 9: MANY - 1}


def test_twins_that_create_one_number_under_one_id_all_name_the_one_that_did(acme: Shop, running: Product) -> None:
    body = {"cardNumber": "T1", "cardSetId": acme.gift_set.code, "createIfNew": True}

    replies = at_once(running, acme, [("allocate", body, "one-id")] * MANY)

    assert codes(replies) == {0: 1, 3: MANY - 1}
    (winner,) = (reply for reply in replies if reply.code is None)
    assert {reply["originalRequestRef"] for reply in replies if reply.code == 3} == {winner.reference}


def test_one_id_on_many_cards_moves_one_of_them(acme: Shop, running: Product) -> None:
    cards = [acme.card() for _ in range(MANY)]

    replies = at_once(running, acme, [("updateBalance", usd(card, "issue", 5), "same") for card in cards])

    assert codes(replies) == {0: 1, 3: MANY - 1}
    assert sum(acme.free(card) for card in cards) == 5


def test_one_id_on_different_methods_acts_once(acme: Shop, running: Product) -> None:
    card = acme.card()
    calls: list[Wanted] = [
        ("updateBalance", usd(card, "issue", 5), "mixed"),
        ("checkout", {"cardNumber": card, "checkoutTotal": 5}, "mixed"),
        ("search", {"filters": {"cardNumber": card}}, "mixed"),
        ("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Alice"}}, "mixed"),
    ]

    assert codes(at_once(running, acme, calls * 4)) == {0: 1, 3: MANY - 1}


def test_an_id_whose_call_is_refused_is_free_for_its_twin(acme: Shop, running: Product) -> None:
    for attempt in range(4):
        empty, card = acme.card(), acme.card()
        impossible: Wanted = ("updateBalance", usd(empty, "redeem", 5), f"free-{attempt}")
        possible: Wanted = ("updateBalance", usd(card, "issue", 5), f"free-{attempt}")

        replies = at_once(running, acme, [impossible, possible] * (MANY // 2))

        assert set(codes(replies[::2])) <= {3, 13}
        assert codes(replies[1::2]) == {0: 1, 3: MANY // 2 - 1}
        assert acme.free(card) == 5


def test_a_call_is_voided_once(acme: Shop, running: Product) -> None:
    card = acme.card()
    acme.issue(card, 50)
    body = {"cardNumber": card, "requestRef": acme.redeem(card, 20)}

    replies = at_once(running, acme, [("voidTransaction", body, None)] * MANY)

    assert codes(replies) == {0: 1, 30: MANY - 1}
    assert acme.free(card) == 50


def test_value_is_either_redeemed_or_taken_back(acme: Shop, running: Product) -> None:
    cards = [acme.card() for _ in range(MANY // 2)]
    calls: list[Wanted] = []
    for card in cards:
        calls.append(("voidTransaction", {"cardNumber": card, "requestRef": acme.issue(card, 10)}, None))
        calls.append(("updateBalance", usd(card, "redeem", 10), None))

    replies = at_once(running, acme, calls)

    for void, redemption in zip(replies[::2], replies[1::2], strict=True):
        assert {void.code, redemption.code} == {None, 13}
    assert sum(acme.free(card) for card in cards) == 0


def test_a_redemption_pays_for_one_checkout(acme: Shop, running: Product) -> None:
    card = acme.card()
    acme.issue(card, 50)
    payment = {"updateBalanceRequestRef": acme.redeem(card, 20)}
    body = {"cardNumber": card, "checkoutTotal": 30, "paymentMethods": [payment]}

    replies = at_once(running, acme, [("checkout", body, None)] * MANY)

    assert codes(replies) == {0: 1, 9: MANY - 1}


def test_a_redemption_that_is_voided_while_it_pays(acme: Shop, running: Product) -> None:
    for _ in range(4):
        card = acme.card()
        acme.issue(card, 50)
        redemption = acme.redeem(card, 20)
        body = {
            "cardNumber": card,
            "checkoutTotal": 30,
            "paymentMethods": [{"updateBalanceRequestRef": redemption}],
        }
        void = {"cardNumber": card, "requestRef": redemption}

        checkout, voided = at_once(running, acme, [("checkout", body, None), ("voidTransaction", void, None)])

        assert voided.code is None
        assert checkout.code in (None, 30)
        assert acme.free(card) == 50


def test_a_checkout_and_its_payment_voided_together_give_back_once(acme: Shop, running: Product) -> None:
    for _ in range(4):
        card = acme.card()
        acme.issue(card, 50)
        redemption = acme.redeem(card, 20)
        body = {
            "cardNumber": card,
            "checkoutTotal": 30,
            "paymentMethods": [{"updateBalanceRequestRef": redemption}],
        }
        checkout = acme.ok("checkout", body)["transactionId"]
        voids: list[Wanted] = [
            ("voidTransaction", {"cardNumber": card, "requestRef": each}, None) for each in (checkout, redemption)
        ]

        of_checkout, of_payment = codes_of(at_once(running, acme, voids * 4))

        assert of_checkout == {0: 1, 30: 3}
        assert of_payment in ({0: 1, 30: 3}, {30: 4})
        assert acme.free(card) == 50


def codes_of(replies: list[Reply]) -> tuple[Counter[int], Counter[int]]:
    return codes(replies[::2]), codes(replies[1::2])


def test_a_hold_is_redeemed_no_further_than_it_goes(acme: Shop, running: Product) -> None:
    card = acme.card()
    acme.issue(card, 10)
    hold = acme.hold(card, 10)
    body = usd(card, "redeem", 3, redeemFromHoldTransactionId=hold)

    replies = at_once(running, acme, [("updateBalance", body, None)] * MANY)

    assert codes(replies) == {0: 3, 13: MANY - 3}
    assert acme.held(card) == {hold: Decimal("1.00")}


def test_a_hold_is_cancelled_once(acme: Shop, running: Product) -> None:
    card = acme.card()
    acme.issue(card, 10)
    cancel = usd(card, "redeem", 0, redeemFromHoldTransactionId=acme.hold(card, 10), releaseHoldRemainder=True)

    replies = at_once(running, acme, [("updateBalance", cancel, None)] * MANY)

    assert codes(replies) == {0: 1, 8: MANY - 1}
    assert acme.free(card) == 10


def test_the_last_value_is_spent_once(acme: Shop, running: Product) -> None:
    card = acme.card()
    acme.issue(card, "29.99")
    payment = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 10}
    calls: list[Wanted] = [
        ("updateBalance", usd(card, "redeem", 10), None),
        ("updateBalance", usd(card, "hold", 10), None),
        ("checkout", {"cardNumber": card, "checkoutTotal": 10, "paymentMethods": [payment]}, None),
    ]

    replies = at_once(running, acme, calls * 4)

    assert codes(replies) == {0: 2, 13: 10}


def test_no_call_gets_past_a_suspension(acme: Shop, running: Product) -> None:
    card = acme.card()
    suspend = {
        "cardNumber": card,
        "action": "adjustOnly",
        "isAccountingAdjustment": True,
        "adjustStatus": {"newStatus": "Suspended"},
    }
    calls: list[Wanted] = [("updateBalance", usd(card, "issue", 1), None)] * (MANY - 1)

    replies = at_once(running, acme, [("updateBalance", suspend, None), *calls])

    assert replies[0].code is None
    assert set(codes(replies[1:])) <= {0, 11}
    assert acme.free(card) == codes(replies[1:])[0]
    again = at_once(running, acme, [("reactivate", {"cardNumber": card}, None)] * MANY)
    assert codes(again) == {0: 1, 11: MANY - 1}


def test_sixty_four_tills_on_one_card(acme: Shop, running: Product) -> None:
    card = acme.card()
    replies: list[Reply] = []

    def one(number: int) -> None:
        till = running.till(acme)
        replies.extend(till.send("updateBalance", usd(card, "issue", 1), f"{number}-{each}") for each in range(8))
        till.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = codes(replies)
    assert set(found) <= {0, 4, 28}
    assert found[0] == acme.free(card)
    assert found[0] >= 500


def test_a_till_that_hangs_up_before_the_answer_finds_its_call_carried_out_once(acme: Shop, running: Product) -> None:
    card = acme.card()
    body = json.dumps(usd(card, "issue", 1)).encode()

    for number in range(60):
        headers = running.place(acme).headers | {"Content-Length": str(len(body)), "customRequestId": f"hang-{number}"}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as till:
            till.sendall(f"POST /merchant/updateBalance HTTP/1.1\r\nHost: here\r\n{head}\r\n".encode() + body)

    again = running.till(acme)
    for number in range(60):
        again.do("updateBalance", usd(card, "issue", 1), f"hang-{number}")
    assert acme.free(card) == 60


def test_a_key_gets_exactly_its_calls_of_a_minute(running: Product) -> None:
    shop = open_shop("limited", calls_per_minute=50)

    replies = at_once(running, shop, [("search", {"filters": {}}, None)] * MANY, warm_up=False)
    for _ in range(4):
        replies += at_once(running, shop, [("search", {"filters": {}}, None)] * MANY, warm_up=False)

    assert Counter(reply.status for reply in replies) == {200: 50, 429: 5 * MANY - 50}


def test_parallel_guesses_of_a_pin_are_all_counted(acme: Shop, running: Product) -> None:
    made = acme.ok("allocate", {"cardNumber": "GUESS", "cardSetId": acme.gift_set.code, "createIfNew": True})
    pin = str(made["pin"])
    others = [f"{number:04}" for number in range(MANY) if f"{number:04}" != pin]

    def body(guess: str) -> dict[str, Any]:
        return usd("GUESS", "issue", 1, forcePinValidation=True, pin=guess)

    replies = at_once(running, acme, [("updateBalance", body(guess), None) for guess in others])

    assert codes(replies) == {10: len(others)}
    assert codes(at_once(running, acme, [("updateBalance", body(pin), None)] * 4)) == {10: 4}
    assert acme.free("GUESS") == 0


@contextmanager
def traffic(running: Product, shop: Shop, card: str) -> Iterator[list[Reply]]:
    """Eight tills that issue 1.00 again and again while the block runs; their answers."""
    replies: list[Reply] = []
    over = threading.Event()

    def one() -> None:
        till = running.till(shop)
        while not over.is_set():
            replies.append(till.send("updateBalance", usd(card, "issue", 1)))
        till.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        yield replies
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_months_of_the_request_log_are_made_and_dropped_under_way(acme: Shop, running: Product) -> None:
    card = acme.card()
    far = datetime(2090, 1, 15, tzinfo=UTC)

    with traffic(running, acme, card) as replies:
        made = [month for _ in range(3) for month in make_and_drop(far)]

    assert len(made) == 12
    assert set(codes(replies)) <= {0, 4}
    assert acme.free(card) == codes(replies)[0] > 0


def make_and_drop(moment: datetime) -> list[Month]:
    """Make some months that no call needs, and drop them again."""
    months = list(make_month_partitions(now=moment).made)
    for month in months:
        hot_cursor().execute(f"DROP TABLE {month.partition}")
    return months


# --- a card or an id that somebody keeps busy -------------------------------------------------------------------------


@contextmanager
def held_by_another(sql: str, params: dict[str, Any]) -> Iterator[None]:
    """Another session has done this and does not commit."""
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute(sql, params)
        yield
        other.rollback()


def test_a_busy_card_answers_a_retryable_code_and_moves_nothing(acme: Shop, running: Product) -> None:
    card = acme.card()
    hot_cursor()
    lock = "SELECT FROM ledger_wallet WHERE brand_id = %(brand)s FOR NO KEY UPDATE"
    calls: list[Wanted] = [
        ("updateBalance", usd(card, "issue", 5), None),
        ("updateBalance", usd(card, "issue", 5), "busy"),
        ("checkout", {"cardNumber": card, "checkoutTotal": 5}, None),
        ("reactivate", {"cardNumber": card}, None),
        ("search", {"filters": {"cardNumber": card}}, None),
    ]

    with held_by_another(lock, {"brand": acme.brand.pk}):
        replies = at_once(running, acme, calls)

    assert [reply.code for reply in replies] == [4, 28, 4, 4, None]
    assert running.till(acme).send("updateBalance", usd(card, "issue", 5), "busy").code is None
    assert acme.free(card) == 5


def test_an_id_that_stays_in_use_answers_28(acme: Shop, running: Product) -> None:
    card = acme.card()
    hot_cursor()
    key = "INSERT INTO requestlog_key (brand_id, digest, operation_id) VALUES (%(brand)s, %(digest)s, %(operation)s)"
    calls: list[Wanted] = [
        ("updateBalance", usd(card, "issue", 5), "in use"),
        ("allocate", {"cardNumber": "A", "cardSetId": acme.gift_set.code, "createIfNew": True}, "in use"),
        ("checkout", {"checkoutTotal": 5}, "in use"),
        ("search", {"filters": {"cardNumber": card}}, "in use"),
    ]

    with held_by_another(key, {"brand": acme.brand.pk, "digest": digest_of("in use"), "operation": uuid4()}):
        replies = at_once(running, acme, calls)

    assert [reply.code for reply in replies] == [28, 28, 28, 28]
    assert codes(at_once(running, acme, calls)) == {0: 1, 3: 3}


# --- configuration that changes meanwhile -----------------------------------------------------------------------------


def test_a_revoked_key_is_refused_at_once_by_every_method_in_every_process(acme: Shop, running: Product) -> None:
    card = acme.card()
    transaction = acme.issue(card, 5)
    credential, secret = create_api_credential(
        brand=acme.brand, name="second", methods=[], location_codes=[], created_by="tests", now=datetime.now(UTC)
    )
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("updateBalance", usd(card, "issue", 1)),
        ("checkout", {"cardNumber": card, "checkoutTotal": 5}),
        ("checkout", {"checkoutTotal": 5}),
        ("allocate", {"cardSetId": acme.gift_set.code}),
        ("updateAccount", {"cardNumber": card, "primaryCustomer": {"firstName": "Bob"}}),
        ("voidTransaction", {"cardNumber": card, "requestRef": transaction}),
        ("reactivate", {"cardNumber": card}),
        ("search", {"filters": {"cardNumber": card}}),
        ("cardHistory", {"cardNumber": card}),
        ("requestLookup", {"requestRef": transaction}),
        ("checkoutLookup", {"checkoutTransactionId": transaction}),
        ("listRequests", {"externalTransactionId": "x"}),
        ("listValueTypes", {"lookupCardNumber": card}),
        ("updateBalance", {"cardNumber": card}),
    ]
    over = threading.Event()
    late: list[tuple[str, int | None]] = []
    revoked_at: list[float] = []

    def one(number: int) -> None:
        till = Till(running.place(acme, key=credential.key, secret=secret))
        while not over.is_set():
            method, body = bodies[number % len(bodies)]
            started = time.monotonic()
            reply = till.send(method, body)
            number += 1
            if revoked_at and started > revoked_at[0]:
                late.append((method, reply.code))
        till.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(bodies))]
    for thread in threads:
        thread.start()
    time.sleep(1)
    revoke_api_credential(brand=acme.brand, credential_id=credential.pk, now=datetime.now(UTC))
    revoked_at.append(time.monotonic())
    time.sleep(1)
    over.set()
    for thread in threads:
        thread.join()

    assert {method for method, _ in late} == {method for method, _ in bodies}
    assert {(method, code) for method, code in late if code != 5} == set()


def test_a_till_that_is_refused_before_its_body_is_read_is_told_to_connect_again(acme: Shop, running: Product) -> None:
    headers = running.place(acme, secret="wrong").headers | {"Host": "127.0.0.1", "Content-Length": "2"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as till:
        till.sendall(f"POST /merchant/search HTTP/1.1\r\n{head}\r\n".encode())
        answer = b"".join(iter(lambda: till.recv(4096), b"")).lower()

    assert b" 401 " in answer
    assert b"\r\nconnection: close\r\n" in answer


def test_configuration_published_in_the_middle_is_seen_by_the_next_call(acme: Shop, running: Product) -> None:
    card = acme.card()

    with traffic(running, acme, card) as replies:
        till = running.till(acme)
        for number in range(10):
            code = f"V{number}"
            create_value_type(brand=acme.brand, program=acme.gift, balance_type="Custom", balance_code=code, scale=0)
            amount = {"balanceType": "Custom", "balanceCode": code, "amount": 3}
            for _ in range(4):
                reply = till.send("updateBalance", {"cardNumber": card, "action": "issue", "amount": amount})
                assert reply.code is None, reply.body
            credential, secret = create_api_credential(
                brand=acme.brand,
                name=code,
                methods=[],
                location_codes=[],
                created_by="tests",
                now=datetime.now(UTC),
            )
            other = Till(running.place(acme, key=credential.key, secret=secret))
            assert other.send("search", {"filters": {"cardNumber": card}}).code is None
            other.close()

    assert set(codes(replies)) == {0}
    assert acme.free(card) == codes(replies)[0]


# --- returns ---------------------------------------------------------------------------------------------------------


def bought(shop: Shop, card: str | None, **more: Any) -> str:
    known = {"cardNumber": card} if card else {}
    return str(shop.ok("checkout", {"checkoutTotal": 50} | known | more)["requestRef"])


def test_returns_at_once_never_exceed_what_was_bought(acme: Shop, running: Product) -> None:
    for _ in range(3):
        card = acme.card()
        body = {"cardNumber": card, "checkoutRequestRef": bought(acme, card), "additionalReturnAmount": 10}

        replies = at_once(running, acme, [("returnMerchandise", body, None)] * MANY)

        assert codes(replies) == {0: 5, 9: MANY - 5}


def test_payments_are_reversed_once(acme: Shop, running: Product) -> None:
    card = acme.card()
    acme.issue(card, 50)
    pay = {"redeemBalance": True, "balanceType": "Currency", "balanceCode": "USD", "amount": 50}
    mine, nobodys = bought(acme, card, paymentMethods=[pay]), bought(acme, None)
    for body in ({"cardNumber": card, "checkoutRequestRef": mine}, {"checkoutRequestRef": nobodys}):
        wanted = body | {"reversePayments": True}

        replies = at_once(running, acme, [("returnMerchandise", wanted, None)] * MANY)

        assert codes(replies) == {0: 1, 9: MANY - 1}
    assert acme.free(card) == 50


def test_a_checkout_is_returned_or_voided(acme: Shop, running: Product) -> None:
    for _ in range(4):
        card = acme.card()
        checkout = bought(acme, card)
        back = {"cardNumber": card, "checkoutRequestRef": checkout, "additionalReturnAmount": 50}
        void = {"cardNumber": card, "requestRef": checkout}

        replies = at_once(running, acme, [("returnMerchandise", back, None), ("voidTransaction", void, None)] * 4)

        returned, voided = codes(replies[::2]), codes(replies[1::2])
        assert (returned, voided) in [({0: 1, 9: 3}, {9: 4}), ({30: 4}, {0: 1, 30: 3})]


def test_a_return_is_voided_once_beside_others(acme: Shop, running: Product) -> None:
    card = acme.card()
    checkout = bought(acme, card)
    back = {"cardNumber": card, "checkoutRequestRef": checkout, "additionalReturnAmount": 50}
    void = {"cardNumber": card, "requestRef": acme.ok("returnMerchandise", back)["requestRef"]}

    replies = at_once(running, acme, [("returnMerchandise", back, None), ("voidTransaction", void, None)] * 8)

    assert codes(replies[1::2]) == {0: 1, 30: 7}
    assert codes(replies[::2]) in [{0: 1, 9: 7}, {9: 8}]
