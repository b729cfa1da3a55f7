"""For each check: one row is corrupted behind the triggers' back, and the verifier names the check."""

import timeit
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.checkouts.core.payments import PaymentInput
from apps.checkouts.core.returned import ReturnedProduct
from apps.checkouts.core.totals import CheckoutLine
from apps.lookups.queries.verify_ledger import ALL_CHECKS, Progress, verify
from tests.campaigns.live import condition, publish, result, rule
from tests.coupons.booklet import used
from tests.ledger.corruption import unguarded, wipe
from tests.ledger.till import Till, paid_from_card
from tests.programs.rates import rated
from tests.shop import Shop, open_shop

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ENTRY = "UPDATE ledger_entry SET {} WHERE brand_id = %(brand)s AND wallet_id = %(wallet)s AND {}"
LOT = "UPDATE ledger_lot SET {} WHERE brand_id = %(brand)s AND wallet_id = %(wallet)s AND {}"
WALLET = "UPDATE ledger_wallet SET {} WHERE brand_id = %(brand)s AND id = %(wallet)s"
CARD = "UPDATE cards_card SET {} WHERE brand_id = %(brand)s AND wallet_id = %(wallet)s"
CONVERSION = "UPDATE ledger_conversion SET {} WHERE brand_id = %(brand)s"
PAYMENT = "UPDATE checkouts_payment SET {} WHERE brand_id = %(brand)s AND {}"
RETURN = "UPDATE checkouts_return SET {} WHERE brand_id = %(brand)s"
COUPON = "UPDATE coupons_coupon SET {} WHERE brand_id = %(brand)s"
BUDGET = "UPDATE campaigns_budget SET {} WHERE brand_id = %(brand)s AND window_unit {}"
SETUP = "UPDATE checkouts_setup SET ended_by = {} WHERE brand_id = %(brand)s AND ended_by IS {}"

CORRUPTIONS = {
    "a lot's remaining is the sum of its entries": LOT.format("remaining = remaining + 1", "no = 1"),
    "entries are numbered without gaps up to the wallet's last_seq": ENTRY.format("seq = 900", "seq = 1"),
    "last_lot is not below the highest lot": WALLET.format("last_lot = 1"),
    "lot_after is the running sum of the lot": ENTRY.format("lot_after = lot_after + 1", "seq = 1"),
    "balance_after is the running sum of the value type": ENTRY.format("balance_after = balance_after + 1", "seq = 1"),
    "holds, releases and reclassifications sum to zero": ENTRY.format("amount = amount + 1", "kind = 3 AND amount > 0"),
    "an amount's sign fits its kind": ENTRY.format("kind = 2", "seq = 1"),
    "a reversal does not exceed what it reverses": ENTRY.format("amount = amount * 2", "kind = 10"),
    "nothing is in transit without a transfer": ENTRY.format("kind = 7", "kind = 2"),
    "what was transferred out arrives as it left": f"""WITH gone AS ({ENTRY.format("kind = 7", "kind = 2")} RETURNING *)
        INSERT INTO cards_transfer (brand_id, source_wallet_id, out_operation_id, in_operation_id, target_wallet_id)
        SELECT brand_id, wallet_id, operation_id, operation_id, wallet_id FROM gone LIMIT 1""",
    "an amount has no more decimals than its value type": ENTRY.format("amount = amount + 0.001", "seq = 1"),
    "occurred_at does not run backwards within a wallet": ENTRY.format("occurred_at = %(later)s", "seq = 1"),
    "last_at is when the last entry occurred": WALLET.format("last_at = %(later)s"),
    "expiries and lapsed holds are settled at their moment": ENTRY.format("occurred_at = %(later)s", "kind = 5"),
    "value was spent only while it was active and not expired": LOT.format("expires_at = %(start)s", "no = 1"),
    "a wallet is settled up to its last movement": LOT.format("remaining = 1", "no = 2"),
    "booked_on is the day of occurred_at, or the first open day": ENTRY.format("booked_on = booked_on - 2", "seq = 1"),
    "a child's root is a root": WALLET.format("root_id = -1"),
    "a wallet's program, card set and owner belong to the brand": WALLET.format("owner_location_id = -1"),
    "what is stamped on entries belongs to the brand": ENTRY.format("location_id = -1", "seq = 1"),
    "entries are stamped with their wallet's dimensions": ENTRY.format("is_demo = true", "seq = 2"),
    "an entry's lot has its value type and hold": ENTRY.format("hold_id = operation_id", "seq = 1"),
    "a lot has its wallet": "DELETE FROM ledger_wallet WHERE brand_id = %(brand)s AND id = %(wallet)s",
    "at most one open lot of a kind": """INSERT INTO ledger_lot (brand_id, wallet_id, no, value_type_id, return_related,
        remaining) SELECT brand_id, wallet_id, 900, value_type_id, return_related, 1 FROM ledger_lot
        WHERE brand_id = %(brand)s AND wallet_id = %(wallet)s AND no = 1""",
    "value is held by an operation of its family": LOT.format("hold_id = gen_random_uuid()", "hold_id IS NOT NULL"),
    "a voided hold keeps nothing": """INSERT INTO ledger_void (brand_id, operation_id, by_operation_id)
        SELECT brand_id, hold_id, hold_id FROM ledger_lot WHERE brand_id = %(brand)s AND hold_id IS NOT NULL
        AND remaining > 0""",
    "an entry's operation belongs to its family": """UPDATE requestlog_operation SET family_id = family_id + 1
        WHERE brand_id = %(brand)s AND id = %(issue)s""",
    "what a void undoes is noted as voided by it": "DELETE FROM ledger_void WHERE brand_id = %(brand)s",
    "a void and what it voids are operations of one family": """UPDATE ledger_void SET operation_id = gen_random_uuid()
        WHERE brand_id = %(brand)s""",
    "the brand exists": "DELETE FROM brands_clock WHERE brand_id = %(brand)s",
    "a conversion is what its redemption took, at its rate": CONVERSION.format("converted = converted + 0.01"),
    "a conversion's rate stands in the brand's table": CONVERSION.format("rate_id = -1"),
    "a wallet has exactly one card, or one child card": CARD.format("wallet_id = -1"),
    "a child card is of its root's family": """INSERT INTO cards_childcard (brand_id, number, family_id, wallet_id,
        activated_at) SELECT brand_id, 'kid', wallet_id, wallet_id, activated_at FROM cards_card
        WHERE brand_id = %(brand)s AND wallet_id = %(wallet)s""",
    "a card and its wallet agree on set, family and demo flag": CARD.format("is_demo = true"),
    "a card is closed by a transfer, or holds its own value": CARD.format("status = 10"),
    "a wallet that was transferred out is empty": """INSERT INTO cards_transfer (brand_id, source_wallet_id,
        out_operation_id) SELECT %(brand)s, %(wallet)s, %(issue)s""",
    "a child card goes where its root goes": """WITH gone AS (INSERT INTO cards_transfer (brand_id, source_wallet_id,
        out_operation_id) SELECT %(brand)s, -1, %(issue)s)
        UPDATE ledger_wallet SET root_id = -1 WHERE brand_id = %(brand)s AND id = %(wallet)s""",
    "a card that was activated has its wallet": CARD.format("wallet_id = -1"),
    "a checkout is an operation of its card's family": """UPDATE requestlog_operation SET call_type = 4
        WHERE brand_id = %(brand)s AND id = %(checkout)s""",
    "redeeming payments are what the checkout redeemed": PAYMENT.format("amount = amount + 1", "redeems"),
    "a payment refers to a redemption of the same family": PAYMENT.format(
        "paid_by_operation_id = gen_random_uuid()", "paid_by_operation_id IS NOT NULL"
    ),
    "a redemption pays for one checkout only": PAYMENT.format("paid_by_operation_id = %(issue)s", "true"),
    "a checkout's references are released when it is voided": PAYMENT.format("released = true", "true"),
    "an anonymous checkout takes nothing from cards": "UPDATE checkouts_checkout SET wallet_id = NULL "
    "WHERE brand_id = %(brand)s",
    "a coupon's last step says its state": "UPDATE coupons_couponstep SET state = 2 WHERE brand_id = %(brand)s",
    "a coupon's steps are numbered without gaps": "DELETE FROM coupons_couponstep WHERE brand_id = %(brand)s "
    "AND no = 1",
    "what is known of a coupon fits its state": COUPON.format("reserved_by = used_by"),
    "a used coupon was used by one of its steps": COUPON.format("used_by = gen_random_uuid()"),
    "a return is an operation of its card's family": """UPDATE requestlog_operation SET call_type = 4
        WHERE brand_id = %(brand)s AND call_type = 8""",
    "what a return undoes belongs to its checkout": ENTRY.format("reverses_seq = 1", "kind = 11"),
    "no more is returned than was bought, unless a call allowed it": RETURN.format("total = 1000"),
    "a checkout's payments are reversed once": """INSERT INTO checkouts_return (brand_id, operation_id,
        checkout_operation_id, currency, total, reversed_payments, may_exceed, happened_at) SELECT brand_id,
        gen_random_uuid(), checkout_operation_id, currency, 0, true, false, happened_at FROM checkouts_return
        WHERE brand_id = %(brand)s""",
    "a checkout that was voided has no returns": """INSERT INTO ledger_void (brand_id, operation_id, by_operation_id)
        SELECT brand_id, checkout_operation_id, operation_id FROM checkouts_return WHERE brand_id = %(brand)s""",
    "a setup that was completed was ended by its checkout": SETUP.format("gen_random_uuid()", "NOT NULL"),
    "a card is locked by an open setup of its own": CARD.format("locked_by = gen_random_uuid()"),
    "a setup that is over holds no value": SETUP.format("operation_id", "NULL"),
    "a coupon is kept for open setups only": COUPON.format(
        "state = 3, reserved_until = used_at, reserved_by = gen_random_uuid()"
    ),
    "a budget is reserved for open setups only": """INSERT INTO campaigns_budgetreservation (brand_id, budget_id,
        operation_id, amount, until) VALUES (%(brand)s, -1, gen_random_uuid(), 1, now())""",
    "what campaigns moved stands in the entries": """UPDATE campaigns_mutation SET amount = amount + 1
        WHERE brand_id = %(brand)s AND NOT is_discount""",
    "a checkout's discount is what campaigns gave": """DELETE FROM campaigns_mutation
        WHERE brand_id = %(brand)s AND is_discount""",
    "what a budget has given is the sum of its spendings": BUDGET.format("used = used + 1", "= 'ever'"),
    "a throttle's window is the spendings of its days": BUDGET.format("by_day = '{}'", "<> 'ever'"),
    "what a budget keeps is the sum of its reservations": BUDGET.format("reserved = reserved + 1", "= 'ever'"),
    "what a throttle counted are firings of its rule": "UPDATE facts_firing SET times = 9 WHERE brand_id = %(brand)s",
}
GUARDED_BY_INDEX = {
    "at most one open lot of a kind": "ledger_lot_kind",
    "a redemption pays for one checkout only": "checkouts_payment_once",
}


@dataclass
class Books:
    """A card on which everything happened once."""

    shop: Shop
    till: Till
    issue: UUID
    checkout: UUID


@pytest.fixture
def books() -> Iterator[Books]:
    """Issues, a hold, a lapsed hold, an expiry, redemptions, checkouts, voids. All rows are removed afterwards."""
    shop = open_shop("acme", hold_lifetime=10 * HOUR)
    try:
        yield _busy_card(shop)
    finally:
        wipe(shop.brand.pk)


def _busy_card(shop: Shop) -> Books:
    till = Till(shop, "busy")
    till.activate(START)
    issue = till.change(START, "issue", 100)
    till.change(START, "issue", 7, expires_at=START + 3 * HOUR)
    till.change(START + HOUR, "hold", 9)
    till.change(START + 13 * HOUR, "redeem", 5)
    redeemed = till.change(START + 14 * HOUR, "redeem", 6)
    paid = [paid_from_card(20), PaymentInput(reference=str(redeemed))]
    checkout = till.buy(START + 15 * HOUR, "50.25", paid)
    till.buy(START + 15 * HOUR, "9.99", anonymous=True)
    till.void(START + 16 * HOUR, till.buy(START + 16 * HOUR, 30, [paid_from_card(10)]))
    till.change(START + 17 * HOUR, "hold", 4)
    rated(shop, "EUR", "USD", "1.0875")
    till.convert(START + 18 * HOUR, "EUR", 2)
    till.bring_back(START + 18 * HOUR, checkout, 5, reverses_payments=True)
    till.void(START + 18 * HOUR, till.bring_back(START + 18 * HOUR, till.buy(START + 18 * HOUR, 7), 7))
    used(shop)
    _offer(shop)
    till.buy(START + 18 * HOUR, 11)
    setup = till.lock(START + 18 * HOUR + MINUTE, 12, [paid_from_card(2)])
    till.complete(START + 18 * HOUR + 2 * MINUTE, setup)
    till.lock(START + 18 * HOUR + 3 * MINUTE, 12, [paid_from_card(3)])
    return Books(shop, till, issue, checkout)


def _offer(shop: Shop) -> None:
    """A campaign for larger checkouts that gives a discount and value, with a budget and a throttle for the brand."""
    gift = result("issue_balance", value_type="Currency:USD", amount={"kind": "fixed", "amount": 2})
    off = result("discount", take="amount", value=1)
    daily = [{"times": 100, "window": {"unit": "day", "count": 3}, "per": "brand"}]
    budget = {"uuid": uuid4(), "measure": "discount", "cap": 50}
    large = [condition("checkout_total", minimum=11)]
    publish(shop, rule(off, gift, when=large, throttles=daily), budgets=[budget])


def test_a_busy_card_verifies_clean(books: Books) -> None:
    assert verify(brand_id=books.shop.brand.pk) == []
    output = StringIO()
    call_command("verify_ledger", brand=books.shop.brand.code, stdout=output)
    assert f"All {len(ALL_CHECKS)} checks passed." in output.getvalue()


def test_every_check_has_its_corruption() -> None:
    assert set(CORRUPTIONS) == {check.name for check in ALL_CHECKS}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corrupt_row_is_named(books: Books, name: str) -> None:
    with _index_dropped(GUARDED_BY_INDEX.get(name)), _wiped(books):
        _corrupt(books, CORRUPTIONS[name])
        output = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify_ledger", brand=books.shop.brand.code, chunk=1, stdout=output)
    assert ended.value.code == 1
    assert f"FAILED {name} ({books.shop.brand.code}, " in output.getvalue()


def test_a_return_does_not_exceed_what_it_reverses(books: Books) -> None:
    _corrupt(books, ENTRY.format("amount = amount + 1", "kind = 11"))
    assert "a reversal does not exceed what it reverses" in _failed(books)


def test_no_more_units_come_back_than_were_bought(books: Books) -> None:
    bought = books.till.buy(START + 19 * HOUR, 2, lines=[CheckoutLine("HAT", Decimal(1), Decimal(2))])
    books.till.bring_back(START + 19 * HOUR, bought, products=[ReturnedProduct("HAT", Decimal(1))])
    assert _failed(books) == set()
    _corrupt(books, "UPDATE checkouts_returnline SET quantity = 9 WHERE brand_id = %(brand)s")
    assert _failed(books) == {"no more is returned than was bought, unless a call allowed it"}


def test_more_comes_back_where_a_call_allowed_it(books: Books) -> None:
    bought = books.till.buy(START + 19 * HOUR, 2)
    books.till.bring_back(START + 19 * HOUR, bought, 9, fails_if_over=False)
    assert _failed(books) == set()
    _corrupt(books, RETURN.format("may_exceed = false"))
    assert _failed(books) == {"no more is returned than was bought, unless a call allowed it"}


@pytest.mark.parametrize(
    "corruption",
    [
        BUDGET.format("used = used + 1", "<> 'ever'"),
        """UPDATE campaigns_spending s SET amount = amount + 1 FROM campaigns_budget b
        WHERE b.id = s.budget_id AND s.brand_id = %(brand)s AND b.window_unit <> 'ever'""",
        "UPDATE campaigns_spending SET undone = true WHERE brand_id = %(brand)s",
        "DELETE FROM facts_firing WHERE brand_id = %(brand)s",
        "UPDATE campaigns_mutation SET mutation_no = 99 WHERE brand_id = %(brand)s AND NOT is_discount",
    ],
)
def test_what_campaigns_gave_and_does_not_fit_is_found(books: Books, corruption: str) -> None:
    _corrupt(books, corruption)
    assert _failed(books)


@pytest.mark.parametrize(
    "corruption",
    [
        CONVERSION.format("amount = amount + 0.01"),
        CONVERSION.format("mutation_no = mutation_no + 1"),
        CONVERSION.format("wallet_id = wallet_id + 1"),
        CONVERSION.format("value_type_id = -1"),
        CONVERSION.format("rate = rate + 0.000000000001"),
        "UPDATE programs_exchangerate SET valid_from = %(later)s WHERE brand_id = %(brand)s",
        "UPDATE programs_exchangerate SET base = 'GBP' WHERE brand_id = %(brand)s",
    ],
)
def test_a_conversion_that_does_not_fit_is_found(books: Books, corruption: str) -> None:
    _corrupt(books, corruption)
    assert {finding.check.name for finding in verify(brand_id=books.shop.brand.pk)} & set(CORRUPTIONS)


def test_less_than_an_amount_is_worth_was_redeemed_only_where_nothing_was_left(books: Books) -> None:
    books.till.convert(START + 19 * HOUR, "EUR", 500, take_what_is_there=True)
    assert verify(brand_id=books.shop.brand.pk) == []
    _corrupt(books, CONVERSION.format("amount = amount + 1"))
    (finding,) = verify(brand_id=books.shop.brand.pk)
    assert finding.count == 1


def test_the_first_offending_rows_are_shown_and_all_are_counted(books: Books) -> None:
    _corrupt(books, ENTRY.format("balance_after = balance_after + 1", "true"))
    (finding,) = verify(brand_id=books.shop.brand.pk)
    assert finding.count > len(finding.offenders) == 10
    assert finding.offenders[0][:2] == (books.till.wallet_id, "seq 1")
    assert finding.offenders[0].seen == "says 101.000000, is 100.000000"


def test_chunks_report_progress_and_leave_no_gap(books: Books) -> None:
    for number in ("second", "third"):
        Till(books.shop, number).activate(START)
    seen: list[Progress] = []
    code = books.shop.brand.code
    assert verify(brand_id=books.shop.brand.pk, chunk=2, progress=seen.append) == []
    assert seen == [Progress(code, 2, False), Progress(code, 3, False), Progress(code, 3, True)]


def test_a_brand_whose_row_is_gone_is_still_looked_at(books: Books) -> None:
    _corrupt(books, "DELETE FROM brands_brand WHERE id = %(brand)s")
    (finding,) = verify(brand_id=books.shop.brand.pk)
    assert (finding.check.name, finding.brand) == ("the brand exists", f"#{books.shop.brand.pk}")


def test_an_unknown_brand_is_no_clean_brand() -> None:
    with pytest.raises(CommandError, match="There is no brand"):
        call_command("verify_ledger", brand="nobody")


def test_one_brand_is_verified_in_a_moment(books: Books) -> None:
    """Quick enough to follow every test; the best of three, since the machine may be busy."""
    assert min(timeit.repeat(lambda: verify(brand_id=books.shop.brand.pk), number=1, repeat=3)) < 0.3


def _failed(books: Books) -> set[str]:
    return {finding.check.name for finding in verify(brand_id=books.shop.brand.pk)}


def _corrupt(books: Books, statement: str) -> None:
    params = {
        "brand": books.shop.brand.pk,
        "wallet": books.till.wallet_id,
        "issue": books.issue,
        "checkout": books.checkout,
        "start": START,
        "later": START + 1000 * HOUR,
    }
    with unguarded() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount, "the corruption hit no row"


@contextmanager
def _wiped(books: Books) -> Iterator[None]:
    try:
        yield
    finally:
        wipe(books.shop.brand.pk)


@contextmanager
def _index_dropped(name: str | None) -> Iterator[None]:
    """No unique index for a while; the rows that break it must be gone afterwards."""
    if name is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [name])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {name}")
        try:
            yield
        finally:
            cursor.execute(definition)
