"""A till that calls the operations directly, at any moment: time is what the test says it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.cards.models import Card
from apps.checkouts.core.payments import PaymentInput
from apps.checkouts.core.totals import CheckoutLine
from apps.kernel.ids import new_id
from apps.kernel.value_types import BalanceType
from apps.ledger.core.balances import Balance, balances_at
from apps.ledger.core.lots import Lot
from apps.ledger.models import Lot as LotRow
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.checkouts.basket import Basket, Shopper
from apps.transactions.checkouts.complete import complete_checkout
from apps.transactions.checkouts.lock import LockWanted, lock_checkout
from apps.transactions.operations.allocate import allocate
from apps.transactions.operations.checkout import checkout
from apps.transactions.operations.return_merchandise import return_merchandise
from apps.transactions.operations.settle_wallet import Settled, settle_wallet
from apps.transactions.operations.update_balance import BalanceChange, update_balance
from apps.transactions.operations.void_transaction import void_transaction
from apps.transactions.returns.goods import Goods, Returner
from tests.shop import Shop


@dataclass
class Till:
    """Calls for one card of the gift set. Every call returns its id, which is the operation's."""

    shop: Shop
    number: str

    @property
    def wallet_id(self) -> int:
        """The card's wallet."""
        return int(Card.objects.values_list("wallet_id", flat=True).get(brand=self.shop.brand, number=self.number))

    def call(self, at: datetime) -> Call:
        """A call made at that moment."""
        return self.shop.call(id=new_id(), now=at, moment=at)

    def activate(self, at: datetime) -> UUID:
        """Create the card active."""
        call = self.call(at)
        allocate(
            call=call,
            configuration=self.shop.configuration,
            card_set_code=self.shop.gift_set.code,
            card_number=self.number,
            create_if_new=True,
        )
        return call.id

    def change(self, at: datetime, action: str, amount: Any, **more: Any) -> UUID:
        """An updateBalance in USD."""
        call = self.call(at)
        wanted = BalanceChange(
            action=action, balance_type=BalanceType.CURRENCY, balance_code="USD", amount=Decimal(amount), **more
        )
        update_balance(call=call, configuration=self.shop.configuration, card_number=self.number, wanted=wanted)
        return call.id

    def convert(self, at: datetime, currency: str, amount: Any, **more: Any) -> UUID:
        """A redemption in another currency."""
        call = self.call(at)
        wanted = BalanceChange(
            action="redeem",
            balance_type=BalanceType.CURRENCY,
            balance_code=currency,
            amount=Decimal(amount),
            converts=True,
            **more,
        )
        update_balance(call=call, configuration=self.shop.configuration, card_number=self.number, wanted=wanted)
        return call.id

    def void(self, at: datetime, operation: UUID) -> UUID:
        """Undo an earlier call."""
        call = self.call(at)
        void_transaction(
            call=call, configuration=self.shop.configuration, card_number=self.number, reference=str(operation)
        )
        return call.id

    def buy(
        self,
        at: datetime,
        total: Any,
        payments: Sequence[PaymentInput] = (),
        *,
        lines: Sequence[CheckoutLine] = (),
        anonymous: bool = False,
    ) -> UUID:
        """A checkout with this card, or with none."""
        call = self.call(at)
        checkout(
            call=call,
            configuration=self.shop.configuration,
            basket=Basket(total=Decimal(total), lines=lines, payments=payments),
            shopper=Shopper(card_number=None if anonymous else self.number),
        )
        return call.id

    def bring_back(self, at: datetime, checkout: UUID, value: Any = 0, **goods: Any) -> UUID:
        """A return of a checkout."""
        call = self.call(at)
        return_merchandise(
            call=call,
            configuration=self.shop.configuration,
            goods=Goods(additional=Decimal(value), **goods),
            returner=Returner(card_number=self.number, checkout=str(checkout)),
        )
        return call.id

    def lock(self, at: datetime, total: Any, payments: Sequence[PaymentInput] = (), *, seconds: int = 600) -> UUID:
        """Set a checkout up that locks this card."""
        call = self.call(at)
        lock_checkout(
            call=call,
            configuration=self.shop.configuration,
            basket=Basket(total=Decimal(total), payments=payments),
            shopper=Shopper(card_number=self.number),
            wanted=LockWanted(seconds=seconds),
        )
        return call.id

    def complete(self, at: datetime, setup: UUID) -> UUID:
        """Complete what was set up."""
        call = self.call(at)
        shopper = Shopper(card_number=self.number)
        complete_checkout(call=call, configuration=self.shop.configuration, reference=str(setup), shopper=shopper)
        return call.id

    def settle(self, at: datetime) -> Settled:
        """What the sweep does with this wallet."""
        call = Call(id=new_id(), brand_id=self.shop.brand.pk, origin=Origin.TASK, now=at, moment=at)
        return settle_wallet(call=call, wallet_id=self.wallet_id)

    def balances(self, at: datetime) -> list[Balance]:
        """The balances that a client would see now, if now were `at`: from the lots, not from entries."""
        rows = LotRow.objects.filter(brand=self.shop.brand, wallet_id=self.wallet_id, open=True)
        lots = rows.values_list(*(name for name in Lot.__dataclass_fields__ if not name.startswith("is_")))
        return balances_at([Lot(*lot) for lot in lots], at)


def paid_from_card(amount: Any) -> PaymentInput:
    """A payment that the checkout itself takes from the card."""
    return PaymentInput(redeems=True, balance_type=BalanceType.CURRENCY, balance_code="USD", amount=Decimal(amount))
