"""Any campaign and any call, made by chance. Names come from small sets, so that they often meet.

`worlds()` is a Hypothesis strategy: the same seed gives the same world. `World(Random(seed))` makes one without
Hypothesis.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from apps.campaigns.core import conditions as c
from apps.campaigns.core import definitions as d
from apps.campaigns.core import facts as f
from apps.campaigns.core import results as r
from apps.campaigns.core.kinds import Channel, Trigger, Unit, Window

SKUS = ("hat", "tie", "sock")
CATEGORIES = ("hats", "clothes")
TAGS = ("sale", "new")
SETS = ("spring", "welcome")
VALUE_TYPES = {"Points": 0, "Punches": 0, "Currency:USD": 2, "Custom:cashback": 2}
LACKED = "Custom:lacked"
"""A value type that no card has."""
WINDOWS = (Window(), Window(unit=Unit.DAY), Window(unit=Unit.WEEK, count=2), Window(unit=Unit.MONTH, count=11))
EVENTS = ("app", "review")
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
_TIMES = (time(9), time(10, 30), time(22))
_WITH_BASKET = (Trigger.CHECKOUT, Trigger.RETURN)


def worlds(trigger: Trigger = Trigger.CHECKOUT) -> st.SearchStrategy["World"]:
    """Worlds whose rules have this trigger."""
    return st.integers(0, 2**64).map(lambda seed: World(Random(seed), trigger))


class World:
    """`campaigns` in their order, and `facts` of a call that they look at."""

    def __init__(self, chance: Random, trigger: Trigger = Trigger.CHECKOUT) -> None:
        self._chance = chance
        self._numbers = count(1)
        self._trigger = trigger
        self._gave: list[UUID] = []
        self.campaigns = [self._campaign() for _ in range(chance.randint(1, 3))]
        self.facts = self._facts()

    def __repr__(self) -> str:
        return f"{self.campaigns}\n{self.facts}"

    @property
    def rules(self) -> dict[UUID, d.Rule]:
        """All rules."""
        return {rule.uuid: rule for each in self.campaigns for rule in each.definition.rules}

    def _one(self, values: Any) -> Any:
        return self._chance.choice(tuple(values))

    def _some(self, values: Any, least: int = 1) -> tuple[Any, ...]:
        return tuple(self._chance.sample(tuple(values), self._count(least, 2)))

    def _rarely(self, one_in: int = 4) -> bool:
        return self._chance.randrange(one_in) == 0

    def _maybe(self, value: Any) -> Any:
        return None if self._rarely(2) else value

    def _uuid(self) -> UUID:
        return UUID(int=next(self._numbers))

    def _money(self, least: int = 0, most: int = 20_000) -> Decimal:
        return Decimal(self._chance.randint(least, most)).scaleb(-2)

    def _whole(self, least: int = 0, most: int = 5) -> Decimal:
        return Decimal(self._chance.randint(least, most))

    def _count(self, least: int = 0, most: int = 5) -> int:
        return self._chance.randint(least, most)

    def _day(self) -> date:
        return self._one((TODAY, date(2024, 2, 29), TODAY - timedelta(days=self._count(0, 900))))

    def _bounds(self, least: Any, more: Any) -> dict[str, Any]:
        return {"minimum": self._maybe(least), "maximum": self._maybe(least + more)}

    def _amounts(self, most: int = 15_000) -> dict[str, Any]:
        return self._bounds(self._money(0, most), self._money(0, most))

    def _counts(self) -> dict[str, Any]:
        return self._bounds(self._count(), self._count())

    def _items(self) -> c.Items:
        return c.Items(
            skus=self._some(SKUS, 0),
            categories=self._some(CATEGORIES, 0),
            tags=self._some(TAGS, 0),
            except_skus=self._some(SKUS) if self._rarely() else (),
        )

    def _conditions(self, most: int, depth: int = 0) -> tuple[c.Condition, ...]:
        return tuple(self._condition(depth) for _ in range(self._count(0, most)))

    def _condition(self, depth: int) -> c.Condition:
        basics = {"uuid": self._uuid(), "negated": self._rarely()}
        if depth < 2 and self._rarely():
            parts = tuple(self._condition(depth + 1) for _ in range(self._count(1, 3)))
            return self._one((c.Every, c.AnyOf))(conditions=parts, **basics)
        kind, fields = self._one((self._of_call, self._of_basket, self._of_card, self._of_customer))()
        return kind(**basics, **fields)

    def _of_call(self) -> tuple[type, dict[str, Any]]:
        return self._one(
            [
                (c.LocationIs, {"locations": self._some(("main", "mall")), "groups": self._some(("east", "west"))}),
                (c.TerminalIs, {"terminals": self._some(("t1", "t2"))}),
                (c.EmployeeGiven, {"employees": self._some(("alice", "bob"), 0)}),
                (c.DateRange, {"first": self._maybe(self._day()), "last": self._maybe(TODAY)}),
                (c.TimeOfWeek, {"days": (5,), "since": self._maybe(self._one(_TIMES)), "until": self._one(_TIMES)}),
                (c.OccasionToday, {"occasion": self._occasion()}),
                (c.CustomKey, {"key": self._one(("promo", "choice")), "values": self._some("ab", 0)}),
                (c.EventLogged, {"categories": self._some(EVENTS)}),
                (c.MessageSays, {"words": self._some(("join", "stop")), "anywhere": self._rarely(2)}),
                (c.BalanceMoved, {"movement": self._one(c.Movement), "minimum": self._money()}),
                (c.ReferredSales, {"minimum_total": self._money(), "minimum_count": self._count()}),
            ]
        )

    def _occasion(self) -> c.Occasion:
        return c.Occasion(
            what=self._one(c.Happening),
            on=self._day(),
            yearly=self._rarely(2),
            day=self._count(1, 7),
            shift=self._one((0, 0, 0, -7, 3)),
        )

    def _of_basket(self) -> tuple[type, dict[str, Any]]:
        whole = {"minimum_quantity": self._maybe(self._whole(1)), "maximum_quantity": self._maybe(self._whole(5, 9))}
        return self._one(
            [
                (c.CheckoutTotal, {"repeats": self._rarely(2), **self._amounts()}),
                (c.ItemCount, self._bounds(self._whole(), self._whole())),
                (c.BasketHas, {"items": self._items(), "repeats": self._rarely(2), **whole}),
                (c.BasketHas, {"items": self._items(), "minimum_amount": self._money()}),
                (c.ExtremeItem, {"which": self._one(c.Extreme), "items": self._items()}),
                (c.CouponFrom, {"sets": self._some(SETS), "tags": self._some(TAGS, 0)}),
                (c.PaidBy, {"payment_types": self._some(("Cash", "Card"), 0), "minimum": self._money()}),
                (c.ReferralGiven, {}),
                (c.NthCheckout, {"n": self._count(1, 3), "every": self._rarely(2)}),
            ]
        )

    def _of_card(self) -> tuple[type, dict[str, Any]]:
        balance = {
            "value_type": self._value_type(),
            "take_threshold": self._rarely(2),
            "counts_as_expiry": self._rarely(2),
            "once": self._rarely(2),
        }
        return self._one(
            [
                (c.ProgramIs, {"programs": self._some(("loyalty", "gift"))}),
                (c.CardSetIs, {"card_sets": self._some(("web", "store"))}),
                (c.CardIsChild, {}),
                (c.Enrolled, {}),
                (c.Balance, {**balance, **self._amounts(4_000)}),
                (c.Balance, {**balance, "minimum": self._whole(1, 20)}),
                (c.Spent, {"window": self._one(WINDOWS), **self._amounts()}),
                (c.Visited, {"window": self._one(WINDOWS), **self._counts()}),
                (c.LastVisit, {"minimum_days": self._maybe(self._count()), "maximum_days": self._maybe(5)}),
                (c.EventCount, {"category": self._one(EVENTS), "window": self._one(WINDOWS), **self._counts()}),
            ]
        )

    def _of_customer(self) -> tuple[type, dict[str, Any]]:
        compared = {"compare": self._one(c.Compare), "values": self._some(("ann", "Rome", "7"))}
        number = self._bounds(self._whole(0, 9), self._whole(0, 9))
        return self._one(
            [
                (c.InSegment, {"segments": self._some(("vip", "lapsed"))}),
                (c.CustomerField, {"field": self._one(("first_name", "city")), **compared, **number}),
                (c.BrandField, {"field": "size", **compared, **number}),
                (c.GenderIs, {"genders": self._some("FM")}),
                (c.OptedIn, {"by": self._one(("email", "news"))}),
            ]
        )

    def _value_type(self) -> str:
        return LACKED if self._rarely(9) else self._one(VALUE_TYPES)

    def _amount(self) -> r.Amount:
        least = self._money(1, 500)
        kinds: list[r.Amount] = [
            r.Fixed(amount=self._money(1)),
            r.PerUnit(amount=least, per=self._money(1, 1_000), items=self._maybe(self._items())),
            r.PerUnit(amount=least, whole_units=True),
            r.PerItem(amount=least, items=self._items()),
            r.RandomBetween(minimum=least, maximum=least + self._money(0, 500)),
        ]
        if self._gave:
            kinds.append(r.MultipleOf(result=self._one(self._gave), factor=self._money(1, 300)))
        return self._one(kinds)

    def _moment(self) -> r.Moment | None:
        return r.Moment(days=self._count(0, 90), months=self._count(0, 3)) if self._rarely() else None

    def _discount(self, basics: dict[str, Any]) -> r.Discount:
        return r.Discount(
            take=self._one(r.DiscountKind),
            value=self._money(1, 10_000),
            of=self._one(r.TargetKind),
            items=self._items(),
            n=self._count(1, 3),
            cap=self._money(1, 3_000) if self._rarely() else None,
            **basics,
        )

    def _issue(self, basics: dict[str, Any]) -> r.IssueBalance:
        return r.IssueBalance(
            value_type=self._value_type(),
            amount=self._amount(),
            expires=self._moment(),
            starts=self._moment(),
            up_to_limit=self._rarely(2),
            **basics,
        )

    def _convert(self, basics: dict[str, Any]) -> r.Convert:
        return r.Convert(
            take=self._value_type(),
            threshold=self._money(50, 5_000),
            give=self._value_type(),
            reward=self._money(1, 500),
            repeats=self._rarely(2),
            up_to_limit=self._rarely(2),
            **basics,
        )

    def _other(self, basics: dict[str, Any]) -> r.AnyResult:
        return self._one(
            [
                r.RedeemBalance(value_type=self._value_type(), amount=self._maybe(self._money(1)), **basics),
                r.AllocateCoupon(coupon_set=self._one(SETS), **basics),
                r.UseCoupon(sets=self._some(SETS), tags=self._some(TAGS, 0), **basics),
                r.LogEvent(category=self._one(EVENTS), **basics),
                r.SetField(field="size", value="7", **basics),
                r.Notify(channel=self._one(Channel), text="Hello", **basics),
                r.Enrol(**basics),
            ]
        )

    def _result(self) -> r.AnyResult:
        make = self._one((self._discount, self._discount, self._issue, self._issue, self._convert, self._other))
        result = make({"uuid": self._uuid(), "name": self._one(("", "Spring"))})
        if isinstance(result, r.IssueBalance | r.Convert | r.Discount):
            self._gave.append(result.uuid)
        return result

    # --- campaigns ---

    def _rule(self) -> d.Rule:
        throttle = d.Throttle(times=self._count(1, 3), window=self._one(WINDOWS), per=self._one(d.Per))
        group = d.Group(name=self._one("ab"), picks=self._one(d.Picks))
        return d.Rule(
            uuid=self._uuid(),
            trigger=self._trigger,
            conditions=self._conditions(2),
            results=tuple(self._result() for _ in range(self._count(1, 3))),
            throttles=(throttle,) if self._rarely() else (),
            times_per_call=self._one((1, 3, 50)),
            group=group if self._rarely(3) else None,
            stops_others=self._rarely(8),
            is_active=not self._rarely(8),
        )

    def _budget(self) -> d.Budget:
        measure = self._one(d.Measure)
        counted = self._one(VALUE_TYPES) if measure is d.Measure.VALUE else ""
        return d.Budget(uuid=self._uuid(), measure=measure, cap=self._money(1), value_type=counted)

    def _campaign(self) -> d.Published:
        definition = d.Campaign(
            name="Any",
            sees_original_total=self._rarely(2),
            conditions=self._conditions(1),
            rules=tuple(self._rule() for _ in range(self._count(1, 4))),
            budgets=tuple(self._budget() for _ in range(self._count(0, 2))),
        )
        return d.Published(campaign_uuid=self._uuid(), revision_uuid=self._uuid(), definition=definition)

    # --- facts ---

    def _line(self) -> f.Line:
        """Some quantities are parts of units, some prices are finer than the currency."""
        part, fine = self._rarely(), self._rarely()
        return f.Line(
            sku=self._one(SKUS),
            quantity=self._money(0, 500) if part else self._whole(),
            unit_price=Decimal(self._count(0, 3_000_000)).scaleb(-5) if fine else self._money(0, 5_000),
            categories=self._some(CATEGORIES, 0),
            tags=self._some(TAGS, 0),
        )

    def _coupons(self) -> tuple[f.Coupon, ...]:
        return tuple(
            f.Coupon(code=code, coupon_set=self._one(SETS), tags=self._some(TAGS, 0)) for code in self._some("xyz", 0)
        )

    def _basket(self) -> f.Basket:
        """The total is mostly that of the lines; some of it may be discounted before."""
        lines = tuple(self._line() for _ in range(self._count(0, 4)))
        total = sum((line.quantity * line.unit_price for line in lines), Decimal(0)).quantize(Decimal("0.01"))
        total = self._money() if self._rarely() else total
        before = self._money(0, 500) if self._rarely() else Decimal(0)
        return f.Basket(
            total=total,
            seen=max(total - before, Decimal(0)),
            lines=lines,
            payments=tuple(
                f.Payment(payment_type=each, pays=self._money()) for each in self._some(("Cash", "Card"), 0)
            ),
            coupons=self._coupons(),
            referring_card=self._maybe("99"),
        )

    def _balance(self, scale: int) -> f.BalanceFact:
        free = self._money() if scale else self._whole(0, 120)
        in_all = free + self._whole(0, 2)
        return f.BalanceFact(scale=scale, free=free, in_all=in_all, maximum=self._maybe(in_all + self._whole(0, 200)))

    def _card(self) -> f.Card:
        keys = [window.key for window in WINDOWS]
        known = {"first_name": "Ann", "city": self._one(("Rome", "7")), "birthday": str(self._day()), "gender": "F"}
        return f.Card(
            number="1",
            program=self._one(("loyalty", "gift")),
            card_set=self._one(("web", "store")),
            is_child=self._rarely(2),
            enrolled_on=self._maybe(self._day()),
            activated_on=self._maybe(self._day()),
            balances={key: self._balance(scale) for key, scale in VALUE_TYPES.items() if not self._rarely(6)},
            customer={name: value for name, value in known.items() if not self._rarely(3)},
            fields={"size": self._some(("7", "large", "ann"), 0)},
            segments=self._some(("vip", "lapsed"), 0),
            opted_in=self._some(("email", "news"), 0),
            spent={key: f.SpendFact(spend=self._money(), checkouts=self._count()) for key in keys},
            visits={key: self._count() for key in keys},
            last_visit=self._maybe(NOW - timedelta(days=self._count())),
            events={category: {key: self._count() for key in keys} for category in EVENTS},
            fired={
                uuid: (f.Fired(on=self._day(), times=self._count(1, 2)),)
                for uuid, rule in self.rules.items()
                if rule.throttles and self._rarely(2)
            },
            coupons=self._coupons(),
        )

    def _budget_currency(self) -> f.BudgetCurrency:
        return f.BudgetCurrency(code="JPY", scale=self._count(0, 3), rate=self._maybe(self._money(1, 500)))

    def _left(self) -> dict[UUID, f.BudgetFact]:
        """Of budgets, and of rules, for those that are throttled for the whole brand."""
        budgets = [budget.uuid for each in self.campaigns for budget in each.definition.budgets]
        left = {uuid: f.BudgetFact(left=self._money(0, 5_000)) for uuid in budgets}
        return left | {uuid: f.BudgetFact(left=self._whole(0, 3)) for uuid in self.rules}

    def _facts(self) -> f.Facts:
        place = f.Place(
            zone=self._one(("UTC", "America/New_York", "Asia/Tokyo")),
            location=self._one(("main", "mall")),
            groups=self._some(("east", "west"), 0),
            terminal=self._maybe("t1"),
            employee=self._maybe("alice"),
        )
        return f.Facts(
            request=UUID(int=self._chance.getrandbits(128)),
            trigger=self._trigger,
            now=NOW,
            today=TODAY,
            brand="Acme",
            zone="America/New_York",
            currency="USD",
            currency_scale=2,
            place=place,
            card=None if self._rarely() else self._card(),
            basket=self._basket() if self._trigger in _WITH_BASKET else None,
            keys=tuple((self._one(("promo", "choice")), self._one("ab")) for _ in range(self._count(0, 2))),
            logged=self._some(EVENTS, 0),
            message=self._maybe(self._one(("join", "please stop"))),
            movement=self._maybe(self._one(c.Movement).value),
            moved_amount=self._money(),
            referred_total=self._money(),
            referred_count=self._count(),
            rule=next(iter(self.rules)) if self._trigger is Trigger.SINGLE_RULE else None,
            budgets=self._left(),
            budget_currency=self._maybe(self._budget_currency()),
        )
