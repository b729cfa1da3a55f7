"""What a checkout comes to: decided under the lock, before anything moves. A setup shows it, a standalone checkout
carries it out, a locking setup keeps it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.campaigns.core.compile import Compiled
from apps.campaigns.core.evaluate import evaluate
from apps.campaigns.core.facts import Basket as BasketFacts
from apps.campaigns.core.facts import Facts
from apps.campaigns.core.facts import Payment as PaymentFact
from apps.campaigns.core.kinds import Trigger
from apps.campaigns.core.outcome import Outcome
from apps.cards.core.status import CardNotFound
from apps.cards.queries import readings as card_readings
from apps.checkouts.core.payments import check_discounts, check_payments, check_redeemed, discount_by_payments
from apps.checkouts.core.totals import Totals, totals
from apps.coupons.core.life import Coupon
from apps.coupons.queries import coupons_sent
from apps.coupons.queries.coupons_sent import SetCoupon, coupons_read, lock_coupons
from apps.facts.queries.recommended import Recommended, recommended
from apps.kernel.amounts import with_digits
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.readings import Reading
from apps.ledger.core.promises import Movement
from apps.programs.core.configuration import Configuration
from apps.programs.core.value_type import BalanceLimitsExceeded
from apps.requestlog.core.call import Call
from apps.transactions.answers import BalanceSeen, MutationSeen, balances_seen
from apps.transactions.checkouts.basket import Basket, CheckedOut, Shopper
from apps.transactions.checkouts.paying import Paid, plan_payments
from apps.transactions.firing.about import About, Purchase
from apps.transactions.firing.coupons import used_coupons
from apps.transactions.firing.effects import movements, mutations_seen, value_moves
from apps.transactions.firing.facts import coupon_fact, facts_of, lines_seen
from apps.transactions.firing.stage import CardWanted, Stage, open_stage
from apps.transactions.firing.trace import explanation

Evaluate = Callable[[Compiled, Facts], Outcome]


class InvalidCoupons(Refusal):
    """Some coupons cannot be used by this checkout (27); `blockingCoupons` names them."""

    code = ErrorCode.INVALID_COUPONS

    def __init__(self, blocking: Sequence[str]) -> None:
        super().__init__(
            "Some coupons cannot be used; blockingCoupons names them.", extra={"blockingCoupons": list(blocking)}
        )


class UnusedCoupons(Refusal):
    """Some coupons could be used, but no rule uses them (52); `unusedCoupons` names them."""

    code = ErrorCode.COUPONS_NOT_USED

    def __init__(self, unused: Sequence[str]) -> None:
        super().__init__(
            "No campaign uses some of the coupons; unusedCoupons names them.", extra={"unusedCoupons": list(unused)}
        )


@dataclass(slots=True)
class Decision:
    """Everything that a setup shows. `coupons` are the usable ones that were sent, locked; `used` those among them that
    rules use; `blocking` were dropped."""

    stage: Stage
    shopper: Shopper
    basket: Basket
    figures: Totals
    currency: str
    paid: Paid
    facts: Facts
    outcome: Outcome
    coupons: list[SetCoupon]
    blocking: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def used(self) -> list[Coupon]:
        """The coupons that rules use, as they were before."""
        known = {each.coupon.code: each.coupon for each in self.coupons}
        return [known[code] for code in used_coupons(self.outcome)]

    @property
    def movements(self) -> list[Movement]:
        """What moves on the card, in this order: payments, then what campaigns do."""
        scene = self.stage.scene
        if scene is None:
            return []
        moves = value_moves(self.outcome.effects)
        return [*self.paid.movements, *movements(moves, wallet_id=scene.wallet_id, program=scene.program)]

    @property
    def mutations(self) -> list[MutationSeen]:
        """The same for clients, with the discounts."""
        scene = self.stage.scene
        effects = mutations_seen(
            self.outcome.effects,
            program=scene.program if scene is not None else None,
            currency_scale=currency_scale(self.currency),
        )
        return [*self.paid.mutations, *effects]

    @property
    def spend(self) -> Decimal:
        """What the checkout costs after all discounts."""
        figures = self.figures
        discounts = figures.pre_discount + self.outcome.discount + discount_by_payments(self.paid.payments)
        return figures.total - discounts

    def answer(
        self,
        *,
        balances: list[BalanceSeen] | None,
        messages: tuple[str, ...],
        issued: tuple[str, ...] | None,
    ) -> CheckedOut:
        """What the call is answered."""
        scale = currency_scale(self.currency)
        return CheckedOut(
            card_number=self.shopper.card_number,
            child_number=self.shopper.child_number,
            total=with_digits(self.figures.total, at_least=scale),
            discount=with_digits(self.outcome.discount, at_least=scale),
            mutations=self.mutations,
            balances=balances,
            messages=messages,
            issued=issued,
            blocking=self.blocking,
            unused=self.unused,
            recommended=self._recommended(),
        )

    def _recommended(self) -> tuple[Recommended, ...] | None:
        """Products that go with the basket; None where nobody asked."""
        if not self.basket.recommends:
            return None
        return tuple(Recommended(sku, name) for sku, name in self.stage.readings["recommended"] or ())

    def balances(self, *, wanted: bool) -> list[BalanceSeen] | None:
        """The card's balances as its book stands now; None unless wanted, or without a card."""
        scene = self.stage.scene
        if scene is None or not wanted:
            return None
        return balances_seen(scene.book.lots, at=scene.book.at, configuration=scene.configuration)


def check_basket(call: Call, configuration: Configuration, basket: Basket, shopper: Shopper) -> None:
    """Refuse (9) what can be judged before anything is read."""
    _figures(basket, configuration.currency_at(call.location_id))
    check_payments(basket.payments, has_card=shopper.card_number is not None)
    if shopper.claim.is_forced and shopper.card_number is None:
        raise InvalidInput("forcePinValidation needs a cardNumber.")
    if shopper.child_number is not None and shopper.card_number is None:
        raise InvalidInput("childCardNumber needs a cardNumber.")
    if shopper.uses_parent_balances and shopper.child_number is None:
        raise InvalidInput("useParentBalancesOnly needs a childCardNumber.")
    if basket.referring_card is not None and basket.referring_card == shopper.card_number:
        raise InvalidInput("referringCardNumber is the card of the checkout itself.")


def decide_checkout(
    cursor: Cursor,
    *,
    call: Call,
    configuration: Configuration,
    basket: Basket,
    shopper: Shopper,
    locked: frozenset[int],
    locks_budgets: bool,
) -> Decision:
    """Read and decide; the families are locked, the coupons are locked here. One read; one statement more with
    coupons, one more where a payment refers to a call.

    Refusals in this order: those of `open_card`; an unknown referring card 2, one of the same family 9; impossible
    figures 9; payments (see `plan_payments`); coupons that cannot be used 27; a balance that would go over its maximum
    13; coupons that no rule uses 52.
    """
    codes = coupon_codes(basket)
    coupon_ids = lock_coupons(cursor, brand_id=call.brand_id, codes=codes) if codes else []
    stage = open_stage(
        cursor,
        call=call,
        configuration=configuration,
        about=_about(basket),
        card=_card(shopper, locked),
        readings=checkout_readings(basket, coupon_ids),
        locks_budgets=locks_budgets,
    )
    decision = decide_on(cursor, stage, basket, shopper)
    refuse_by_campaigns(decision)
    return decision


def coupon_codes(basket: Basket) -> list[str]:
    """The coupons that were sent, each once."""
    return list(dict.fromkeys(basket.coupons))


def decide_on(
    cursor: Cursor, stage: Stage, basket: Basket, shopper: Shopper, *, evaluates: Evaluate = evaluate
) -> Decision:
    """Decide on an open stage that was asked for `checkout_readings`. Refuses what `decide_checkout` refuses after
    opening the card, but for what only campaigns can tell (`refuse_by_campaigns`)."""
    _check_referring(stage, basket)
    currency = stage.configuration.currency_at(stage.call.location_id)
    figures = _figures(basket, currency)
    paid = plan_payments(cursor, stage.scene, basket.payments)
    check_discounts(paid.payments, total=figures.total, pre_discount=figures.pre_discount)
    coupons, blocking = _usable(stage, coupon_codes(basket), shopper.card_number)
    if blocking and not basket.drops_blocking:
        raise InvalidCoupons(blocking)
    facts = facts_of(stage, Trigger.CHECKOUT, _purchase(stage, basket, figures, currency, paid, coupons))
    outcome = evaluates(stage.loaded.compiled, facts)
    used = set(used_coupons(outcome))
    unused = tuple(each.coupon.code for each in coupons if each.coupon.code not in used)
    return Decision(stage, shopper, basket, figures, currency, paid, facts, outcome, coupons, tuple(blocking), unused)


def refuse_by_campaigns(decision: Decision) -> None:
    """What only the campaigns could tell. The refusal's log keeps what they knew."""
    over, unused = decision.outcome.over_limit, decision.unused
    if over is None and not (unused and decision.basket.needs_all_coupons):
        return
    problem: Refusal = UnusedCoupons(unused)
    if over is not None:
        problem = BalanceLimitsExceeded(f"A campaign would lift {over.replace(':', ' ')} over its maximum.")
    problem.explanation = explanation(decision.stage, [decision.facts], decision.outcome)
    raise problem


def _about(basket: Basket) -> About:
    return About(triggers=(Trigger.CHECKOUT,), skus=[line.sku for line in basket.lines], keys=basket.keys)


def _card(shopper: Shopper, locked: frozenset[int]) -> CardWanted | None:
    if shopper.card_number is None:
        return None
    return CardWanted(
        number=shopper.card_number,
        locked=locked,
        claim=shopper.claim,
        child_number=shopper.child_number,
        uses_parent_balances=shopper.uses_parent_balances,
    )


def checkout_readings(basket: Basket, coupon_ids: Sequence[int]) -> list[Reading]:
    """What a checkout itself asks along with its card."""
    wanted = []
    if coupon_ids:
        wanted.append(coupons_sent.sent(coupon_ids))
    if basket.referring_card is not None:
        wanted.append(card_readings.referring(basket.referring_card))
    if basket.recommends:
        wanted.append(recommended(skus=[line.sku for line in basket.lines], amount=basket.recommends))
    return wanted


def _check_referring(stage: Stage, basket: Basket) -> None:
    if basket.referring_card is None:
        return
    found = stage.readings["referring"]
    if found is None:
        raise CardNotFound("referringCardNumber: there is no such card.")
    if stage.scene is not None and found[0] == stage.scene.family_id:
        raise InvalidInput("referringCardNumber is the card of the checkout itself.")


def _usable(stage: Stage, codes: Sequence[str], card_number: str | None) -> tuple[list[SetCoupon], list[str]]:
    """The coupons that could be used, in the order in which they were sent, and the codes of the others."""
    found = {each.coupon.code: each for each in coupons_read(stage.readings.get("coupons_sent"))}
    at = stage.call.moment
    usable, blocking = [], []
    for code in codes:
        each = found.get(code)
        if each is not None and each.coupon.is_usable(at) and each.coupon.is_for(card_number):
            usable.append(each)
        else:
            blocking.append(code)
    return usable, blocking


def _purchase(
    stage: Stage,
    basket: Basket,
    figures: Totals,
    currency: str,
    paid: Paid,
    coupons: Sequence[SetCoupon],
) -> Purchase:
    seen = figures.total - figures.pre_discount - discount_by_payments(paid.payments)
    return Purchase(
        basket=BasketFacts(
            total=figures.total,
            seen=seen,
            lines=lines_seen(stage, basket.lines),
            payments=tuple(PaymentFact(payment_type=each.payment_type, pays=each.pays) for each in paid.payments),
            coupons=tuple(coupon_fact(each) for each in coupons),
            referring_card=basket.referring_card,
        ),
        currency=currency,
        paid_from_card=paid.from_card,
    )


def _figures(basket: Basket, currency: str) -> Totals:
    """The totals, once with the currency as this process knows it (what is impossible is refused before anything is
    read), and once more with the present one."""
    figures = totals(
        stated=basket.total,
        lines=basket.lines,
        pre_discounts=basket.pre_discounts,
        currency_scale=currency_scale(currency),
    )
    check_redeemed(basket.payments, total=figures.total)
    return figures
