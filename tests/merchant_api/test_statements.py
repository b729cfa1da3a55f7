"""How many statements a call costs, BEGIN and COMMIT counted; and that a call that fails sends no task."""

import io
import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from celery import current_app
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.customers.operations.create_subscription_list import create_subscription_list
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.kernel.value_types import BalanceType
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from apps.transactions.operations.update_balance import BalanceChange, update_balance
from tests.coupons.booklet import booklet
from tests.merchant_api.methods.test_void_transaction import pay, void
from tests.merchant_api.statements import statements
from tests.merchant_api.steady import state
from tests.programs.rates import rated
from tests.shop import Shop, usd

HANDLER = WSGIHandler()


def counted(shop: Shop, method: str, body: dict[str, Any], *, code: int | None = None, **headers: str) -> int:
    """Call as a web server does, with all signals of Django; the number of statements."""
    request = RequestFactory(headers=shop.headers(**headers)).post(
        f"/merchant/{method}", json.dumps(body, default=str), content_type="application/json"
    )
    environ = request.environ | {"wsgi.input": io.BytesIO(json.dumps(body, default=str).encode())}
    with statements() as seen:
        response = HANDLER(environ, lambda *_: None)
        answer = json.loads(b"".join(response))
        response.close()
    assert answer.get("errorCode") == code, answer
    return seen.count


@pytest.fixture
def card(acme: Shop) -> str:
    """A card with value, in a process that has seen the brand before."""
    card = acme.card()
    acme.issue(card, 100)
    acme.ok("checkout", {"checkoutTotal": 1})
    return card


# --- five ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["issue", "redeem", "hold"])
def test_update_balance_takes_five_statements(acme: Shop, card: str, action: str) -> None:
    assert counted(acme, "updateBalance", usd(card, action, 1)) == 5


def test_update_balance_takes_five_with_a_custom_request_id_and_everything_else(acme: Shop, card: str) -> None:
    body = usd(card, "redeem", 1, returnBalances=True, forcePinValidation=False)
    assert counted(acme, "updateBalance", body, customRequestId="one", note="n", externalTransactionId="e") == 5


def test_update_balance_takes_five_whatever_the_number_of_lots(acme: Shop, card: str) -> None:
    for day in range(1, 10):
        acme.issue(card, 1, issuedBalanceExpiration=f"2099-01-0{day} 00:00:00")
    assert counted(acme, "updateBalance", usd(card, "redeem", 105)) == 5


def test_settling_what_is_due_costs_nothing_more(acme: Shop, card: str) -> None:
    when = {"customRequestDate": "2024-01-02 00:00:00", "issuedBalanceExpiration": "2024-01-03 00:00:00"}
    old = acme.post("allocate", {"cardNumber": "old", "cardSetId": "gift-cards", "createIfNew": True} | {})[
        "cardNumber"
    ]
    acme.post("updateBalance", usd(old, "issue", 5, **when))
    assert counted(acme, "updateBalance", usd(old, "issue", 1)) == 5


def test_redeeming_from_a_hold_takes_five(acme: Shop, card: str) -> None:
    hold = acme.hold(card, 10)
    body = usd(card, "redeem", 3, redeemFromHoldTransactionId=hold, releaseHoldRemainder=True)
    assert counted(acme, "updateBalance", body) == 5


LINES = [{"sku": f"S{number}", "unitPrice": 10} for number in range(5)]


def test_a_checkout_with_lines_and_payments_takes_five(acme: Shop, card: str) -> None:
    body = {"cardNumber": card, "products": LINES, "paymentMethods": [pay(5), {"paymentType": "Cash", "amount": 45}]}
    body |= {"returnBalances": True, "returnBalanceMutations": True, "preDiscounts": [{"amount": 1}]}
    assert counted(acme, "checkout", body) == 5
    assert counted(acme, "checkout", body, customRequestId="two") == 5


def test_an_anonymous_checkout_takes_five_at_most(acme: Shop, card: str) -> None:
    assert counted(acme, "checkout", {"products": LINES}) == 4
    assert counted(acme, "checkout", {"products": LINES}, customRequestId="three") == 5


def test_referenced_payments_cost_one_more_however_many(acme: Shop, card: str) -> None:
    for number in (1, 3):
        payments = [{"updateBalanceRequestRef": acme.redeem(card, 1)} for _ in range(number)]
        assert counted(acme, "checkout", {"cardNumber": card, "checkoutTotal": 9, "paymentMethods": payments}) == 6


def test_converting_a_redemption_costs_one_more(acme: Shop, card: str) -> None:
    rated(acme, "EUR", "USD", "1.1")
    body = usd(card, "redeem", 1)
    body["amount"]["convertToMainCurrency"] = True
    assert counted(acme, "updateBalance", body) == 5
    body["amount"]["balanceCode"] = "EUR"
    assert counted(acme, "updateBalance", body) == 6


def test_coupons_take_five_six_with_an_id_and_seven_with_a_card(acme: Shop, card: str) -> None:
    booklet(acme, [f"A-{number}" for number in range(9)])
    free = {"couponSetId": "summer"}
    for_card = {"cardNumber": card, "promotionId": "spring"}
    acme.ok("allocateCoupon", {"couponId": "A-0"})
    assert counted(acme, "allocateCoupon", {"couponId": "A-1"}) == 5
    assert counted(acme, "allocateCoupon", {"couponId": "A-2"}, customRequestId="one") == 6
    assert counted(acme, "allocateCoupon", {"couponId": "A-3"} | for_card) == 7
    assert counted(acme, "allocateCoupon", {"couponId": "new", "createIfNew": True} | free) == 6
    assert counted(acme, "allocateCoupon", free) in (5, 6)  # another one where it must wrap around
    use = {"couponId": "A-1", "action": "use"}
    assert counted(acme, "couponDetails", use) == 5
    assert counted(acme, "couponDetails", use | {"couponId": "A-2", "cardNumber": card}) == 7
    assert counted(acme, "couponDetails", use | {"action": "details"}) == 2


def test_the_other_verbs_stay_small(acme: Shop, card: str) -> None:
    allocate = {"cardNumber": "new", "cardSetId": "gift-cards", "createIfNew": True}
    assert counted(acme, "allocate", allocate) == 5
    assert counted(acme, "updateAccount", {"cardNumber": card, "customCardNumber": "x"}) == 5
    assert counted(acme, "search", {"filters": {"cardNumber": card}}) <= 3
    assert counted(acme, "cardHistory", {"cardNumber": card}) <= 5


def test_child_cards_cost_nothing_more(acme: Shop, card: str) -> None:
    for number in range(3):
        assert counted(acme, "allocateChildCard", {"cardNumber": card, "childCardNumber": f"kid-{number}"}) == 6
    kid = {"childCardNumber": "kid-1"}
    assert counted(acme, "updateBalance", usd(card, "issue", 50, **kid)) == 5
    body = {"cardNumber": card, "products": LINES, "paymentMethods": [pay(5)]} | kid
    assert counted(acme, "checkout", body) == 5
    assert counted(acme, "checkout", body | {"useParentBalancesOnly": True}) == 5


@pytest.mark.parametrize("children", [0, 1, 4])
def test_a_transfer_takes_a_few_statements_whatever_the_number_of_children(
    acme: Shop, card: str, children: int
) -> None:
    for number in range(children):
        acme.ok("allocateChildCard", {"cardNumber": card, "childCardNumber": f"kid-{number}"})
        acme.issue(card, 5, childCardNumber=f"kid-{number}")
    assert counted(acme, "transfer", {"cardNumber": card, "action": "out"}) == (8 if children else 6)
    body = {"cardNumber": acme.card(), "action": "in", "oldCardNumber": card, "mergeMode": "overwrite"}
    assert counted(acme, "transfer", body) == (10 if children else 9)
    assert counted(acme, "transfer", {"cardNumber": acme.card(), "action": "zero"}) == 5


def everything_of_an_account(shop: Shop, card: str, *, round: int) -> dict[str, Any]:
    """All that an updateAccount can change; the brand gets what it needs for that."""
    brand = shop.brand
    if round == 0:
        create_demographic_field(brand=brand, code="tags", name="Tags", data_type="string", is_multiple=True)
        create_demographic_field(brand=brand, code="tier", name="Tier", data_type="integer")
        create_subscription_list(brand=brand, uuid=uuid4(), channel="phone", name="News")
        shop.ok("createEventType", {"categoryId": "call"})
    values = [{"stringValue": f"{round}-{number}"} for number in range(9)]
    lists = {"thirdParty": "phone", "optIn": round % 2 == 0}
    if round % 2 == 0:
        lists["categories"] = [{"name": "News", "optIn": True}]
    return {
        "cardNumber": card,
        "primaryCustomer": {"firstName": f"Ada {round}", "phone": "(415) 555-0123"},
        "alternateCustomer": {"firstName": f"Grace {round}"},
        "customCardNumber": f"mine-{round}",
        "countAsEnrollment": True,
        "brandDemographics": [{"fieldName": "tags", "values": values}, {"fieldName": "tier", "value": round}],
        "thirdPartyUpdates": [lists, {"thirdParty": "custom", "customData": "x"}],
        "newEvents": [{"categoryId": "call"}] * 9,
    }


def test_update_account_takes_six_whatever_is_sent(acme: Shop, card: str) -> None:
    for round in range(3):
        body = everything_of_an_account(acme, card, round=round)
        assert counted(acme, "updateAccount", body, customRequestId=f"id-{round}") == 6
    assert counted(acme, "updateAccount", {"cardNumber": card, "alternateCustomer": {"firstName": "G"}}) == 6
    assert counted(acme, "updateAccount", {"cardNumber": card, "newEvents": [{"categoryId": "call"}]}) == 6


def test_event_types_take_little(acme: Shop, card: str) -> None:
    for _ in range(2):
        assert counted(acme, "createEventType", {"categoryId": "call"}) == 4
    assert counted(acme, "listEventTypes", {}) <= 3


def test_a_refusal_by_the_body_alone_reads_nothing_but_the_clock(acme: Shop, card: str) -> None:
    assert counted(acme, "updateBalance", usd(card, "issue", 0), code=9) <= 3
    assert counted(acme, "updateBalance", {}, code=6) <= 3


def test_one_select_more_is_seen(acme: Shop, card: str) -> None:
    """The count fails a verb that asks for anything more."""

    def record(_: object) -> Fragment:
        connection.connection.execute("SELECT 1")
        return Fragment("nothing_more", "SELECT %(brand)s::bigint", {"brand": acme.brand.pk})

    def run(**more: Any) -> int:
        kind: dict[str, Any] = {"balance_type": BalanceType.CURRENCY, "balance_code": "USD"}
        wanted = BalanceChange(action="redeem", amount=Decimal(1), **kind)
        facts = {"call": acme.call(), "configuration": acme.configuration}
        with statements() as seen:
            update_balance(card_number=card, wanted=wanted, **facts, **more)
        return seen.count

    assert run() == 5
    assert run(record=record) == 6


# --- tasks -----------------------------------------------------------------------------------------------------------


class Outbox:
    """A queue of the real broker."""

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self) -> None:
        current_app.send_task("tests.nothing", queue=self.name)

    def __len__(self) -> int:
        with current_app.connection_or_acquire() as broker:
            return int(broker.default_channel.client.llen(self.name))


@pytest.fixture
def outbox(acme: Shop) -> Outbox:
    return Outbox(f"outbox-{acme.brand.code}")


def plan(shop: Shop, outbox: Outbox) -> Plan[str]:
    return Plan(
        answer="done",
        call_type=CallType.UPDATE_ACCOUNT,
        occurred_at=shop.call().now,
        fragments=[],
        after_commit=[outbox.send],
    )


def test_a_change_sends_its_task_once_it_is_durable(acme: Shop, outbox: Outbox) -> None:
    assert change(call=acme.call(), lock=None, decide=lambda *_: plan(acme, outbox)) == "done"
    assert len(outbox) == 1


def test_a_refused_call_sends_no_task(acme: Shop, outbox: Outbox) -> None:
    def record(_: str) -> Fragment:
        raise InvalidInput("Too late, but still before anything is written.")

    before = state(acme)
    with pytest.raises(InvalidInput):
        change(call=acme.call(), lock=None, decide=lambda *_: plan(acme, outbox), record=record)
    assert (len(outbox), state(acme)) == (0, before)


def test_a_killed_call_sends_no_task(acme: Shop, outbox: Outbox) -> None:
    def decide(cursor: Cursor, _: frozenset[int]) -> Plan[str]:
        pid = cursor.connection.info.backend_pid
        with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])
        return plan(acme, outbox)

    before = state(acme)
    with pytest.raises(psycopg.OperationalError):
        change(call=acme.call(), lock=None, decide=decide)
    connection.close()
    assert (len(outbox), state(acme)) == (0, before)


def test_returns_take_a_few_whatever_comes_back(acme: Shop, card: str) -> None:
    goods = [{"sku": line["sku"]} for line in LINES]
    body: dict[str, Any] = {"cardNumber": card, "returnedProducts": goods}
    assert counted(acme, "returnMerchandise", {}) == 4
    assert counted(acme, "returnMerchandise", body) == 5
    bought = {"cardNumber": card, "products": LINES, "paymentMethods": [pay(5)]}
    body["checkoutRequestRef"] = acme.ok("checkout", bought)["requestRef"]
    assert counted(acme, "returnMerchandise", body | {"simulateOnly": True}) == 10
    assert counted(acme, "returnMerchandise", body) == 10
    more = body | {"returnedProducts": [], "reversePayments": True}
    assert counted(acme, "returnMerchandise", more) == 12


def test_a_void_reads_little(acme: Shop, card: str) -> None:
    paid = acme.redeem(card, 1)
    assert counted(acme, "voidTransaction", {"cardNumber": card, "requestRef": paid}) <= 8
    assert void(acme, card, acme.redeem(card, 1))
