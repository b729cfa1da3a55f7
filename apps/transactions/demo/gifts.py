"""Ninety days of gift cards: sold, spent, held, lost, and of customers without any card."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.kernel.errors import ErrorCode
from apps.kernel.moments import format_moment
from apps.transactions.demo.diary import DAYS, CardOf, Diary, ReferenceOf, Till
from apps.transactions.demo.places import CARD_SETS, CARDS_AND_CASH
from apps.transactions.demo.purse import CENT, Purse

USD = {"balanceType": "Currency", "balanceCode": "USD"}
FACE_VALUES = {25: 4, 50: 5, 75: 2, 100: 3, 150: 1}
OVERDRAWN = frozenset({int(ErrorCode.BALANCE_LIMITS_EXCEEDED)})
UNKNOWN = frozenset({int(ErrorCode.CARD_NOT_FOUND)})
WRONG_PIN = frozenset({int(ErrorCode.INVALID_PIN)})


@dataclass(slots=True)
class _Gift:
    card: CardOf
    purse: Purse = field(default_factory=Purse)


def write_gift_card(*, diary: Diary) -> None:
    """Write one gift card's life, from the sale to its last use."""
    day = diary.rng.randrange(DAYS)
    at, till = diary.moment(day), diary.till()
    gift = _Gift(CardOf(diary.add("allocate", at, till, cardSetId=CARD_SETS["gift"])))
    _sell(diary, gift, at + timedelta(seconds=20), till)
    uses = (_redeem, _pay, _hold, _redeem_then_pay)
    while (day := day + 1 + int(diary.rng.expovariate(1 / 18))) < DAYS:
        use = diary.rng.choices(uses, (35, 40, 15, 10))[0]
        at, till = diary.moment(day), diary.till()
        free = gift.purse.free(at)
        if free < 2:
            break
        use(diary, gift, at, till, _part_of(diary, free))
    if diary.often(0.06) and day - DAYS < 25:
        _lose(diary, gift, till)


def write_anonymous(*, diary: Diary) -> None:
    """Write a checkout of a customer who shows no card."""
    basket, till = diary.basket(), diary.till()
    payments = [{"paymentType": diary.rng.choice(CARDS_AND_CASH), "amount": basket.total}]
    body: dict[str, Any] = {"products": basket.lines, "paymentMethods": payments}
    if diary.often(0.2):
        off = (basket.total / 10).quantize(CENT)
        body["preDiscounts"] = [{"amount": off}]
        payments[0]["amount"] = basket.total - off
    diary.add("checkout", diary.moment(diary.rng.randrange(DAYS)), till, receipt=diary.receipt(till), **body)


def write_mistake(*, diary: Diary) -> None:
    """Write a call that is refused: a mistyped card number, or a guessed PIN."""
    at, till = diary.moment(diary.rng.randrange(DAYS)), diary.till()
    mistyped = f"{diary.rng.randrange(10**14, 10**15)}"
    amount = USD | {"amount": Decimal("10.00")}
    diary.add("updateBalance", at, till, refusals=UNKNOWN, cardNumber=mistyped, action="redeem", amount=amount)


def _sell(diary: Diary, gift: _Gift, at: datetime, till: Till) -> None:
    face = Decimal(diary.rng.choices(list(FACE_VALUES), list(FACE_VALUES.values()))[0])
    receipt = diary.receipt(till)
    if diary.often(0.03):
        wrong = _update(diary, gift, at, till, "issue", face * 2, receipt=receipt)
        at += timedelta(minutes=2)
        diary.add("voidTransaction", at, till, cardNumber=gift.card, requestRef=ReferenceOf(wrong), receipt=receipt)
        at += timedelta(seconds=30)
    later = {}
    active_at = None
    if diary.often(0.08):
        active_at = at + timedelta(days=5)
        later["issuedBalanceActivation"] = format_moment(active_at)
    _update(diary, gift, at, till, "issue", face, receipt=receipt, **later)
    gift.purse.put(face, active_at=active_at)
    if diary.often(0.25):
        bonus, expires_at = Decimal(5), at + timedelta(days=28)
        expiry = format_moment(expires_at)
        _update(diary, gift, at + timedelta(seconds=9), till, "issue", bonus, issuedBalanceExpiration=expiry)
        gift.purse.put(bonus, expires_at=expires_at)


def _part_of(diary: Diary, free: Decimal) -> Decimal:
    """Sometimes all of it, else a part that looks like a bill."""
    if diary.often(0.25):
        return free
    return max(Decimal(1), (free * diary.rng.randrange(15, 90) / 100).quantize(CENT))


def _redeem(diary: Diary, gift: _Gift, at: datetime, till: Till, amount: Decimal) -> None:
    redeemed = _update(diary, gift, at, till, "redeem", amount, returnBalances=True, receipt=diary.receipt(till))
    if diary.often(0.06):
        at += timedelta(minutes=4)
        diary.add("voidTransaction", at, till, cardNumber=gift.card, requestRef=ReferenceOf(redeemed))
        return
    gift.purse.take(amount, at)
    if diary.often(0.08):
        _update(diary, gift, at + timedelta(minutes=1), till, "redeem", Decimal(400), refusals=OVERDRAWN)
    if diary.often(0.05):
        at += timedelta(minutes=2)
        filters = {"cardNumber": gift.card}
        diary.add("search", at, till, refusals=WRONG_PIN, filters=filters, forcePinValidation=True, pin="0000")


def _pay(diary: Diary, gift: _Gift, at: datetime, till: Till, _: Decimal) -> None:
    basket = diary.basket()
    amount = min(gift.purse.free(at), basket.total)
    payments: list[dict[str, Any]] = [{**USD, "redeemBalance": True, "amount": amount}]
    if basket.total > amount:
        payments.append({"paymentType": diary.rng.choice(CARDS_AND_CASH), "amount": basket.total - amount})
    gift.purse.take(amount, at)
    diary.add(
        "checkout",
        at,
        till,
        receipt=diary.receipt(till),
        cardNumber=gift.card,
        products=basket.lines,
        paymentMethods=payments,
        returnBalances=True,
    )


def _hold(diary: Diary, gift: _Gift, at: datetime, till: Till, amount: Decimal) -> None:
    """An order is prepared: hold first, then take the bill from the hold. Some orders are still open."""
    receipt = diary.receipt(till)
    held = _update(diary, gift, at, till, "hold", amount, receipt=receipt)
    if diary.often(0.25):
        gift.purse.take(amount, at)
        return
    bill = (amount * diary.rng.randrange(60, 101) / 100).quantize(CENT)
    gift.purse.take(bill, at)
    at += timedelta(minutes=25)
    from_hold = {"redeemFromHoldTransactionId": ReferenceOf(held), "releaseHoldRemainder": True}
    _update(diary, gift, at, till, "redeem", bill, receipt=receipt, **from_hold)


def _redeem_then_pay(diary: Diary, gift: _Gift, at: datetime, till: Till, amount: Decimal) -> None:
    receipt = diary.receipt(till)
    gift.purse.take(amount, at)
    redeemed = _update(diary, gift, at, till, "redeem", amount, receipt=receipt)
    payments = [{"updateBalanceRequestRef": ReferenceOf(redeemed), "paymentType": "Giftcard", "amount": amount}]
    at += timedelta(seconds=30)
    diary.add(
        "checkout",
        at,
        till,
        receipt=receipt,
        cardNumber=gift.card,
        checkoutTotal=amount,
        paymentMethods=payments,
    )


def _lose(diary: Diary, gift: _Gift, till: Till) -> None:
    """The card is reported lost on the last day; some turn up again."""
    at = diary.end - timedelta(hours=3)
    status = diary.rng.choice(("Suspended", "Suspended", "Lost"))
    body: dict[str, Any] = {"isAccountingAdjustment": True, "adjustStatus": {"newStatus": status}}
    diary.add("updateBalance", at, till, cardNumber=gift.card, action="adjustOnly", **body)
    if status == "Suspended" and diary.often(0.5):
        diary.add("reactivate", diary.end, till, cardNumber=gift.card)


def _update(diary: Diary, gift: _Gift, at: datetime, till: Till, action: str, amount: Decimal, **more: Any) -> str:
    balance = USD | {"amount": amount}
    return diary.add("updateBalance", at, till, cardNumber=gift.card, action=action, amount=balance, **more)
