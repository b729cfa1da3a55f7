"""What a card held at any moment can be told from entries alone."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from apps.kernel.errors import Refusal
from apps.ledger.core.balances import Balance
from apps.ledger.queries.as_at import balances_as_at
from tests.ledger.till import Till, paid_from_card
from tests.shop import Shop, open_shop

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def as_at(till: Till, at: datetime, known_at: datetime | None = None) -> list[Balance]:
    """The balances of a till's card."""
    return balances_as_at(brand_id=till.shop.brand.pk, wallet_id=till.wallet_id, at=at, known_at=known_at)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_at_equals_what_was_seen_live(seed: int) -> None:
    """A hundred random calls a card, with expiries, delayed value, holds that lapse, voids and sweeps in between."""
    shop = open_shop("acme", hold_lifetime=90 * MINUTE)
    story = _Story(Till(shop, "card"), random.Random(seed))
    for _ in range(120):
        story.go_on()
    assert len(story.seen) > 100
    for at, balances in story.seen:
        assert as_at(story.till, at) == _sorted(balances), at
    shop.assert_books_add_up()


def test_what_was_imported_later_was_not_known_then(acme: Shop) -> None:
    till = Till(acme, "card")
    till.activate(START)
    till.change(START, "issue", 10)
    late = acme.call(now=START + 100 * MINUTE, moment=START + MINUTE)
    till.call = lambda at: late  # type: ignore[method-assign]
    till.change(START, "issue", 5)
    at = START + 2 * MINUTE
    assert [each.amount for each in as_at(till, at)] == [Decimal(15)]
    assert [each.amount for each in as_at(till, at, known_at=START + 99 * MINUTE)] == [Decimal(10)]


def test_another_brand_sees_nothing(acme: Shop, charlie: Shop) -> None:
    till = Till(acme, "card")
    till.activate(START)
    till.change(START, "issue", 10)
    assert balances_as_at(brand_id=charlie.brand.pk, wallet_id=till.wallet_id, at=START + MINUTE) == []


class _Story:
    """Random calls on one card, and what a client would have seen between them."""

    def __init__(self, till: Till, chance: random.Random) -> None:
        self.till, self.chance, self.at = till, chance, START
        self.done: list[UUID] = []
        self.holds: list[UUID] = []
        self.seen: list[tuple[datetime, list[Balance]]] = []
        till.activate(START)

    def go_on(self) -> None:
        """One call, refused or not, then a look at some moment before the next one."""
        self.at += self.chance.randint(1, 40) * MINUTE
        with suppress(Refusal):
            self._call()
        look = self.at + self.chance.randint(0, 59) * timedelta(seconds=1)
        self.seen.append((look, self.till.balances(look)))

    def _call(self) -> None:
        act = self.chance.choice(
            [self._issue, self._issue, self._redeem, self._hold, self._redeem_hold, self._void, self._buy, self._sweep]
        )
        act(Decimal(self.chance.randint(1, 4000)) / 100)

    def _issue(self, amount: Decimal) -> None:
        active = self.at + self.chance.randint(1, 100) * MINUTE if self.chance.random() < 0.3 else None
        expires = self.at + self.chance.randint(101, 400) * MINUTE if self.chance.random() < 0.6 else None
        returned = self.chance.random() < 0.2
        self.done.append(
            self.till.change(self.at, "issue", amount, active_at=active, expires_at=expires, return_related=returned)
        )

    def _redeem(self, amount: Decimal) -> None:
        self.done.append(self.till.change(self.at, "redeem", amount, take_what_is_there=self.chance.random() < 0.5))

    def _hold(self, amount: Decimal) -> None:
        hold = self.till.change(self.at, "hold", amount)
        self.holds.append(hold)
        self.done.append(hold)

    def _redeem_hold(self, amount: Decimal) -> None:
        if self.holds:
            hold = str(self.chance.choice(self.holds[-3:]))
            rest = self.chance.random() < 0.4
            self.done.append(
                self.till.change(
                    self.at, "redeem", (amount / 4).quantize(Decimal("0.01")), hold_id=hold, release_rest=rest
                )
            )

    def _void(self, amount: Decimal) -> None:
        if self.done:
            self.till.void(self.at, self.done.pop(self.chance.randrange(len(self.done))))

    def _buy(self, amount: Decimal) -> None:
        self.done.append(self.till.buy(self.at, amount, [paid_from_card(amount)]))

    def _sweep(self, amount: Decimal) -> None:
        self.till.settle(self.at)


def _sorted(balances: list[Balance]) -> list[Balance]:
    return sorted(balances, key=lambda each: (each.hold_id is not None, each.value_type_id, str(each.hold_id)))
