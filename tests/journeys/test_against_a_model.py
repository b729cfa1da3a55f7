"""Random sequences of calls on one card agree with a card in plain Python, call by call."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from apps.ledger.core.transfers import UnresolvedHolds
from apps.transactions.operations.allocate_child_card import allocate_child_card
from apps.transactions.operations.transfer import TransferWanted, transfer
from apps.transactions.transfer_in import Arrival
from tests.journeys.model import ModelCard, Parcel, Short
from tests.shop import Shop, open_shop, usd

AMOUNTS = st.integers(1, 5000).map(lambda cents: Decimal(cents) / 100)
DAYS = st.integers(1, 40)


class CardMachine(RuleBasedStateMachine):
    """Calls carry customRequestDate, so that days pass between them."""

    shop: Shop
    child: ClassVar[dict[str, str]] = {}
    """How calls name the child card, if it is one."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
        self.card = self.new_card()
        self.model = ModelCard()
        self.undo: dict[str, tuple[str, list[Parcel]]] = {}

    def new_card(self) -> str:
        card = self.shop.card(customRequestDate=self.stamp())
        if self.child:
            call = self.shop.call(moment=self.at)
            number = self.child["childCardNumber"]
            allocate_child_card(call=call, configuration=self.shop.configuration, card_number=card, child_number=number)
        return card

    def send(self, action: str, amount: Decimal, **more: Any) -> Any:
        more = self.child | more
        return self.shop.post("updateBalance", usd(self.card, action, amount, customRequestDate=self.stamp(), **more))

    def balances(self) -> list[dict[str, Any]]:
        if not self.child:
            return self.shop.balances(self.card)
        fields = {"balances": True, "childCards": True}
        found = self.shop.ok("search", {"filters": {"cardNumber": self.card}, "returnFields": fields})
        shown: list[dict[str, Any]] = found["cards"][0]["childCards"][0]["balances"]
        return shown

    def stamp(self, days: int = 0) -> str:
        return (self.at + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")

    @rule(hours=st.integers(1, 48))
    def time_passes(self, hours: int) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        self.at = min(self.at + timedelta(hours=hours), now - timedelta(seconds=1))
        self.model.tick(self.at)

    @rule(amount=AMOUNTS, returned=st.booleans(), expires=st.none() | DAYS, active=st.none() | st.just(0))
    def issue(self, amount: Decimal, returned: bool, expires: int | None, active: int | None) -> None:
        more: dict[str, Any] = {"isReturnRelated": returned}
        moments: dict[str, Any] = {"expires": None, "active": None}
        if expires:
            more["issuedBalanceExpiration"] = self.stamp(expires)
            moments["expires"] = self.at + timedelta(days=expires)
        if active is not None:
            moments["active"] = self.at + timedelta(hours=12)
            more["issuedBalanceActivation"] = moments["active"].strftime("%Y-%m-%d %H:%M:%S")
        reply = self.send("issue", amount, **more)
        assert reply.status == 200, reply.text
        self.model.issue(amount, returned=returned, **moments)

    @rule(amount=AMOUNTS)
    def redeem(self, amount: Decimal) -> None:
        reply = self.send("redeem", amount)
        try:
            taken = self.model.take(amount, self.at)
        except Short:
            assert reply.code == 13
        else:
            assert reply.status == 200, reply.text
            self.undo[reply["transactionId"]] = ("redeem", taken)

    @rule(amount=AMOUNTS)
    def redeem_what_is_there(self, amount: Decimal) -> None:
        there = min(amount, self.model.free(self.at))
        reply = self.send("redeem", amount, redeemMaxOnOverdraw=True)
        assert reply.status == 200
        assert reply["didOverdraw"] is (there < amount)
        assert reply.body.get("overdrawAmount", Decimal(0)) == amount - there
        self.model.take(there, self.at)

    @rule(amount=AMOUNTS)
    def hold(self, amount: Decimal) -> None:
        reply = self.send("hold", amount)
        if self.model.free(self.at) < amount:
            assert reply.code == 13
        else:
            self.model.hold(amount, self.at, reply["transactionId"])

    @precondition(lambda self: self.model.holds())
    @rule(data=st.data(), amount=AMOUNTS, release=st.booleans())
    def redeem_from_hold(self, data: Any, amount: Decimal, release: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.holds())))
        reply = self.send("redeem", amount, redeemFromHoldTransactionId=name, releaseHoldRemainder=release)
        from_hold = min(amount, self.model.held(name))
        if self.model.free(self.at) < amount - from_hold:
            assert reply.code == 13
            return
        assert reply.status == 200, reply.text
        self.model.take(from_hold, self.at, hold=name)
        self.model.take(amount - from_hold, self.at)
        if release:
            self.model.free_hold(name)
            self.model.tick(self.at)

    @precondition(lambda self: self.model.holds())
    @rule(data=st.data())
    def cancel_hold(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.holds())))
        reply = self.send("redeem", Decimal(0), redeemFromHoldTransactionId=name, releaseHoldRemainder=True)
        assert reply.status == 200, reply.text
        self.model.free_hold(name)
        self.model.tick(self.at)

    @precondition(lambda self: self.undo)
    @rule(data=st.data())
    def void_a_redemption(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.undo)))
        _, taken = self.undo.pop(name)
        body = {"cardNumber": self.card, "requestRef": name, "customRequestDate": self.stamp()} | self.child
        assert self.shop.post("voidTransaction", body).status == 200
        self.model.parcels.extend(taken)
        self.model.tick(self.at)
        assert self.shop.post("voidTransaction", body).code == 30

    @rule(release=st.booleans())
    def everything_goes_to_another_card(self, release: bool) -> None:
        """What is voided later was done on the old card."""
        old = self.card
        if self.model.holds() and not release:
            with pytest.raises(UnresolvedHolds):
                self.move(old, TransferWanted(action="out"))
            return
        for name in self.model.holds():
            self.model.free_hold(name)
        self.model.tick(self.at)
        self.move(old, TransferWanted(action="out", release_holds=release))
        self.card = self.shop.card(customRequestDate=self.stamp())
        self.move(self.card, TransferWanted(action="in", arrival=Arrival(old_number=old)))

    def move(self, card: str, wanted: TransferWanted) -> None:
        call = self.shop.call(moment=self.at)
        transfer(call=call, configuration=self.shop.configuration, card_number=card, wanted=wanted)

    @invariant()
    def balances_agree(self) -> None:
        now, balances = datetime.now(UTC), self.balances()
        free = sum((Decimal(each["amount"]) for each in balances if not each["isHold"]), Decimal(0))
        held = {each["holdingTransactionId"]: each["amount"] for each in balances if each["isHold"]}
        assert free == self.model.free(now)
        assert held == self.model.holds()


@pytest.mark.parametrize("child", [{}, {"childCardNumber": "kid"}], ids=["card", "child card"])
def test_random_calls_agree_with_a_card_in_plain_python(child: dict[str, str]) -> None:
    shop = open_shop("model")

    class Machine(CardMachine):
        pass

    Machine.shop, Machine.child = shop, child
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    shop.assert_books_add_up()
