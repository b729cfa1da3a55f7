"""A card that checkouts lock, and everything that can happen to it meanwhile.

The operations are called directly, so that the clock is what the story says it is.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest

from apps.campaigns.models import Budget, BudgetReservation, Campaign
from apps.cards.core.state import CheckoutInProgress
from apps.cards.models import Card
from apps.checkouts.core.payments import PaymentInput
from apps.checkouts.core.totals import CheckoutLine
from apps.checkouts.models import Setup
from apps.coupons.core.states import CouponState
from apps.coupons.models import Coupon
from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.ids import new_id
from apps.kernel.value_types import BalanceType
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry, Lot
from apps.lookups.queries.verify_ledger import verify
from apps.programs.core.value_type import BalanceLimitsExceeded
from apps.programs.models import ValueType
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.checkouts.basket import Basket, CheckedOut, Shopper
from apps.transactions.checkouts.cancel import cancel_checkout
from apps.transactions.checkouts.complete import complete_checkout
from apps.transactions.checkouts.lock import LockWanted, lock_checkout
from apps.transactions.checkouts.setup import set_up_checkout
from apps.transactions.operations.allocate_child_card import allocate_child_card
from apps.transactions.operations.checkout import checkout
from apps.transactions.operations.end_lapsed_setup import end_lapsed_setup
from apps.transactions.operations.erase_person import erase_person
from apps.transactions.operations.release_checkout_lock import release_checkout_lock
from apps.transactions.operations.settle_wallet import settle_wallet
from apps.transactions.operations.transfer import TransferWanted, transfer
from apps.transactions.operations.update_account import AccountChange, update_account
from apps.transactions.operations.update_balance import BalanceChange, update_balance
from apps.transactions.operations.void_transaction import void_transaction
from tests.campaigns.live import condition, percent, publish, result, says
from tests.campaigns.live import rule as campaign_rule
from tests.shop import Shop

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONGEST = 40 * 3600
MAXIMUM = 400
NO_ENTRY = {EntryKind.HOLD, EntryKind.RELEASE}


@dataclass(frozen=True)
class Open:
    """A setup that locks the card: what it showed, and which types it leaves."""

    id: UUID
    shown: CheckedOut
    until: datetime
    excluded: frozenset[BalanceType]


class Story:
    """One card; campaigns that are published anew all the time. Each method is something that happens, and says what
    must come of it."""

    shop: ClassVar[Shop]
    campaign: ClassVar[Campaign]
    dollars: ClassVar[ValueType]

    def __init__(self) -> None:
        self.now = START
        self.card = self.shop.card(card_set=self.shop.loyalty_set, customRequestDate="2026-03-01 00:00:00")
        self.wallet_id = int(Card.objects.values_list("wallet_id", flat=True).get(number=self.card))
        self.open: Open | None = None
        self.over: list[Open] = []
        self.bought: list[UUID] = []
        for kind in (BalanceType.POINTS, BalanceType.CURRENCY):
            self.change(kind, "issue", 30)
            self.change(kind, "issue", 20, expires_at=START + timedelta(minutes=30))

    # --- calls -------------------------------------------------------------------------------------------------------

    def facts(self, **more: Any) -> dict[str, Any]:
        call = self.shop.call(id=new_id(), now=self.now, moment=self.now)
        return {"call": call, "configuration": self.shop.configuration} | more

    def task(self) -> Call:
        return Call(id=new_id(), brand_id=self.shop.brand.pk, origin=Origin.TASK, now=self.now, moment=self.now)

    def shopper(self) -> Shopper:
        return Shopper(card_number=self.card)

    def change(self, kind: BalanceType, action: str, amount: int, **more: Any) -> UUID:
        facts = self.facts()
        code = "USD" if kind is BalanceType.CURRENCY else None
        wanted = BalanceChange(action=action, balance_type=kind, balance_code=code, amount=Decimal(amount), **more)
        update_balance(card_number=self.card, wanted=wanted, **facts)
        found: UUID = facts["call"].id
        return found

    def basket(self, total: int, pays: int, with_coupon: bool) -> Basket:
        payments = [PaymentInput(payment_type="Cash", amount=Decimal(1))]
        if pays:
            taken = {"redeems": True, "balance_type": BalanceType.CURRENCY, "balance_code": "USD"}
            payments.append(PaymentInput(amount=Decimal(min(pays, total)), **taken))
        free = Coupon.objects.filter(brand=self.shop.brand, code__startswith="IN-", state=CouponState.FREE)
        coupons = []
        if with_coupon and free.exists():
            code = free.order_by("pk")[0].code
            self.shop.ok("allocateCoupon", {"couponId": code})
            coupons = [code]
        lines = [CheckoutLine("HAT", Decimal(3), Decimal(total) / 4)]
        return Basket(total=Decimal(total), lines=lines, payments=payments, coupons=coupons, needs_all_coupons=False)

    @property
    def lock(self) -> Open | None:
        """The lock in force."""
        return self.open if self.open is not None and self.open.until > self.now else None

    def locked_out(self, act: Any) -> bool:
        """Carry something out that a lock refuses; whether one did, or the bounds of a balance."""
        lock = self.lock
        if lock is None:
            return not self.fits(act)
        before = self.total(BalanceType.CURRENCY), self.total(BalanceType.POINTS)
        with pytest.raises(CheckoutInProgress) as refused:
            act()
        assert refused.value.extra == {"checkoutSetupTransactionId": str(lock.id)}
        assert before == (self.total(BalanceType.CURRENCY), self.total(BalanceType.POINTS))
        return True

    def fits(self, act: Callable[[], object]) -> bool:
        """Carry something out; False if there is too little or would be too much."""
        try:
            act()
        except Refusal as refusal:
            assert refusal.code == ErrorCode.BALANCE_LIMITS_EXCEEDED
            return False
        return True

    def value_type(self, kind: BalanceType) -> int:
        return int((self.dollars if kind is BalanceType.CURRENCY else self.shop.points).pk)

    def total(self, kind: BalanceType) -> Decimal:
        rows = Lot.objects.filter(
            brand=self.shop.brand, wallet_id=self.wallet_id, value_type_id=self.value_type(kind), open=True
        )
        return sum(rows.values_list("remaining", flat=True), Decimal(0))

    # --- what happens ------------------------------------------------------------------------------------------------

    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        if self.open is not None and self.lock is None:
            self.over.append(self.open)
            self.open = None

    def somebody_publishes(self, factor: int, off: int, threshold: int, days: int) -> None:
        publish(self.shop, *rules(factor, off, threshold, days), campaign=self.campaign, budgets=[BUDGET])

    def update_balance(self, kind: BalanceType, action: str, amount: int, minutes: int | None) -> None:
        expires = self.now + timedelta(minutes=minutes) if minutes and action == "issue" else None

        self.usable(kind, lambda: self.change(kind, action, amount, expires_at=expires))

    def somebody_takes_all_there_is(self, kind: BalanceType) -> None:
        """As much as a call on this value type gets."""
        self.usable(kind, lambda: self.change(kind, "redeem", 999, take_what_is_there=True))

    def somebody_fills_the_card(self, kind: BalanceType) -> None:
        """As much as the maximum, and what was promised of it, leaves room for."""

        def act() -> None:
            for amount in (256, 128, 64, 32, 16, 8, 4, 2, 1):
                with suppress(BalanceLimitsExceeded):
                    self.change(kind, "issue", amount)

        self.usable(kind, act)

    def usable(self, kind: BalanceType, act: Callable[[], object]) -> None:
        """Carry something out if the lock leaves this value type; else it is refused."""
        if self.lock is not None and kind in self.lock.excluded:
            self.fits(act)
        else:
            self.locked_out(act)

    def set_up(self, total: int, pays: int, seconds: int, excluded: frozenset[BalanceType], with_coupon: bool) -> None:
        """A checkout locks the card, unless one does already."""
        if self.lock is not None:
            return
        facts = self.facts()
        codes = {BalanceType.CURRENCY: "USD", BalanceType.POINTS: None}
        wanted = LockWanted(seconds=seconds, excluded=tuple((each, codes[each]) for each in sorted(excluded)))
        basket = self.basket(total, pays, with_coupon)
        try:
            shown = lock_checkout(basket=basket, shopper=self.shopper(), wanted=wanted, **facts)
        except Refusal as refusal:
            assert refusal.code == ErrorCode.BALANCE_LIMITS_EXCEEDED
            return
        self.open = Open(facts["call"].id, shown, self.now + timedelta(seconds=seconds), excluded)

    def another_verb(self, which: str) -> None:
        bought = {"basket": Basket(total=Decimal(9)), "shopper": self.shopper()}
        facts = self.facts()
        verbs = {
            "checkout": lambda: checkout(**bought, **facts),
            "setup": lambda: set_up_checkout(**bought, **facts),
            "lock": lambda: lock_checkout(**bought, wanted=LockWanted(seconds=LONGEST + 1), **facts),
            "account": lambda: update_account(card_number=self.card, wanted=AccountChange(custom_number="x"), **facts),
            "child": lambda: allocate_child_card(
                card_number=self.card, child_number=facts["call"].id.hex[-9:], **facts
            ),
            "zero": lambda: transfer(
                card_number=self.card, wanted=TransferWanted(action="zero", release_holds=True), **facts
            ),
            "erase": lambda: erase_person(call=facts["call"], card_number=self.card),
        }
        if which == "lock" and self.lock is None:
            return
        if not self.locked_out(verbs[which]) and which == "checkout":
            self.bought.append(facts["call"].id)

    def void(self) -> None:
        """The last checkout is undone, if there is enough left."""
        if not self.bought:
            return
        last = self.bought[-1]

        facts = self.facts()
        if not self.locked_out(lambda: void_transaction(card_number=self.card, reference=str(last), **facts)):
            self.bought.pop()

    def the_sweep_comes_by(self) -> None:
        settle_wallet(call=self.task(), wallet_id=self.wallet_id)

    def somebody_tidies_up(self) -> None:
        for each in Setup.objects.filter(brand=self.shop.brand, wallet_id=self.wallet_id, ended_by=None):
            done = end_lapsed_setup(call=self.task(), setup_id=each.operation_id, wallet_id=self.wallet_id)
            assert done is (each.until <= self.now)

    # --- how it ends -------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Exactly what was shown is done."""
        setup, facts = self.lock, self.facts()
        if setup is None:
            return
        done = complete_checkout(reference=str(setup.id), shopper=self.shopper(), **facts)
        self.open = None
        self.over.append(setup)
        self.bought.append(facts["call"].id)
        shown = setup.shown
        assert (done.total, done.discount, done.messages) == (shown.total, shown.discount, shown.messages)
        assert done.mutations == shown.mutations
        promised: dict[int, Decimal] = defaultdict(Decimal)
        for each in shown.mutations:
            if each.value_type is not None:
                promised[each.value_type.id] += each.amount
        assert self.moved(facts["call"].id) == {id: amount for id, amount in promised.items() if amount}
        entries = Entry.objects.filter(brand=self.shop.brand, operation_id=facts["call"].id)
        assert all(each.balance_after <= MAXIMUM for each in entries)
        given = Coupon.objects.filter(brand=self.shop.brand, code__in=done.issued or ())
        assert [each.state for each in given] == [CouponState.ALLOCATED] * len(done.issued or ())
        assert verify(brand_id=self.shop.brand.pk) == []

    def moved(self, operation: UUID) -> dict[int, Decimal]:
        """What an operation moved in and out of the card, but for what merely fell due."""
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for each in Entry.objects.filter(brand=self.shop.brand, operation_id=operation, mutation_no__gt=0):
            if each.kind not in NO_ENTRY:
                sums[each.value_type_id] += each.amount
        return {id: amount for id, amount in sums.items() if amount}

    def cancel(self) -> None:
        """The till gives up."""
        self.give_up(lambda id: cancel_checkout(reference=str(id), shopper=self.shopper(), **self.facts()))

    def release(self) -> None:
        """Support gives up."""
        self.give_up(lambda id: release_checkout_lock(card_number=self.card, setup_id=id, **self.facts()))

    def wait(self) -> None:
        """Nobody does anything until the lock is over."""
        self.time_passes(minutes=LONGEST // 60)

    def give_up(self, act: Callable[[UUID], object]) -> None:
        """Everything is free again; only what is late expires."""
        setup = self.lock
        if setup is None:
            return
        settle_wallet(call=self.task(), wallet_id=self.wallet_id)
        before = self.total(BalanceType.CURRENCY), self.total(BalanceType.POINTS)
        act(setup.id)
        self.open = None
        self.over.append(setup)
        after = self.total(BalanceType.CURRENCY), self.total(BalanceType.POINTS)
        assert all(now <= then for now, then in zip(after, before, strict=True))
        assert not Coupon.objects.filter(brand=self.shop.brand, reserved_by=setup.id).exists()

    def look_back(self) -> None:
        """What is over can be neither completed nor cancelled."""
        for setup in self.over[-2:]:
            for verb in (cancel_checkout, complete_checkout):
                with pytest.raises(Refusal) as refused:
                    verb(reference=str(setup.id), shopper=self.shopper(), **self.facts())
                assert refused.value.code == ErrorCode.CHECKOUT_NOT_LOCKED

    # --- always ------------------------------------------------------------------------------------------------------

    def check_budgets(self) -> None:
        """What is reserved is reserved for somebody."""
        reserved: dict[int, Decimal] = defaultdict(Decimal)
        for each in BudgetReservation.objects.filter(brand=self.shop.brand):
            reserved[each.budget_id] += each.amount
        for each in Budget.objects.filter(brand=self.shop.brand):
            assert each.reserved == reserved[each.pk]

    def close(self) -> None:
        """In the end everything is tidied up, and the books add up."""
        self.now += timedelta(days=3)
        self.somebody_tidies_up()
        assert Card.objects.get(number=self.card).locked_by is None
        self.shop.assert_books_add_up()


BUDGET = {"uuid": UUID(int=4711), "measure": "discount", "cap": 100_000}
NODES = [UUID(int=4712 + number) for number in range(20)]
"""Rules and results keep their UUIDs from revision to revision, so that their throttles count on."""


def rules(factor: int, off: int, threshold: int, days: int) -> list[dict[str, Any]]:
    """Points that expire at the end of a day, a threshold that becomes dollars, discounts, a coupon, a message."""
    earn = result(
        "issue_balance",
        value_type="Points",
        amount={"kind": "per_unit", "amount": factor},
        expires={"days": days},
        uuid=NODES[0],
    )
    convert = result(
        "convert", take="Points", threshold=threshold, give="Currency:USD", reward=2, repeats=True, uuid=NODES[1]
    )
    coupon = result("allocate_coupon", coupon_set="out", uuid=NODES[2])
    return [
        campaign_rule(earn, convert, uuid=NODES[3], throttles=[{"times": 900, "per": "brand"}]),
        campaign_rule(percent(off + 1, uuid=NODES[4]), says(f"{off} off", uuid=NODES[5]), uuid=NODES[6]),
        campaign_rule(
            coupon,
            percent(5, uuid=NODES[7]),
            uuid=NODES[8],
            when=[condition("coupon_from", sets=["in"], uuid=NODES[9])],
        ),
    ]
