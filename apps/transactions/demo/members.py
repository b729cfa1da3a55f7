"""Ninety days of the Breakfast Club's members: they enrol, buy, collect and redeem.

Points come from the brand's campaigns, which turn a hundred of them into cash back. How many exactly is theirs to say:
the plan spends no more than what there is at the least.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.kernel.moments import format_moment
from apps.transactions.demo.diary import DAYS, Basket, CardOf, Diary, ReferenceOf, Till
from apps.transactions.demo.people import invented_customer
from apps.transactions.demo.places import CARD_SETS, CARDS_AND_CASH, COFFEE, COFFEE_PRICE, PASTRY
from apps.transactions.demo.purse import CENT, Purse

PUNCHES: Mapping[str, str] = {"balanceType": "Punches"}
CASHBACK: Mapping[str, str] = {"balanceType": "Custom", "balanceCode": "cashback"}
POINTS_PER_VOUCHER, VOUCHER = Decimal(100), Decimal(5)
PROMO = {"key": "promo", "value": "TOAST"}
PUNCHES_PER_COFFEE = Decimal(5)
GAPS = {8.0: 0.2, 26.0: 0.5, 400.0: 0.3}
"""Mean days between the visits of regulars, of occasional customers, and of those who come once."""


@dataclass(slots=True)
class _Member:
    card: CardOf
    home: Till
    collects_cash: bool
    points: Decimal = Decimal(0)
    punches: Purse = field(default_factory=Purse)
    cash: Purse = field(default_factory=Purse)


def write_member(*, diary: Diary, number: int) -> None:
    """Write one member's life: joining, visits, and now and then a void or an inquiry."""
    day = min(int(diary.rng.triangular(0, DAYS, 12)), DAYS - 1)
    gap = diary.rng.choices(list(GAPS), list(GAPS.values()))[0]
    member, at = _join(diary, number, diary.moment(day))
    _visit(diary, member, at + timedelta(minutes=3))
    while (day := day + 1 + int(diary.rng.expovariate(1 / gap))) < DAYS:
        _visit(diary, member, diary.moment(day))


def _join(diary: Diary, number: int, at: datetime) -> tuple[_Member, datetime]:
    till = diary.till()
    allocated = diary.add("allocate", at, till, cardSetId=CARD_SETS["loyalty"])
    member = _Member(CardOf(allocated), till, collects_cash=diary.often(0.35))
    account: dict[str, Any] = {"primaryCustomer": invented_customer(rng=diary.rng, number=number)}
    if diary.often(0.6):
        account["customCardNumber"] = f"JR-{number:06}"
    enrols = diary.often(0.9)
    at += timedelta(minutes=1)
    diary.add("updateAccount", at, till, cardNumber=member.card, countAsEnrollment=enrols, **account)
    return member, at


def _visit(diary: Diary, member: _Member, at: datetime) -> None:
    till = member.home if diary.often(0.7) else diary.till()
    if diary.often(0.15):
        shown = {"balances": True, "customer": True, "isEnrolled": True}
        diary.add("search", at, till, filters={"cardNumber": member.card}, returnFields=shown)
    basket, receipt = diary.basket(), diary.receipt(till)
    at += timedelta(minutes=1)
    has_code = diary.often(0.08)
    paid = _checkout(diary, member, at, till, basket, receipt, has_code=has_code)
    if diary.often(0.02):
        refund = at + timedelta(minutes=8)
        diary.add(
            "voidTransaction", refund, till, cardNumber=member.card, requestRef=ReferenceOf(paid), receipt=receipt
        )
    else:
        _earn(member, basket, has_code=has_code)
        _collect(diary, member, at + timedelta(seconds=5), till, basket, receipt)
    if diary.often(0.01):
        diary.add("cardHistory", at + timedelta(minutes=20), till, cardNumber=member.card, maxResults=20)


def _checkout(
    diary: Diary, member: _Member, at: datetime, till: Till, basket: Basket, receipt: str, *, has_code: bool
) -> str:
    rest, payments, spent = basket.total, [], []
    if basket.count(COFFEE) and member.punches.free(at) >= PUNCHES_PER_COFFEE and diary.often(0.5):
        rest -= COFFEE_PRICE
        spent.append((member.punches, PUNCHES_PER_COFFEE))
        payments.append(_redeeming(PUNCHES, PUNCHES_PER_COFFEE) | {"checkoutPaymentAmount": COFFEE_PRICE})
    cash = min(member.cash.free(at), rest)
    if cash >= 1 and diary.often(0.4):
        rest -= cash
        spent.append((member.cash, cash))
        payments.append(_redeeming(CASHBACK, cash))
    if rest:
        payments.append({"paymentType": diary.rng.choice(CARDS_AND_CASH), "amount": rest})
    for purse, amount in spent:
        purse.take(amount, at)
    code: dict[str, Any] = {"customKeyValues": [PROMO]} if has_code else {}
    return diary.add(
        "checkout",
        at,
        till,
        receipt=receipt,
        cardNumber=member.card,
        products=basket.lines,
        paymentMethods=payments,
        returnBalances=True,
        returnBalanceMutations=bool(spent),
        **code,
    )


def _redeeming(value_type: Mapping[str, str], amount: Decimal) -> dict[str, Any]:
    return {**value_type, "redeemBalance": True, "amount": amount}


def _earn(member: _Member, basket: Basket, *, has_code: bool) -> None:
    """What the campaigns gave at the least: a point for each dollar that no discount may have taken."""
    off = basket.spent_on(PASTRY) / 2 + (basket.total / 10 if has_code else 0) + (5 if basket.total >= 50 else 0)
    member.points += (basket.total - off) // 1
    while member.points >= POINTS_PER_VOUCHER:
        member.points -= POINTS_PER_VOUCHER
        member.cash.put(VOUCHER)


def _collect(diary: Diary, member: _Member, at: datetime, till: Till, basket: Basket, receipt: str) -> None:
    """Punches for coffees (half of the members' lapse), cash back for some."""
    coffees = Decimal(basket.count(COFFEE))
    if coffees and diary.often(0.5):
        expires_at = (at + timedelta(days=45)).replace(hour=8, minute=0, second=0) if diary.often(0.5) else None
        _issue(diary, member, at + timedelta(seconds=5), till, PUNCHES, coffees, receipt, expires_at)
        member.punches.put(coffees, expires_at=expires_at)
    if member.collects_cash:
        back = (basket.total * 3 / 100).quantize(CENT)
        _issue(diary, member, at + timedelta(seconds=15), till, CASHBACK, back, receipt)
        member.cash.put(back)


def _issue(
    diary: Diary,
    member: _Member,
    at: datetime,
    till: Till,
    value_type: Mapping[str, str],
    amount: Decimal,
    receipt: str,
    expires_at: datetime | None = None,
) -> None:
    body: dict[str, Any] = {"cardNumber": member.card, "action": "issue", "amount": {**value_type, "amount": amount}}
    if expires_at is not None:
        body["issuedBalanceExpiration"] = format_moment(expires_at)
    diary.add("updateBalance", at, till, receipt=receipt, **body)
