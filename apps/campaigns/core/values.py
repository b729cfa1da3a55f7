"""Results that move value: issue, redeem, convert. Pure."""

from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from apps.campaigns.core import texts
from apps.campaigns.core.act import Act
from apps.campaigns.core.amounts import amount_of
from apps.campaigns.core.facts import BalanceFact
from apps.campaigns.core.moments import beginning_of, end_of
from apps.campaigns.core.outcome import Issued, Taken
from apps.campaigns.core.results import AnyResult, Convert, IssueBalance, Moment, RedeemBalance
from apps.kernel.amounts import LARGEST, ZERO, at_scale, unit


def issue(result: IssueBalance, act: Act) -> None:
    """Give value. See `IssueBalance` for what happens at the maximum; what would have expired already is not given."""
    balance = _balance(result.value_type, result, act)
    starts = _start(result.starts, act)
    if balance is None or _has_expired(result, act, starts):
        return
    amount, room = amount_of(result, act, balance.scale), _room(result.value_type, balance, act)
    if amount > room and not result.up_to_limit:
        _over_limit(result.value_type, result, act)
    elif amount > 0 and not room:
        act.skip(result, texts.AT_MAXIMUM)
    elif amount > 0:
        _give(result, act, result.value_type, min(amount, room), starts=starts)


def redeem(result: RedeemBalance, act: Act) -> None:
    """Take what is free, at most `amount` for each time that the rule fires."""
    balance = _balance(result.value_type, result, act)
    if balance is None:
        return
    amount = act.world.free[result.value_type]
    if result.amount is not None:
        amount = min(amount, at_scale(result.amount, balance.scale) * act.times)
    if amount > 0:
        _take(result, act, result.value_type, amount)
    else:
        act.skip(result, texts.NOTHING_FREE)


def convert(result: Convert, act: Act) -> None:
    """Turn thresholds into rewards: as often as there is enough, or once for each time that the rule fires. No
    threshold is taken for a part of a reward: `up_to_limit` converts as often as whole rewards fit."""
    source, target = _balance(result.take, result, act), _balance(result.give, result, act)
    if source is None or target is None or _has_expired(result, act, None):
        return
    threshold, reward = at_scale(result.threshold, source.scale), at_scale(result.reward, target.scale)
    if threshold <= 0 or reward <= 0:
        act.skip(result, texts.TOO_FINE)
        return
    enough = int(act.world.free[result.take] // threshold)
    times = enough if result.repeats else min(enough, act.times)
    fit = int(_room(result.give, target, act) // reward)
    if times <= 0:
        act.skip(result, texts.NOTHING_FREE)
    elif times > fit and not result.up_to_limit:
        _over_limit(result.give, result, act)
    elif not fit:
        act.skip(result, texts.AT_MAXIMUM)
    else:
        _take(result, act, result.take, threshold * min(times, fit), converts=True)
        _give(result, act, result.give, reward * min(times, fit), converts=True)


def _balance(value_type: str, result: AnyResult, act: Act) -> BalanceFact | None:
    """What the card has of a value type; None, and traced, if there is no card or its program lacks it."""
    card = act.facts.card
    if card is None:
        act.skip(result, texts.NO_CARD)
        return None
    balance = card.balances.get(value_type)
    if balance is None:
        act.skip(result, texts.lacks(value_type))
    return balance


def _room(value_type: str, balance: BalanceFact, act: Act) -> Decimal:
    """How much more fits under the maximum, and into a column."""
    maximum = LARGEST if balance.maximum is None else min(balance.maximum, LARGEST)
    room = (maximum - act.world.in_all[value_type]).quantize(unit(balance.scale), rounding=ROUND_DOWN)
    return max(room, ZERO)


def _over_limit(value_type: str, result: AnyResult, act: Act) -> None:
    """A checkout is refused as a whole; another call goes on without the result."""
    act.skip(result, texts.OVER_MAXIMUM)
    if act.in_checkout and act.world.over_limit is None:
        act.world.over_limit = value_type


def _start(starts: Moment | None, act: Act) -> datetime | None:
    """When value becomes free; None: at once."""
    moment = beginning_of(starts, act.facts) if starts else None
    return None if moment is None or moment <= act.facts.now else moment


def _has_expired(result: IssueBalance | Convert, act: Act, starts: datetime | None) -> bool:
    """Whether the value would end before it starts; traced."""
    expired = result.expires is not None and end_of(result.expires, act.facts) <= (starts or act.facts.now)
    if expired:
        act.skip(result, texts.EXPIRED)
    return expired


def _give(
    result: IssueBalance | Convert,
    act: Act,
    value_type: str,
    amount: Decimal,
    *,
    starts: datetime | None = None,
    converts: bool = False,
) -> None:
    act.world.give(value_type, amount, at_once=starts is None)
    act.world.gave(result.uuid, amount)
    act.effects.append(
        Issued(
            cause=act.cause(result),
            value_type=value_type,
            amount=amount,
            expires_at=end_of(result.expires, act.facts) if result.expires else None,
            active_at=starts,
            converts=converts,
        )
    )


def _take(
    result: RedeemBalance | Convert, act: Act, value_type: str, amount: Decimal, *, converts: bool = False
) -> None:
    act.world.take(value_type, amount)
    act.effects.append(Taken(cause=act.cause(result), value_type=value_type, amount=amount, converts=converts))
