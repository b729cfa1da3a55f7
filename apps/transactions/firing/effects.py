"""From the engine's effects to movements of value, and to what clients see of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from apps.campaigns.core.facts import Facts
from apps.campaigns.core.mutation import Mutation
from apps.campaigns.core.outcome import AnyEffect, Cause, Discounted, Issued, Outcome, Taken
from apps.kernel.amounts import at_scale, with_digits
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.promises import Movement
from apps.programs.core.configuration import Program
from apps.programs.core.value_type import ValueType
from apps.transactions.answers import GoodsSeen, MutationSeen

ValueMove = Issued | Taken


def value_moves(effects: Sequence[AnyEffect]) -> list[ValueMove]:
    """The effects that move value, in their order."""
    return [each for each in effects if isinstance(each, Issued | Taken)]


def movements(moves: Sequence[ValueMove], *, wallet_id: int, program: Program) -> list[Movement]:
    """How the ledger books them: conversions as such, thresholds that count as expiration as expired."""
    return [_movement(each, wallet_id, _types(program)[each.value_type]) for each in moves]


def _movement(move: ValueMove, wallet_id: int, value_type: ValueType) -> Movement:
    if isinstance(move, Issued):
        return Movement(
            wallet_id=wallet_id,
            value_type_id=value_type.id,
            amount=move.amount,
            kind=EntryKind.CONVERT if move.converts else EntryKind.ISSUE,
            expires_at=move.expires_at,
            active_at=move.active_at,
        )
    taken = EntryKind.EXPIRE if move.as_expiry else EntryKind.REDEEM
    return Movement(
        wallet_id=wallet_id,
        value_type_id=value_type.id,
        amount=-move.amount,
        kind=EntryKind.CONVERT if move.converts else taken,
    )


def mutations_seen(effects: Sequence[AnyEffect], *, program: Program | None, currency_scale: int) -> list[MutationSeen]:
    """What clients see of all effects that move value or give discounts, in their order."""
    types = _types(program) if program is not None else {}
    seen = []
    for each in effects:
        if isinstance(each, Issued):
            value_type = types[each.value_type]
            amount = at_scale(each.amount, value_type.scale)
            seen.append(MutationSeen(value_type, amount, each.expires_at, each.active_at, each.cause))
        elif isinstance(each, Taken):
            value_type = types[each.value_type]
            seen.append(MutationSeen(value_type, at_scale(-each.amount, value_type.scale), cause=each.cause))
        elif isinstance(each, Discounted):
            amount = with_digits(each.amount, at_least=currency_scale)
            seen.append(MutationSeen(None, amount, cause=each.cause, goods=_goods(each)))
    return seen


def mutation_rows(
    effects: Sequence[AnyEffect], *, wallet_id: int | None, program: Program | None, numbers: Sequence[int]
) -> list[Mutation]:
    """The lines that are kept of them; `numbers` are the ledger's mutations of the value moves, in their order."""
    types = _types(program) if program is not None else {}
    left = iter(numbers)
    rows = []
    for each in effects:
        if isinstance(each, Discounted):
            rows.append(_discount_row(each))
        elif isinstance(each, Issued | Taken):
            rows.append(_value_row(each, wallet_id, types, next(left)))
    return rows


def _value_row(move: ValueMove, wallet_id: int | None, types: Mapping[str, ValueType], mutation_no: int) -> Mutation:
    is_issue = isinstance(move, Issued)
    return _row(
        move.cause,
        move.amount if is_issue else -move.amount,
        is_discount=False,
        is_conversion=move.converts,
        wallet_id=wallet_id,
        value_type_id=types[move.value_type].id,
        mutation_no=mutation_no,
        expires_at=move.expires_at if isinstance(move, Issued) else None,
        active_at=move.active_at if isinstance(move, Issued) else None,
    )


def _discount_row(discount: Discounted) -> Mutation:
    return _row(
        discount.cause,
        discount.amount,
        is_discount=True,
        sku=discount.sku,
        unit_price=discount.unit_price,
        units=discount.units,
        unit_discount=discount.unit_discount,
    )


def _row(cause: Cause, amount: Decimal, **more: Any) -> Mutation:
    return Mutation(
        campaign_uuid=cause.campaign,
        revision_uuid=cause.revision,
        rule_uuid=cause.rule,
        result_uuid=cause.result,
        condition_uuid=cause.condition,
        name=cause.name,
        amount=amount,
        **more,
    )


def _goods(discount: Discounted) -> GoodsSeen | None:
    if discount.sku is None or discount.unit_price is None:
        return None
    return GoodsSeen(discount.sku, discount.unit_price, discount.units, discount.unit_discount)


def _types(program: Program) -> dict[str, ValueType]:
    return {each.text_key: each for each in program.value_types}


def balances_after(facts: Facts, outcome: Outcome) -> dict[str, str]:
    """What can be spent of each value type once the outcome is carried out, as texts with the digits of their scale."""
    if facts.card is None:
        return {}
    free = {key: balance.free for key, balance in facts.card.balances.items()}
    for each in value_moves(outcome.effects):
        if isinstance(each, Taken):
            free[each.value_type] -= each.amount
        elif each.active_at is None or each.active_at <= facts.now:
            free[each.value_type] += each.amount
    return {key: f"{at_scale(amount, facts.card.balances[key].scale):f}" for key, amount in free.items()}
