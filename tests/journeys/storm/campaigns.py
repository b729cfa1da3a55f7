"""A storm with campaigns: two budgets, throttles, coupons in and out, locking setups, returns, triggers."""

import random
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from apps.campaigns.models import Budget
from apps.campaigns.models import Campaign as CampaignRow
from apps.facts.models import Firing
from apps.kernel.db.hot import hot_cursor
from tests.campaigns.live import condition, percent, publish, result, rule, says, uuid_of
from tests.coupons.booklet import booklet
from tests.journeys.storm.journal import Done
from tests.journeys.storm.storm import ANY_CARD, Storm, Wish, allocation, named
from tests.journeys.storm.till import Reply, Till

OFFERS = 40
PER_CARD, PER_DAY = 4, 60
"""How often rules fire for a card, and for all of them together."""


@dataclass(slots=True)
class CampaignStorm(Storm):
    """The same storm on a brand with campaigns. What a checkout moved is told by its `balanceMutations`; how often each
    rule fired, by its messages."""

    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    shown: dict[UUID, list[Any]] = field(default_factory=dict)
    triggerings: list[str] = field(default_factory=list)
    single: tuple[str, str] = ("", "")
    _told: Any = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        """Campaigns that everybody meets: their budgets run out in the middle of the storm."""
        # a plain super() does not find its class where slots made a new one
        Storm.prepare(self)
        cap = max(10, self.calls // 40)
        self._publish("A", cap, [percent(10), says("A")], measure="uses")
        self._publish("B", cap, [_dollar_off(), says("B")], measure="discount")
        self._publish("T", None, [_dollars("2.00"), says("T")], throttles=[{"times": PER_CARD}])
        self._publish("D", None, [says("D")], throttles=[{"times": PER_DAY, "window": {"unit": "day"}, "per": "brand"}])
        self._publish("gift", None, [result("allocate_coupon", coupon_set="drawn")])
        pays = condition("balance", value_type="Currency:USD", minimum=5, take_threshold=True, once=True)
        self._publish(
            "swap", None, [_dollars("4.00"), result("redeem_balance", value_type="Currency:USD", amount=3)], pays
        )
        coupon = rule(percent(5), when=[condition("coupon_from", sets=["offers"])])
        self._offer()
        publish(self.shop, coupon)
        custom = [_dollars("1.00"), says("C")]
        publish(self.shop, rule(*custom, trigger="custom", throttles=[{"times": PER_CARD * 2}]))
        single = rule(_dollars("1.50"), trigger="single_rule")
        self.single = (str(publish(self.shop, single).uuid), str(uuid_of(single)))
        logs = [rule(result("log_event", category="storm"), trigger=each) for each in ("return", "account_update")]
        publish(self.shop, *logs)

    def _offer(self) -> None:
        """Coupons that only checkouts use."""
        codes = [f"offer-{number}" for number in range(OFFERS)]
        booklet(self.shop, codes, code="offers")
        till = Till(self.place)
        for code in codes:
            self.carry_out(till, allocation(code), None)
        till.close()

    def _publish(
        self, key: str, cap: int | None, results: list[dict[str, Any]], *conditions: dict[str, Any], **more: Any
    ) -> CampaignRow:
        when = [condition("custom_key", key="deal", values=[key]), *conditions]
        measure = more.pop("measure", None)
        budgets = [{"uuid": uuid4(), "measure": measure, "cap": cap}] if cap is not None else []
        self.rules[key] = rule(*results, when=when, **more)
        return publish(self.shop, self.rules[key], budgets=budgets)

    def weights(self) -> dict[str, int]:
        """Half of the storm is about checkouts."""
        return Storm.weights(self) | {
            "checkout": 25,
            "coupon": 3,
            "lock": 10,
            "finish": 22,
            "setup": 3,
            "return": 6,
            "custom": 4,
            "single": 3,
            "message": 2,
        }

    def also_voided(self) -> tuple[str, ...]:
        """Everything that may have moved something."""
        return ("checkout", "complete", "return", "custom", "single")

    def more_refusals_of_voids(self) -> frozenset[int]:
        """A checkout may have been returned meanwhile."""
        return frozenset({9})

    # --- verbs -------------------------------------------------------------------------------------------------------

    def _checkout(self, chance: random.Random, card: str) -> Wish:
        plain = Storm._checkout(self, chance, card)
        body = plain.body | self._deals(chance)
        # the coupon may be anybody's, or used; a campaign may lack something to take
        allowed = plain.allowed | {9, 13, 27}
        return Wish(
            verb="checkout",
            method="checkout",
            body=body,
            card=plain.card,
            allowed=allowed,
            effect=self._told_effect,
            paid_by=plain.paid_by,
        )

    def _setup(self, chance: random.Random, card: str) -> Wish:
        body = named(card) | {"checkoutTotal": 20, "isSetup": True} | self._deals(chance)
        return Wish(verb="setup", method="checkout", body=body, card=card, allowed=ANY_CARD | {13, 27})

    def _lock(self, chance: random.Random, card: str) -> Wish:
        body = named(card) | {"checkoutTotal": 30, "isSetup": True, "lockSetupDuration": chance.choice([1, 2, 5])}
        if chance.random() < 0.4:
            body["paymentMethods"] = [{"redeemBalance": True} | self._value(card, self._amount(chance, card))]
            body["checkoutTotal"] = 100
        if chance.random() < 0.3:
            body["lockExcludedValueTypes"] = [{"balanceType": "Currency", "balanceCode": "USD"}]
        return Wish(
            verb="lock",
            method="checkout",
            body=body | self._deals(chance),
            card=card,
            allowed=ANY_CARD | {13, 27},
            effect=self._keep_shown,
        )

    def _keep_shown(self, reply: Reply) -> Decimal:
        with self._told:
            self.shown[UUID(reply.reference)] = reply["balanceMutations"]
        return Decimal(0)

    def _finish(self, chance: random.Random, _card: str) -> Wish | None:
        """Complete or cancel one of the last setups, whoever's turn it is."""
        found = [each for each in list(self._recent)[-60:] if each.verb == "lock"]
        if not found:
            return None
        setup = chance.choice(found)
        assert setup.card is not None
        body = named(setup.card) | {"relatedSetupTransactionId": str(setup.id), "returnBalanceMutations": True}
        if chance.random() < 0.2:
            return Wish(
                verb="cancel",
                method="checkout",
                body=body | {"cancelSetup": True},
                card=setup.card,
                allowed=frozenset({11, 15}),
            )
        return Wish(
            verb="complete",
            method="checkout",
            body=body,
            card=setup.card,
            allowed=frozenset({11, 15}),
            effect=lambda reply: self._completed(setup, reply),
        )

    def _completed(self, setup: Done, reply: Reply) -> Decimal:
        if self.shown.get(setup.id) != reply["balanceMutations"]:
            self.journal.problem(f"complete of {setup.id} did {reply['balanceMutations']}, and not what setup showed")
        return self._told_effect(reply)

    def _return(self, chance: random.Random, _card: str) -> Wish | None:
        target = self._earlier(chance, "checkout", "complete")
        if target is None:
            return None
        body = named(self._heir(str(target.card))) | {
            "checkoutRequestRef": str(target.id),
            "additionalReturnAmount": chance.randint(1, 15),
            "failIfCouponsUsed": False,
        }
        # 9: more than is left of it; 29: transferred on in this moment; 30: voided
        allowed = ANY_CARD | {9, 29, 30}
        return Wish(verb="return", method="returnMerchandise", body=body, card=target.card, allowed=allowed, asks=True)

    def _custom(self, _chance: random.Random, card: str) -> Wish:
        return Wish(
            verb="custom",
            method="triggerCustomCampaigns",
            body={"cardNumber": card.split("/")[0]},
            card=card.split("/")[0],
            allowed=ANY_CARD,
            # points cards hold no dollars
            effect=lambda reply: self._counted(reply, "C", Decimal(card not in self.loyal)),
        )

    def _single(self, chance: random.Random, card: str) -> Wish:
        """Some triggerings come again: they succeed without effect."""
        known = list(self.triggerings)
        triggering = chance.choice(known) if known and chance.random() < 0.3 else str(uuid4())
        self.triggerings.append(triggering)
        campaign, single = self.single
        body = named(card) | {"campaignUUID": campaign, "campaignRuleUUID": single, "triggeringUUID": triggering}
        return Wish(
            verb="single", method="triggerCampaignRule", body=body, card=card, allowed=ANY_CARD | {13}, asks=True
        )

    def _message(self, chance: random.Random, card: str) -> Wish:
        body = {"cardNumber": card.split("/")[0], "message": chance.choice(["yes", "stop", "hello"])}
        return Wish(verb="message", method="processMessage", body=body, card=body["cardNumber"], allowed=ANY_CARD)

    # --- what was told -----------------------------------------------------------------------------------------------

    def _deals(self, chance: random.Random) -> dict[str, Any]:
        """Which rules the checkout asks for; both budgets at once, often enough."""
        deals = [key for key in self.rules if chance.random() < 0.35]
        more: dict[str, Any] = {
            "customKeyValues": [{"key": "deal", "value": key} for key in deals],
            "returnBalanceMutations": True,
            "failOnUnusedCoupons": False,
        }
        if chance.random() < 0.2:
            more["coupons"] = [f"offer-{chance.randrange(OFFERS)}"]
        return more

    def _told_effect(self, reply: Reply) -> Decimal:
        with self._told:
            self.told.update(reply["responseMessages"])
        moved = (each for each in reply["balanceMutations"] if not each["isDiscount"])
        return sum((Decimal(each["amount"]) for each in moved), Decimal(0))

    def _counted(self, reply: Reply, message: str, amount: Decimal) -> Decimal:
        fired = reply["responseMessages"].count(message)
        with self._told:
            self.told[message] += fired
        return amount * fired


def campaign_differences(storm: CampaignStorm) -> Iterable[str]:
    """Budgets, throttles and coupons, compared with what the tills were told."""
    brand = storm.shop.brand
    for budget in Budget.objects.filter(brand=brand):
        if budget.used + budget.reserved > budget.cap:
            yield f"budget {budget.uuid}: {budget.used} used and {budget.reserved} reserved of {budget.cap}"
    uses = {budget.measure: budget for budget in Budget.objects.filter(brand=brand, window_unit="ever")}
    if uses["uses"].used != storm.told["A"]:
        yield f"A fired {storm.told['A']} times, its budget says {uses['uses'].used}"
    if uses["discount"].used != storm.told["B"]:
        yield f"B gave {storm.told['B']} dollars, its budget says {uses['discount'].used}"
    per_day = Budget.objects.get(brand=brand, uuid=uuid_of(storm.rules["D"]))
    if per_day.used != storm.told["D"] or per_day.used > PER_DAY:
        yield f"D fired {storm.told['D']} times, its throttle says {per_day.used}"
    fired: Counter[tuple[UUID, int]] = Counter()
    for firing in Firing.objects.filter(brand=brand):
        fired[firing.rule_uuid, firing.wallet_id] += firing.times
    counts = Counter(rule for (rule, _), times in fired.items() for _ in range(times))
    if counts[uuid_of(storm.rules["T"])] != storm.told["T"]:
        yield f"T fired {storm.told['T']} times, {counts[uuid_of(storm.rules['T'])]} are kept"
    for (rule_uuid, wallet), times in fired.items():
        if rule_uuid == uuid_of(storm.rules["T"]) and times > PER_CARD and not _has_heirs(brand.pk, wallet):
            yield f"T fired {times} times for wallet {wallet}"
    yield from _coupons_used(brand.pk)


def _has_heirs(brand_id: int, wallet_id: int) -> bool:
    """Whether other cards' firings came to this wallet."""
    sql = "SELECT count(*) FROM cards_transfer WHERE brand_id = %s AND target_wallet_id = %s"
    row = hot_cursor().execute(sql, [brand_id, wallet_id]).fetchone()
    return bool(row and row[0])


def _coupons_used(brand_id: int) -> Iterable[str]:
    """No coupon is used twice without having been made unused between."""
    sql = """SELECT x.coupon_id FROM (SELECT s.coupon_id, s.state, lag(s.state) OVER w AS before
      FROM coupons_couponstep s WHERE s.brand_id = %s WINDOW w AS (PARTITION BY s.coupon_id ORDER BY s.no)) x
     WHERE x.state = 4 AND x.before = 4"""
    for (coupon,) in hot_cursor().execute(sql, [brand_id]):
        yield f"coupon {coupon} was used twice"


def _dollars(amount: str) -> dict[str, Any]:
    return result("issue_balance", value_type="Currency:USD", amount={"kind": "fixed", "amount": amount})


def _dollar_off() -> dict[str, Any]:
    return result("discount", take="amount", value=1)
