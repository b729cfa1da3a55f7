"""Erasing a person: nothing about her is left anywhere, and no figure moves."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.cards.core.status import CardNotActive, CardNotFound
from apps.cards.models import Card, ChildCard, Event
from apps.customers.core.addresses import is_erased
from apps.customers.models import ChannelSubscription, Customer
from apps.kernel.db.hot import hot_cursor, is_idle
from apps.kernel.errors import ErrorCode, Refusal
from apps.ledger.queries.books import activity, liability
from apps.lookups.queries.verify_ledger import verify
from apps.requestlog.core.call import ConcurrentCard
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.fragments import ERASED
from apps.requestlog.models import Operation, Request
from apps.requestlog.queries.requests_about import requests_about
from apps.transactions.operations.erase_person import Erasure, erase_person
from tests.campaigns.live import condition, publish, rule, says
from tests.merchant_api.methods.test_update_channel_subscription import held_address, said
from tests.merchant_api.steady import history, rack, set_status, state
from tests.requestlog.test_unit import held_card, start
from tests.segments.lists import members, segment_of
from tests.shop import Shop
from tests.transactions.ada import NEEDLES, Ada, ada_of, page

FIGURES = [
    "ledger_wallet",
    "ledger_lot",
    "ledger_entry",
    "ledger_void",
    "ledger_conversion",
    "checkouts_checkout",
    "checkouts_line",
    "checkouts_payment",
    "facts_visits",
    "facts_purchases",
    "facts_skucount",
    "facts_placecount",
    "coupons_coupon",
    "cards_transfer",
]


@pytest.fixture
def ada(acme: Shop) -> Ada:
    return ada_of(acme)


def erase(ada: Ada, **more: Any) -> Erasure:
    call = ada.shop.call(origin=Origin.TASK, location_id=None, terminal_id=None, note="asked by letter")
    return erase_person(call=call, card_number=ada.number, **more)


def tables() -> list[tuple[str, list[str]]]:
    """Every table that holds rows, with its columns of bytes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text, coalesce(array_agg(a.attname::text) FILTER (WHERE a.atttypid = 'bytea'"
            "::regtype AND a.attnum > 0 AND NOT a.attisdropped), '{}') FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.oid"
        )
        return list(cursor.fetchall())


def found(shop: Shop) -> dict[str, set[str]]:
    """For each needle, and the page on which people were changed, the tables in which it stands, in whatever case: all
    rows of the brand, and all rows of tables without brands."""
    seen: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table, columns in tables():
            text = " || ".join(["t::text", *(f"coalesce(encode(t.{column}, 'escape'), '')" for column in columns)])
            cursor.execute(
                f"SELECT DISTINCT n FROM (SELECT {text} AS text FROM {table} t"
                " WHERE coalesce(to_jsonb(t)->>'brand_id', %s) = %s) x, unnest(%s::text[]) n"
                " WHERE x.text ILIKE '%%' || n || '%%'",
                [str(shop.brand.pk), str(shop.brand.pk), [*NEEDLES, page(shop)]],
            )
            for (needle,) in cursor.fetchall():
                seen.setdefault(needle, set()).add(table)
    return seen


# --- nothing is left --------------------------------------------------------------------------------------------------

KEPT = {"Lovelace": {"requestlog_operation"}}
"""The note of an operation, a table that nothing can change."""


def test_nothing_about_her_is_left_in_any_table(ada: Ada) -> None:
    before = found(ada.shop)
    assert set(before) == {*NEEDLES, page(ada.shop)}
    assert {"customers_customer", "customers_customerevent", "cards_event"} <= before["Lovelace"]
    assert any(table.startswith("requestlog_request") for table in before["ada.old@example.com"])
    assert before[page(ada.shop)] == {"pghistory_context"}
    erase(ada)
    assert found(ada.shop) == KEPT


def test_what_a_till_sent_as_key_values_and_what_campaigns_saw_is_gone_too(ada: Ada) -> None:
    lives = condition("customer_field", field="last_name", compare="one_of", values=["Smith"])
    publish(ada.shop, rule(says("Dear {{lastName}}"), when=[{**lives, "negated": True}]))
    keys = [{"key": "who", "value": NEEDLES[0]}]
    body = {"cardNumber": ada.number, "checkoutTotal": 5, "customKeyValues": keys}
    assert ada.shop.ok("checkout", body)["responseMessages"] == ["Dear Lovelace"]
    erase(ada)
    assert found(ada.shop) == KEPT


def test_the_card_and_its_child_have_no_people_and_no_custom_number(ada: Ada) -> None:
    erase(ada)
    row, child = ada.row, ChildCard.objects.get(brand=ada.shop.brand)
    assert (row.customer_id, row.alternate_customer_id, row.giver_customer_id, row.custom_number) == (None,) * 4
    assert (child.customer_id, child.alternate_customer_id) == (None, None)
    assert not Customer.objects.filter(brand=ada.shop.brand, card_id=row.pk).exists()


def test_search_finds_her_no_more_and_the_card_as_before(ada: Ada) -> None:
    erase(ada)
    for filters in ({"email": "ada@example.com"}, {"phone": "+14155550123"}, {"lastName": "Lovelace"}):
        assert ada.shop.ok("search", {"filters": filters})["cards"] == []
    body = {"filters": {"cardNumber": ada.number}, "returnFields": {"customer": True, "isEnrolled": True}}
    (card,) = ada.shop.ok("search", body)["cards"]
    assert (card.get("customer"), card["isEnrolled"]) == (None, True)


def test_that_an_event_happened_stays(ada: Ada) -> None:
    erase(ada)
    events = Event.objects.filter(brand=ada.shop.brand).values_list("category_id", "payload", "properties")
    assert set(events) >= {("call", None, None)}
    assert {event[1:] for event in events} == {(None, None)}


def test_the_log_keeps_who_called_when_and_how_it_ended(ada: Ada) -> None:
    facts = ("id", "method", "error_code", "http_status", "terminal_id", "card_number", "custom_id", "external_id")
    of_card = Request.objects.filter(brand=ada.shop.brand, card_number=ada.number).order_by("id")
    before = list(of_card.values_list(*facts))
    erase(ada)
    assert list(of_card.values_list(*facts)) == before
    assert {(bytes(row.request), bytes(row.response), row.note, row.address) for row in of_card} == {
        (ERASED, ERASED, None, None)
    }
    kept = [set(json.loads(bytes(row.headers))) for row in of_card]
    assert set.union(*kept) == {"Authorization", "brand", "location", "terminal"}


def test_calls_that_are_not_about_her_keep_their_bodies(ada: Ada) -> None:
    shop = ada.shop
    other = shop.card()
    shop.ok("updateAccount", {"cardNumber": other, "primaryCustomer": {"firstName": "Ada", "lastName": "Yonath"}})
    shop.ok("search", {"filters": {"email": "not.ada@example.com"}})
    shop.ok("search", {"filters": {"lastName": "Yonath"}, "returnFields": {"customer": True}})
    erase(ada)
    for needle, calls in (("Yonath", 2), ("not.ada@example.com", 1)):
        kept = [row for row in Request.objects.filter(brand=shop.brand) if needle.encode() in bytes(row.request)]
        assert len(kept) == calls


def test_calls_that_could_show_her_beside_another_card_lose_their_bodies_too(ada: Ada) -> None:
    shop, other = ada.shop, ada.shop.card()
    either = {"filters": {"cardNumber": other, "email": "ada@example.com"}, "filterLogicAnd": False}
    shop.ok("search", either | {"returnFields": {"customer": True}})
    shop.ok("search", {"filters": {"cardNumber": other, "email": "ada@example.com"}})
    shop.ok("search", {"cardNumber": other, "filters": {"lastName": "Lovelace", "firstName": "Ada"}})
    shop.ok("channelSubscription", {"cardNumber": other, "channel": "email", "channelUser": "ada@example.com"})
    erase(ada)
    assert found(shop) == KEPT


def test_somebody_with_very_many_earlier_states_can_be_erased(ada: Ada) -> None:
    many = ", ".join(f"('Ada{number}', 'King{number}', 'ada{number}@example.com')" for number in range(500))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customerevent (brand_id, id, role, card_id, first_name, middle_name, last_name,"
            " email, phone, mobile_phone, mobile_operator_id, gender, address1, address2, city, state, postal, country,"
            " pgh_created_at, pgh_label, pgh_obj_id)"
            " SELECT p.brand_id, p.id, p.role, p.card_id, v.first, '', v.last, v.email, '', '', '', '', '', '', '', '',"
            f" '', '', now(), 'update', p.id FROM customers_customer p, (VALUES {many}) v (first, last, email)"
            " WHERE p.id = %s",
            [ada.row.customer_id],
        )
    ada.shop.ok("search", {"filters": {"email": "ADA499@example.com"}})
    erase(ada)
    kept = [row for row in Request.objects.filter(brand=ada.shop.brand) if b"ADA499" in bytes(row.request)]
    assert kept == []


def test_looking_through_a_long_log_knows_no_limit_of_time(acme: Shop) -> None:
    acme.post("search", {"filters": {"email": "ada@example.com"}})
    patterns = [f"(one|two|three{number}).*ada@example.com" for number in range(200)]
    cursor = hot_cursor()
    cursor.execute("SET statement_timeout = '1ms'")
    try:
        about = requests_about(cursor, brand_id=acme.brand.pk, card_number="none", patterns=[*patterns, "ada@"])
        assert (about.of_card, len(about.mentions)) == (0, 1)
        assert is_idle(cursor)
    finally:
        cursor.execute("RESET statement_timeout")


# --- no figure moves --------------------------------------------------------------------------------------------------


def rows(table: str, shop: Shop) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t WHERE brand_id = %s ORDER BY 1", [shop.brand.pk])
        return cursor.fetchall()


def figures(shop: Shop) -> Any:
    today, brand_id = date(2100, 1, 1), shop.brand.pk
    books = liability(brand_id=brand_id, day=today), activity(brand_id=brand_id, first=date(2000, 1, 1), last=today)
    return books, {table: rows(table, shop) for table in FIGURES}


def test_value_checkouts_facts_and_books_stay_exactly_as_they_were(ada: Ada) -> None:
    shop = ada.shop
    before, balances = figures(shop), shop.balances(ada.number)
    told = history(shop, ada.number)
    erase(ada)
    assert figures(shop) == before
    assert shop.balances(ada.number) == balances
    assert history(shop, ada.number)[1:] == told
    assert verify(brand_id=shop.brand.pk) == []


def test_an_erasure_is_an_operation_with_its_reason_and_nothing_of_hers(ada: Ada) -> None:
    erase(ada)
    operation = Operation.objects.filter(brand=ada.shop.brand).latest("id")
    assert (operation.call_type, operation.note, operation.family_id) == (
        CallType.ERASE,
        "asked by letter",
        ada.row.family_id,
    )


# --- addresses --------------------------------------------------------------------------------------------------------


def test_subscriptions_go_and_of_an_opt_out_a_digest_stays(ada: Ada) -> None:
    erase(ada)
    (row,) = ChannelSubscription.objects.filter(brand=ada.shop.brand)
    assert (row.channel, is_erased(row.address), row.global_opt_in) == ("phone", True, False)
    assert said(ada.shop, {"channel": "phone", "channelUser": "+14155550123"})["globalOptIn"] is False


def test_an_erased_opt_out_that_opts_in_again_is_one_row_and_can_be_erased_again(ada: Ada) -> None:
    erase(ada)
    phone = {"channel": "phone", "channelUser": "+14155550123"}
    ada.shop.ok("updateChannelSubscription", phone | {"globalOptIn": True})
    (row,) = ChannelSubscription.objects.filter(brand=ada.shop.brand)
    assert (row.address, row.global_opt_in) == ("+14155550123", True)


def test_the_digest_of_an_address_is_another_for_each_brand(ada: Ada, charlie: Shop) -> None:
    other = ada_of(charlie)
    erase(ada)
    erase(other)
    digests = ChannelSubscription.objects.filter(brand__in=[ada.shop.brand, charlie.brand]).values_list("address")
    assert len(set(digests)) == 2


def test_an_address_that_somebody_else_has_too_stays_subscribed(ada: Ada) -> None:
    other = ada.shop.card()
    ada.shop.ok("updateAccount", {"cardNumber": other, "primaryCustomer": {"email": "ADA@example.com"}})
    assert erase(ada).shared_addresses == 1
    assert said(ada.shop)["globalOptIn"] is True


# --- which cards ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Suspended", "Lost", "Closed"])
def test_a_card_of_any_status_can_be_erased(ada: Ada, status: str) -> None:
    set_status(ada.shop, ada.number, status)
    erase(ada)
    assert ada.row.customer_id is None


def test_unknown_cards_and_cards_never_activated_are_refused(acme: Shop, charlie: Shop) -> None:
    theirs = charlie.card()
    for number, wrong in (("none", CardNotFound), (theirs, CardNotFound), (rack(acme, "A-1"), CardNotActive)):
        before = state(acme)
        with pytest.raises(wrong):
            erase(Ada(acme, number))
        assert state(acme) == before


def test_another_brand_is_not_touched(ada: Ada, charlie: Shop) -> None:
    other = ada_of(charlie)
    before = state(charlie), rows("requestlog_request", charlie)
    erase(ada)
    assert (state(charlie), rows("requestlog_request", charlie)) == before
    assert charlie.ok("search", {"filters": {"email": "ada@example.com"}})["cards"][0]["cardNumber"] == other.number


def test_other_cards_of_the_brand_are_not_touched(ada: Ada) -> None:
    other = ada.shop.card()
    ada.shop.ok("updateAccount", {"cardNumber": other, "primaryCustomer": {"firstName": "Grace", "email": "g@x.org"}})
    erase(ada)
    assert ada.shop.ok("search", {"filters": {"email": "g@x.org"}})["cards"][0]["cardNumber"] == other


def test_who_came_with_a_transfer_is_on_both_cards_and_the_erasure_says_so(ada: Ada) -> None:
    shop, new = ada.shop, ada.shop.card()
    shop.ok("transfer", {"cardNumber": ada.number, "action": "out", "ignoreHoldBalances": True})
    shop.ok("transfer", {"cardNumber": new, "action": "in", "oldCardNumber": ada.number, "mergeMode": "overwrite"})
    first = erase(Ada(shop, new))
    assert first.related_cards == [ada.number]
    assert first.shared_addresses == 2
    assert erase(ada).related_cards == [new]
    assert found(shop) == KEPT


# --- again, and afterwards --------------------------------------------------------------------------------------------


def test_erasing_twice_finds_nothing_the_second_time(ada: Ada) -> None:
    first = erase(ada)
    assert first.people == 4
    before = [rows(table, ada.shop) for table in ("customers_customer", "requestlog_request", "cards_event")]
    again = erase(ada)
    assert (again.people, again.changes, again.events, again.requests, again.addresses) == (0, 0, 0, 0, 0)
    assert [rows(table, ada.shop) for table in ("customers_customer", "requestlog_request", "cards_event")] == before


def test_a_later_update_starts_with_a_fresh_customer(ada: Ada) -> None:
    was = ada.row.customer_id
    erase(ada)
    ada.shop.ok("updateAccount", {"cardNumber": ada.number, "primaryCustomer": {"firstName": "Grace"}})
    body = {"filters": {"cardNumber": ada.number}, "returnFields": {"customer": True}}
    assert ada.shop.ok("search", body)["cards"][0]["customer"] == {"firstName": "Grace"}
    assert ada.row.customer_id not in (None, was)


def test_a_dry_run_counts_what_would_go_and_changes_nothing(ada: Ada) -> None:
    before = state(ada.shop), rows("requestlog_request", ada.shop)
    wanted = erase(ada, dry_run=True)
    assert (state(ada.shop), rows("requestlog_request", ada.shop)) == before
    assert erase(ada) == wanted
    assert (wanted.people, wanted.field_values, wanted.links, wanted.list_opt_ins, wanted.events) == (4, 1, 1, 1, 1)
    assert (wanted.addresses, wanted.opt_outs) == (3, 1)


# --- at once ----------------------------------------------------------------------------------------------------------


def test_a_busy_card_or_address_is_refused_with_4_and_nothing_goes(ada: Ada) -> None:
    before = state(ada.shop), rows("requestlog_request", ada.shop)
    for holding in (held_card(ada.shop, ada.number), held_address(ada.shop)):
        with ThreadPoolExecutor(1) as pool, holding:
            problem = start(pool, lambda: erase(ada), short=True).exception()
        assert isinstance(problem, Refusal)
        assert problem.code == ErrorCode.CONCURRENT_CARD_ACCESS == ConcurrentCard.code
    assert (state(ada.shop), rows("requestlog_request", ada.shop)) == before


# --- the command ------------------------------------------------------------------------------------------------------


def run(ada: Ada, *more: str) -> str:
    said = StringIO()
    brand = f"--brand={ada.shop.brand.code}"
    call_command("erase_person", brand, f"--card={ada.number}", "--reason=asked", *more, stdout=said)
    return said.getvalue()


def test_the_command_shows_what_goes_and_asks(ada: Ada, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = run(ada, "--dry-run")
    assert "people (the card's and its children's)" in shown
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(CommandError, match="Nothing was erased"):
        run(ada)
    assert ada.row.customer_id is not None
    monkeypatch.setattr("builtins.input", lambda _: ada.number)
    assert "Erased:" in run(ada)
    assert ada.row.customer_id is None


def test_the_command_does_not_ask_where_it_is_told_so(ada: Ada) -> None:
    reference = run(ada, "--yes").rsplit(maxsplit=1)[-1].rstrip(".")
    assert Operation.objects.get(brand=ada.shop.brand, id=reference).note == "asked"


def test_the_command_refuses_in_words(acme: Shop) -> None:
    with pytest.raises(CommandError, match="no card"):
        run(Ada(acme, "none"), "--yes")
    with pytest.raises(CommandError, match="no brand"):
        call_command("erase_person", "--brand=none", "--card=1", "--reason=x", "--yes")
    assert not Card.objects.filter(brand=acme.brand).exists()


def test_she_is_in_no_segment_any_more(ada: Ada) -> None:
    kid = f"{ada.number}/{ChildCard.objects.get(brand=ada.shop.brand).number}"
    other = ada.shop.card()
    segment = segment_of(ada.shop, "vip", ada.number, kid, other)
    assert erase(ada, dry_run=True).memberships == 2
    erase(ada)
    assert members(segment) == {other}
