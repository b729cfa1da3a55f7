"""The ORM's version of updateBalance that `make bench` measures against: it passes the product's own tests, and gives
the same answers and rows."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from tests.merchant_api.methods.test_update_balance import (  # noqa: F401 - collected here, with the fixture below
    test_a_code_with_points_is_ignored,
    test_a_negative_issue_takes_by_spending_order,
    test_a_negative_redeem_adds_plain_value,
    test_activation_before_expiry_and_both_after_the_moment_else_9,
    test_adjustments_that_make_no_sense_answer_9,
    test_amounts_may_be_numbers_or_numeric_texts,
    test_an_adjustment_changes_the_status_and_further_calls_answer_11,
    test_an_issue_answers_exactly_this,
    test_issuance_bounds_answer_13,
    test_more_decimals_than_the_scale_answer_9_but_trailing_zeros_do_not_count,
    test_overdraw_may_take_nothing_at_all,
    test_spending_order_is_return_related_then_earliest_expiry_then_never_then_oldest,
    test_the_maximum_counts_free_held_and_delayed,
    test_too_little_answers_13_and_takes_nothing,
    test_two_value_types_of_a_card_are_apart,
    test_unknown_cards_answer_2_and_inactive_ones_11,
    test_value_and_status_are_adjusted_in_one_call,
    test_value_types_that_the_program_lacks_answer_12,
)
from tests.merchant_api.methods.test_update_balance_holds import (  # noqa: F401
    test_a_hold_follows_the_spending_order_and_remembers_its_lots,
    test_a_hold_is_redeemed_several_times_until_it_runs_out,
    test_amount_zero_with_release_cancels_the_hold,
    test_held_value_cannot_be_spent_without_naming_the_hold,
    test_more_than_the_hold_keeps_takes_the_rest_from_free_value,
    test_the_remainder_is_released_when_asked_for,
)
from tests.shop import Shop, open_shop, usd

SAME_ROWS = """SELECT e.seq, e.lot_no, e.kind, e.amount, e.lot_after, e.balance_after, e.mutation_no, e.hold_id IS NULL,
 o.origin, o.call_type, o.external_id, o.note, k.operation_id IS NOT NULL, r.method, r.error_code, r.http_status,
 r.custom_id, r.external_id, r.note
 FROM ledger_entry e JOIN requestlog_operation o ON (o.brand_id, o.id) = (e.brand_id, e.operation_id)
 JOIN requestlog_request r ON (r.brand_id, r.id) = (e.brand_id, e.operation_id)
 LEFT JOIN requestlog_key k ON (k.brand_id, k.operation_id) = (e.brand_id, e.operation_id)
 WHERE e.brand_id = %s ORDER BY e.seq"""


@pytest.fixture
def orm() -> Iterator[None]:
    """Every test client that is made meanwhile speaks to the ORM's version."""
    with override_settings(MIDDLEWARE=["bench.orm.view.OrmGateway", *settings.MIDDLEWARE]):
        yield


@pytest.fixture
def acme(orm: None) -> Iterator[Shop]:
    """Acme behind the ORM's version."""
    shop = open_shop("acme")
    assert shop.client.get("/healthz").status_code == 200  # the client reads MIDDLEWARE with its first call
    yield shop
    shop.assert_books_add_up()


def test_answers_and_rows_are_those_of_the_product(acme: Shop) -> None:
    product = open_shop("acme")
    product.client = Client()
    with override_settings(MIDDLEWARE=settings.MIDDLEWARE[1:]):
        assert product.client.get("/healthz").status_code == 200

    theirs, ours = _trade(acme), _trade(product)

    assert theirs == ours
    assert _rows(acme) == _rows(product)


def test_a_repeated_custom_request_id_answers_3_and_names_the_first(acme: Shop) -> None:
    card = acme.card()
    first = acme.ok("updateBalance", usd(card, "issue", 5), customRequestId="once")

    again = acme.post("updateBalance", usd(card, "issue", 5), customRequestId="once")

    assert again.code == 3
    assert again["originalRequestRef"] == first["requestRef"]
    assert acme.free(card) == Decimal(5)


def _trade(shop: Shop) -> list[dict[str, Any]]:
    """The answers to a series of calls on one card, good and bad, without references and the shop's own names."""
    card = shop.card()
    shown = {"returnBalances": True}
    later = {"issuedBalanceExpiration": "2199-01-01 00:00:00"}
    calls = [
        usd(card, "issue", 100, **shown),
        usd(card, "issue", "12.50", **shown, **later),
        usd(card, "redeem", 20.25, **shown),
        usd(card, "hold", 30, **shown),
        usd(card, "redeem", 500),
        usd(card, "redeem", 500, redeemMaxOnOverdraw=True, **shown),
        usd(card, "issue", 1.001),
        usd(card, "issue", 1, isReturnRelated=True, **shown),
        usd("nobody", "issue", 1),
        {"cardNumber": card, "action": "issue"},
    ]
    return [_plain(shop, body, number, card) for number, body in enumerate(calls)]


def _plain(shop: Shop, body: dict[str, Any], number: int, card: str) -> dict[str, Any]:
    reply = shop.post(
        "updateBalance", body, customRequestId=f"call-{number}", externalTransactionId="receipt", note="hi"
    )
    plain = reply.body | {"status": reply.status, "type": reply.headers["Content-Type"].partition(";")[0]}
    assert plain.pop("requestRef") == plain.pop("transactionId", reply["requestRef"])
    if "cardNumber" in plain:
        assert plain.pop("cardNumber") == card
    for balance in plain.get("balances", []):
        balance.pop("holdingTransactionId", None)
    return plain


def _rows(shop: Shop) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SAME_ROWS, [shop.brand.pk])
        return list(cursor.fetchall())
