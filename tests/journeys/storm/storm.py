"""A storm: random verbs from many tills, most of them on a few hot cards, a quarter of the ids used again."""

import itertools
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.cards.operations.seal_pin import new_pin, seal_pin
from apps.coupons.operations.create_coupon_set import create_coupon_set
from apps.coupons.operations.load_coupons import load_coupons
from apps.kernel.ids import new_id
from apps.kernel.moments import format_moment
from apps.ledger.queries.due_wallets import due_wallets
from apps.programs.models import CardSet
from apps.programs.operations.add_exchange_rate import add_exchange_rate
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.operations.settle_wallet import settle_wallet
from tests.journeys.storm.journal import Done, Journal
from tests.journeys.storm.till import Lost, Place, Reply, Till
from tests.shop import Shop

HOT, LOYAL, SPREAD = 8, 2, 60
CHILDREN, LEAVING = 3, 10
"""How many of the hot cards have a child card; how many of the others do, which are those that leave most often."""
CHILD = "kid"
COUPONS = 12
"""Coupons that everybody wants to use; as many calls again draw from a set that runs out."""
USES = {"use": 1, "useReservation": 1, "unuse": -1}
EUROS = Decimal("1.0834")
"""Dollars for a euro."""
ON_A_HOT_CARD = 0.85
WITH_ID, REPEATED = 0.4, 0.25
TRIES = 40
"""Attempts of a call that is told to come again."""
BUSY = frozenset({4, 18, 26, 28})
ANY_CARD = frozenset({11, 14})
"""A card may be suspended, or locked by a checkout."""
NAMED_CARD = ANY_CARD | {9}
"""A card that is allocated by its number may be active already, or transferred out since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A call to be made, the refusals that it may meet, and what a success means for the card."""

    verb: str
    method: str
    body: dict[str, Any]
    card: str | None = None
    allowed: frozenset[int] = frozenset()
    effect: Callable[[Reply], Decimal] = lambda _: Decimal(0)
    undoes: UUID | None = None
    paid_by: tuple[UUID, ...] = ()
    reads: bool = False
    coupon: str | None = None
    uses: int = 0
    asks: bool = False
    """Whether requestLookup must be asked what a success moved."""


@dataclass(slots=True)
class Storm:
    """One storm on one shop. `calls` is how many wishes are made; retries come on top.

    `insists`: things are going to break. Every call has an id of its own and is sent until it is answered for good.
    """

    shop: Shop
    place: Place
    calls: int
    clients: int
    seed: int = 1
    sweeps: bool = True
    insists: bool = False
    journal: Journal = field(default_factory=Journal)
    seconds: float = 0.0
    delays: list[float] = field(default_factory=list)
    swept: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    hot: list[str] = field(default_factory=list)
    spread: list[str] = field(default_factory=list)
    loyal: list[str] = field(default_factory=list)
    rack: list[str] = field(default_factory=list)
    _recent: deque[Done] = field(default_factory=lambda: deque(maxlen=300))
    _used_ids: deque[str] = field(default_factory=lambda: deque(maxlen=200))
    _twins: deque[tuple[Wish, str]] = field(default_factory=deque)
    _heirs: dict[str, str] = field(default_factory=dict)
    _new_numbers: Any = field(default_factory=itertools.count)

    # --- before and around -------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Cards with something on them, and a rack of inventory cards that will run out."""
        long_ago = datetime.now(UTC) - timedelta(days=2)
        add_exchange_rate(
            brand=self.shop.brand, base="EUR", quote="USD", rate=EUROS, valid_from=long_ago, source="storm"
        )
        self._make_coupons()
        till = Till(self.place)
        self.carry_out(till, Wish(verb="event_type", method="createEventType", body={"categoryId": "storm"}), None)
        for number in range(COUPONS):
            self.carry_out(till, allocation(f"wanted-{number}"), None)
        self.hot = [self._card(till, self.shop.gift_set, f"H{number}") for number in range(HOT)]
        self.loyal = [self._card(till, self.shop.loyalty_set, f"L{number}") for number in range(LOYAL)]
        self.spread = [self._card(till, self.shop.gift_set, f"S{number}") for number in range(SPREAD)]
        self.rack = [f"R{number}" for number in range(max(20, self.calls // 60))]
        fill_rack(self.shop, self.shop.gift_set, self.rack)
        chance = random.Random(self.seed)
        for card in [*self.hot, *self.loyal]:
            self.carry_out(till, self._issue(chance, card, plain=Decimal(500)), None)
        for card in [*self.hot[:CHILDREN], *self.spread[:LEAVING]]:
            self.carry_out(till, self._create_child(card), None)
            self.carry_out(till, self._issue(chance, f"{card}/{CHILD}", plain=Decimal(200)), None)
        till.close()

    def run(self, disturb: Callable[[], None] = lambda: None) -> None:
        """Let it blow, and wait until it is over. `disturb` is called while it blows."""
        tickets = iter(range(self.calls))
        take = threading.Lock()

        def client(number: int) -> None:
            chance, till = random.Random(f"{self.seed} {number}"), Till(self.place)
            while True:
                with take:
                    if next(tickets, None) is None:
                        break
                wish, custom_id = self._next(chance)
                carry_out = self._insist if self.insists else self.carry_out
                carry_out(till, wish, custom_id)
                if wish.verb == "suspend":
                    carry_out(till, self._reactivate(str(wish.card)), None)
            till.close()
            with take:
                self.troubles.update(till.troubles)

        over = threading.Event()
        sweeper = threading.Thread(target=self._sweep, args=(over,))
        threads = [threading.Thread(target=self._guarded, args=(client, number)) for number in range(self.clients)]
        started = time.perf_counter()
        if self.sweeps:
            sweeper.start()
        for thread in threads:
            thread.start()
        disturb()
        for thread in threads:
            thread.join()
        self.seconds = time.perf_counter() - started
        over.set()
        if self.sweeps:
            sweeper.join()

    def wait_for(self, answers: int) -> None:
        """Wait until so many calls were answered."""
        while len(self.delays) < answers and not self.journal.problems:
            time.sleep(0.01)

    def report(self) -> str:
        """Figures for people."""
        delays = sorted(self.delays)
        codes = dict(sorted(self.journal.refusals().items()))
        verbs: dict[str, int] = {}
        for (verb, code), count in self.journal.answers.items():
            verbs[verb] = verbs.get(verb, 0) + (count if code == 0 else 0)
        p50, p99, slowest = (1000 * delays[place] for place in (len(delays) // 2, len(delays) * 99 // 100, -1))
        return (
            f"{len(delays)} answers from {self.clients} tills in {self.seconds:.1f} s:"
            f" {len(delays) / self.seconds:.0f}/s, p50 {p50:.0f} ms, p99 {p99:.0f} ms, slowest {slowest:.0f} ms\n"
            f"  codes (0: success) {codes}\n  successes {verbs}\n  wallets settled beside it: {self.swept}"
            + (f"\n  tried again because of {dict(self.troubles)}" if self.insists else "")
        )

    def _guarded(self, client: Callable[[int], None], number: int) -> None:
        try:
            client(number)
        except Exception as problem:
            self.journal.problem(f"till {number} broke down: {problem!r}")

    def _sweep(self, over: threading.Event) -> None:
        """The task's work, without its minute between."""
        try:
            while not over.wait(0.05):
                for wallet_id in due_wallets(brand_id=self.shop.brand.pk, now=datetime.now(UTC), limit=50):
                    now = datetime.now(UTC)
                    call = Call(id=new_id(), brand_id=self.shop.brand.pk, origin=Origin.TASK, now=now, moment=now)
                    self.swept += settle_wallet(call=call, wallet_id=wallet_id).expired > 0
        except Exception as problem:
            self.journal.problem(f"the sweep broke down: {problem!r}")
        finally:
            connections.close_all()

    def _make_coupons(self) -> None:
        """Some that are allocated, and a set to draw from."""
        now = datetime.now(UTC)
        for code, count in (("wanted", COUPONS), ("drawn", max(20, self.calls // 100))):
            coupons = create_coupon_set(brand=self.shop.brand, code=code, name=code)
            lines = ["code\n", *(f"{code}-{number}\n" for number in range(count))]
            load_coupons(coupon_set=coupons, lines=lines, now=now)

    def _card(self, till: Till, card_set: CardSet, number: str) -> str:
        self.carry_out(till, self._create(number, card_set.code), None)
        return number

    # --- one call ----------------------------------------------------------------------------------------------------

    def carry_out(self, till: Till, wish: Wish, custom_id: str | None) -> Reply | None:
        """Make one call, again where it is told to, and note what came back."""
        for attempt in range(TRIES):
            started = time.perf_counter()
            try:
                reply = till.send(wish.method, wish.body, custom_id)
            except Lost as lost:
                self.journal.problem(f"{wish.verb}: {lost}")
                return None
            self.delays.append(time.perf_counter() - started)
            self.journal.answered(wish.verb, reply.code)
            if reply.code not in BUSY:
                if wish.asks and reply.code is None:
                    wish = self._looked_up(till, wish, reply)
                self._note(wish, custom_id, reply)
                return reply
            time.sleep(0.02 * (attempt + 1))
        self.journal.problem(f"{wish.verb} on {wish.card}: busy {TRIES} times")
        return None

    def _looked_up(self, till: Till, wish: Wish, reply: Reply) -> Wish:
        """The wish with the effect that requestLookup tells of."""
        seen = till.send("requestLookup", {"requestRef": reply.reference}, None)
        self.delays.append(0.0)
        effect = _effect_seen(wish, seen)
        return replace(wish, effect=lambda _: effect)

    def _insist(self, till: Till, wish: Wish, _custom_id: str | None) -> None:
        """Make one call whatever happens. After a lost answer the 3 names the call, and requestLookup tells of it."""
        started, custom_id = time.perf_counter(), uuid4().hex
        reply = till.insist(wish.method, wish.body, custom_id)
        self.delays.append(time.perf_counter() - started)
        self.journal.answered(wish.verb, reply.code)
        if reply.code != 3:
            self._note(wish, custom_id, reply)
            return
        original = UUID(reply["originalRequestRef"])
        self.journal.carried_out(custom_id, original)
        if not wish.reads:
            seen = till.insist("requestLookup", {"requestRef": str(original)}, reads=True)
            card = seen.body.get("cardNumber") if wish.verb.startswith("allocate") else wish.card
            self._acknowledge(wish, original, card, _effect_seen(wish, seen))

    def _note(self, wish: Wish, custom_id: str | None, reply: Reply) -> None:
        reference = UUID(reply.reference)
        if reply.code is None:
            if custom_id:
                self.journal.carried_out(custom_id, reference)
            if not wish.reads:
                card = reply["cardNumber"] if wish.verb.startswith("allocate") else wish.card
                self._acknowledge(wish, reference, card, wish.effect(reply))
        elif reply.code == 3 and custom_id:
            self.journal.named_original(custom_id, UUID(reply["originalRequestRef"]))
        elif reply.code not in wish.allowed:
            self.journal.problem(f"{wish.verb} {wish.body}: {reply.status} {reply.body}")

    def _acknowledge(self, wish: Wish, reference: UUID, card: str | None, effect: Decimal) -> None:
        done = Done(reference, wish.verb, card, effect, wish.undoes, wish.paid_by, wish.coupon, wish.uses)
        self.journal.acknowledged(done)
        self._recent.append(done)
        if wish.verb == "transfer_in":
            self._heirs[wish.body["oldCardNumber"]] = str(card)
        if wish.verb.startswith("allocate"):
            self.journal.allocated.append(str(card))
            self.spread.append(str(card))

    def weights(self) -> dict[str, int]:
        """How often each verb is chosen."""
        return _WEIGHTS

    # --- what to do next ---------------------------------------------------------------------------------------------

    def _next(self, chance: random.Random) -> tuple[Wish, str | None]:
        try:
            return self._twins.popleft()
        except IndexError:
            pass
        wish = self._wish(chance)
        if chance.random() > WITH_ID:
            return wish, None
        if chance.random() < REPEATED / 2 and self._used_ids:
            return wish, chance.choice(list(self._used_ids))
        custom_id = uuid4().hex
        self._used_ids.append(custom_id)
        if chance.random() < REPEATED:
            self._twins.append((self._twin(chance, wish), custom_id))
        return wish, custom_id

    def _twin(self, chance: random.Random, wish: Wish) -> Wish:
        """The same call, or another one, under the same id at the same time."""
        return wish if chance.random() < 0.6 else self._wish(chance)

    def _wish(self, chance: random.Random) -> Wish:
        verbs, weights = zip(*self.weights().items(), strict=True)
        verb = chance.choices(verbs, weights)[0]
        card = self._some_card(chance)
        wish: Wish | None = getattr(self, f"_{verb}")(chance, card)
        return wish or self._issue(chance, card)

    def _some_card(self, chance: random.Random) -> str:
        """A card, or `root/child`."""
        if chance.random() < 0.2:
            root = chance.choice(self.hot[:CHILDREN] if chance.random() < 0.75 else self.spread[:LEAVING])
            return f"{root}/{CHILD}"
        if chance.random() > ON_A_HOT_CARD:
            return chance.choice(self.spread)
        return chance.choice([*self.hot, *self.loyal])

    def _value(self, card: str, amount: Decimal) -> dict[str, Any]:
        if card in self.loyal:
            return {"balanceType": "Points", "amount": amount}
        return {"balanceType": "Currency", "balanceCode": "USD", "amount": amount}

    def _amount(self, chance: random.Random, card: str) -> Decimal:
        return Decimal(chance.randint(1, 40)) if card in self.loyal else Decimal(chance.randint(1, 4000)) / 100

    def _update(self, card: str, action: str, amount: Decimal, **more: Any) -> dict[str, Any]:
        return named(card) | {"action": action, "amount": self._value(card, amount)} | more

    # --- the verbs ---------------------------------------------------------------------------------------------------

    def _issue(self, chance: random.Random, card: str, plain: Decimal | None = None) -> Wish:
        amount = plain or self._amount(chance, card)
        more: dict[str, Any] = {}
        kind = chance.random()
        if plain is None and kind < 0.3:
            more["issuedBalanceExpiration"] = _soon(chance.choice([1, 2, 3]))
        elif plain is None and kind < 0.4:
            more["issuedBalanceActivation"] = _soon(chance.choice([1, 2, 3]))
        elif plain is None and kind < 0.6:
            more["issuedBalanceExpiration"] = f"20{chance.randint(60, 64)}-01-01 00:00:00"
        if chance.random() < 0.15:
            more["isReturnRelated"] = True
        body = self._update(card, "issue", amount, returnBalances=chance.random() < 0.3, **more)
        # 9: the moment has passed while the call waited
        allowed = ANY_CARD | {9, 13}
        return Wish(
            verb="issue", method="updateBalance", body=body, card=card, allowed=allowed, effect=lambda _: amount
        )

    def _redeem(self, chance: random.Random, card: str) -> Wish:
        amount = self._amount(chance, card)
        body = self._update(card, "redeem", amount, redeemMaxOnOverdraw=chance.random() < 0.5)
        return Wish(
            verb="redeem",
            method="updateBalance",
            body=body,
            card=card,
            allowed=ANY_CARD | {13},
            effect=lambda reply: -_taken(amount, reply),
        )

    def _hold(self, chance: random.Random, card: str) -> Wish:
        body = self._update(card, "hold", self._amount(chance, card))
        return Wish(verb="hold", method="updateBalance", body=body, card=card, allowed=ANY_CARD | {13})

    def _redeem_hold(self, chance: random.Random, _card: str) -> Wish | None:
        hold = self._earlier(chance, "hold")
        if hold is None:
            return None
        card, cancels = str(hold.card), chance.random() < 0.25
        amount = Decimal(0) if cancels else self._amount(chance, card)
        body = self._update(
            card,
            "redeem",
            amount,
            redeemFromHoldTransactionId=str(hold.id),
            releaseHoldRemainder=cancels or chance.random() < 0.4,
            redeemMaxOnOverdraw=chance.random() < 0.3,
        )
        return Wish(
            verb="redeem_hold",
            method="updateBalance",
            body=body,
            card=card,
            allowed=ANY_CARD | {8, 13},
            effect=lambda reply: -_taken(amount, reply),
        )

    def _adjust(self, chance: random.Random, card: str) -> Wish:
        amount = self._amount(chance, card) * chance.choice([1, -1])
        action = chance.choice(["issue", "redeem"])
        effect = amount if action == "issue" else -amount
        body = self._update(card, action, amount, isAccountingAdjustment=True)
        allowed = ANY_CARD | {13}
        return Wish(
            verb="adjust", method="updateBalance", body=body, card=card, allowed=allowed, effect=lambda _: effect
        )

    def _void(self, chance: random.Random, _card: str) -> Wish | None:
        target = self._earlier(chance, "issue", "redeem", "hold", "redeem_hold", "adjust", *self.also_voided())
        if target is None:
            return None
        return Wish(
            verb="void",
            method="voidTransaction",
            body=named(self._heir(str(target.card))) | {"requestRef": str(target.id)},
            card=target.card,
            # 29: the card was transferred on in this moment
            allowed=ANY_CARD | {13, 29, 30, 31} | self.more_refusals_of_voids(),
            undoes=target.id,
        )

    def more_refusals_of_voids(self) -> frozenset[int]:
        """What else a void may be told."""
        return frozenset()

    def also_voided(self) -> tuple[str, ...]:
        """Further verbs that are voided."""
        return ("checkout",)

    def _checkout(self, chance: random.Random, card: str) -> Wish:
        amount = self._amount(chance, card)
        lines = [{"sku": f"P{number}", "unitPrice": "3.50"} for number in range(chance.randint(0, 3))]
        payments: list[dict[str, Any]] = [{"paymentType": "Cash", "amount": "1.25"}]
        effect, paid_by = Decimal(0), ()
        if chance.random() < 0.5:
            payments.append({"redeemBalance": True} | self._value(card, amount))
            effect = -amount
        redemption = self._earlier(chance, "redeem") if chance.random() < 0.5 else None
        if redemption is not None and redemption.card is not None:
            # whoever of the family paid
            card = redemption.card.partition("/")[0] if chance.random() < 0.3 else redemption.card
            payments = [payments[0], {"updateBalanceRequestRef": str(redemption.id)}]
            effect, paid_by = Decimal(0), (redemption.id,)
        body = named(card) | {"checkoutTotal": amount + 20, "paymentMethods": payments, "returnBalances": True}
        allowed = ANY_CARD | ({9, 30, 31} if paid_by else {13})
        return Wish(
            verb="checkout",
            method="checkout",
            body=body | ({"products": lines} if lines else {}),
            card=card,
            allowed=allowed,
            effect=lambda _: effect,
            paid_by=paid_by,
        )

    def _anonymous(self, chance: random.Random, card: str) -> Wish:
        body = {"checkoutTotal": self._amount(chance, card), "paymentMethods": [{"paymentType": "Cash", "amount": 1}]}
        return Wish(verb="anonymous", method="checkout", body=body)

    def _account(self, chance: random.Random, card: str) -> Wish:
        customer = {"firstName": chance.choice("ABCDEF"), "email": f"{chance.randint(1, 50)}@example.com"}
        body = named(card) | {"primaryCustomer": customer, "newEvents": [{"categoryId": "storm"}]}
        if chance.random() < 0.5:
            body["thirdPartyUpdates"] = [{"thirdParty": "email", "optIn": chance.random() < 0.5}]
            body["alternateCustomer"] = {"firstName": chance.choice("GHIJ")}
        if "/" not in card:
            body["countAsEnrollment"] = chance.random() < 0.3
        return Wish(verb="account", method="updateAccount", body=body, card=card, allowed=ANY_CARD)

    def _convert(self, chance: random.Random, card: str) -> Wish | None:
        if card in self.loyal:
            return None
        body = named(card) | {"action": "redeem", "redeemMaxOnOverdraw": chance.random() < 0.5}
        amount = {"balanceType": "Currency", "balanceCode": "EUR", "convertToMainCurrency": True}
        body["amount"] = amount | {"amount": self._amount(chance, card)}
        return Wish(
            verb="convert",
            method="updateBalance",
            body=body,
            card=card,
            allowed=ANY_CARD | {13},
            effect=lambda reply: -Decimal(reply["convertedAmount"]),
        )

    def _heir(self, card: str) -> str:
        """Where the value of a card or child card is now."""
        root, slash, child = card.partition("/")
        while root in self._heirs:
            root = self._heirs[root]
        return root + slash + child

    def _transfer_out(self, chance: random.Random, _card: str) -> Wish:
        card = chance.choice(self.spread[:LEAVING] if chance.random() < 0.4 else self.spread)
        body = {"cardNumber": card, "action": "out", "ignoreHoldBalances": chance.random() < 0.7}
        return Wish(verb="transfer_out", method="transfer", body=body, card=card, allowed=ANY_CARD | {21})

    def _transfer_in(self, chance: random.Random, card: str) -> Wish | None:
        left = self._earlier(chance, "transfer_out")
        if left is None or "/" in card:
            return None
        body = {"cardNumber": card, "action": "in", "oldCardNumber": left.card, "mergeMode": "combine"}
        # 9: it arrived already, or goes into itself; 20: points cards hold no dollars
        return Wish(verb="transfer_in", method="transfer", body=body, card=card, allowed=ANY_CARD | {9, 13, 20})

    def _create_child(self, card: str) -> Wish:
        body = {"cardNumber": card, "childCardNumber": CHILD}
        return Wish(verb="child", method="allocateChildCard", body=body, card=card, allowed=frozenset({9}))

    def _coupon(self, chance: random.Random, _card: str) -> Wish:
        """One of the coupons that everybody wants."""
        code = f"wanted-{chance.randrange(COUPONS)}"
        if chance.random() < 0.1:
            return allocation(code)
        action = chance.choice(["use", "use", "unuse", "unuse", "reserve", "releaseReservation", "useReservation"])
        body: dict[str, Any] = {"couponId": code, "action": action}
        if action == "reserve":
            body["reserveUntil"] = _soon(chance.choice([2, 60]))
        return Wish(
            verb="coupon",
            method="couponDetails",
            body=body,
            # 9: used or not used already, or the end of the reservation has passed while the call waited
            allowed=frozenset({9, 24, 25}),
            coupon=code,
            uses=USES.get(action, 0),
        )

    def _draw(self, chance: random.Random, card: str) -> Wish:
        body: dict[str, Any] = {"couponSetId": "drawn"}
        if "/" not in card and chance.random() < 0.5:
            body |= {"cardNumber": card, "promotionId": "storm", "allowMultipleCoupons": chance.random() < 0.5}
        return Wish(verb="draw", method="allocateCoupon", body=body, allowed=ANY_CARD | {9, 16})

    def _subscribe(self, chance: random.Random, _card: str) -> Wish:
        body = {"channel": "email", "channelUser": f"{chance.randrange(4)}@example.com"}
        body |= {"globalOptIn": chance.random() < 0.5}
        return Wish(verb="subscribe", method="updateChannelSubscription", body=body)

    def _suspend(self, _chance: random.Random, _card: str) -> Wish:
        body = {
            "cardNumber": self.hot[0],
            "action": "adjustOnly",
            "isAccountingAdjustment": True,
            "adjustStatus": {"newStatus": "Suspended"},
        }
        return Wish(verb="suspend", method="updateBalance", body=body, card=self.hot[0], allowed=ANY_CARD)

    def _reactivate(self, card: str) -> Wish:
        return Wish(verb="reactivate", method="reactivate", body={"cardNumber": card}, card=card, allowed=ANY_CARD)

    def _allocate(self, chance: random.Random, _card: str) -> Wish:
        kind = chance.random()
        if kind < 0.4:
            # three tills want the same new number
            return self._create(f"N{next(self._new_numbers) // 3}", self.shop.gift_set.code)
        if kind < 0.7:
            body = {"cardNumber": chance.choice(self.rack)}
            return Wish(verb="allocate_number", method="allocate", body=body, allowed=NAMED_CARD)
        body = {"cardSetId": self.shop.gift_set.code}
        return Wish(verb="allocate_set", method="allocate", body=body, allowed=frozenset({16}))

    def _create(self, number: str, card_set: str) -> Wish:
        body = {"cardNumber": number, "cardSetId": card_set, "createIfNew": True}
        return Wish(verb="allocate_new", method="allocate", body=body, allowed=NAMED_CARD)

    def _search(self, _chance: random.Random, card: str) -> Wish:
        body = {
            "filters": {"cardNumber": card.split("/")[0]},
            "includeInactive": True,
            "returnFields": {"balances": True, "customer": True, "activationDate": True, "childCards": True},
        }
        return Wish(verb="search", method="search", body=body, reads=True)

    def _history(self, chance: random.Random, card: str) -> Wish:
        body = named(card) | {"limit": 20, "splitHoldMutations": chance.random() < 0.5}
        return Wish(verb="history", method="cardHistory", body=body, reads=True)

    def _lookup(self, chance: random.Random, _card: str) -> Wish | None:
        earlier = self._earlier(chance)
        if earlier is None:
            return None
        return Wish(verb="lookup", method="requestLookup", body={"requestRef": str(earlier.id)}, reads=True)

    def _earlier(self, chance: random.Random, *verbs: str) -> Done | None:
        """A recent change of one of these kinds; none if there is none."""
        found = [done for done in list(self._recent) if done.card and (not verbs or done.verb in verbs)]
        return chance.choice(found) if found else None


_WEIGHTS = {
    "issue": 20,
    "redeem": 16,
    "hold": 8,
    "redeem_hold": 8,
    "adjust": 4,
    "void": 9,
    "checkout": 12,
    "anonymous": 3,
    "account": 5,
    "convert": 3,
    "coupon": 8,
    "draw": 2,
    "subscribe": 2,
    "transfer_out": 1,
    "transfer_in": 2,
    "suspend": 1,
    "allocate": 5,
    "search": 5,
    "history": 2,
    "lookup": 2,
}


def named(card: str) -> dict[str, Any]:
    """How a call names a card, or `root/child`."""
    root, _, child = card.partition("/")
    return {"cardNumber": root} | ({"childCardNumber": child} if child else {})


def allocation(code: str) -> Wish:
    """Allocate a coupon, which it may be already."""
    body = {"couponId": code}
    return Wish(verb="coupon", method="allocateCoupon", body=body, allowed=frozenset({9}), coupon=code)


def fill_rack(shop: Shop, card_set: CardSet, numbers: list[str]) -> None:
    """Inventory cards with these numbers and a PIN each."""
    chance = random.Random(len(numbers))
    Card.objects.bulk_create(
        Card(
            brand=shop.brand,
            number=number,
            card_set_id=card_set.pk,
            status=int(CardStatus.INVENTORY),
            pin=seal_pin(new_pin()),
            shuffle=chance.randrange(2**62),
        )
        for number in numbers
    )


def _soon(seconds: int) -> str:
    """A moment of whole seconds, as the wire has them: between `seconds - 1` and `seconds` from now."""
    return format_moment(datetime.now(UTC) + timedelta(seconds=seconds))


def _taken(amount: Decimal, reply: Reply) -> Decimal:
    return amount - (Decimal(reply["overdrawAmount"]) if reply["didOverdraw"] else 0)


def _effect_seen(wish: Wish, seen: Reply) -> Decimal:
    """By how much a call raised the card's value, as requestLookup tells it."""
    if wish.undoes is not None or wish.verb in ("hold", "transfer_out", "transfer_in"):
        return Decimal(0)
    return sum((Decimal(each["amount"]) for each in seen.body.get("balanceMutations", [])), Decimal(0))
