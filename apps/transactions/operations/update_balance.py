"""updateBalance: issue, redeem or hold value on a card, redeem or release a hold, adjust value and status."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from apps.campaigns.core.conditions import Movement
from apps.campaigns.core.kinds import Trigger
from apps.cards.core.state import CheckoutLock
from apps.cards.core.status import BY_ADJUSTMENT, CardStatus
from apps.cards.fragments import set_status
from apps.cards.queries.locks import lock_families
from apps.checkouts.queries.setups import read_setup
from apps.kernel.amounts import LARGEST, ZERO, at_scale
from apps.kernel.currencies import is_currency
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import InvalidInput
from apps.kernel.fragments import Fragment
from apps.kernel.ids import parse_id
from apps.kernel.value_types import BalanceType
from apps.ledger.core.book import HoldNotFound, TooMuchBalance
from apps.ledger.core.kinds import EntryKind
from apps.programs.core.configuration import BalanceNotFound, Configuration, Program
from apps.programs.core.value_type import ValueType
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.answers import BalanceSeen, balances_seen
from apps.transactions.exchange import Exchange, exchange, noted
from apps.transactions.firing.about import About
from apps.transactions.firing.fire import CONTESTED, Fired, fire, nothing_fired
from apps.transactions.firing.stage import CardWanted, Stage, Tries, open_stage
from apps.transactions.remembered import visited
from apps.transactions.under_lock import NO_PIN, PinClaim, Scene, require_after

Action = Literal["issue", "redeem", "hold", "adjustOnly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceChange:
    """What to do. `amount` is in the value type named by `balance_type` and `balance_code`; one that `converts` is
    taken from the card's main currency.

    `hold_id` is the text of a hold's transaction id; `new_status` a wire name; both empty where not sent.
    """

    action: Action
    balance_type: BalanceType | None = None
    balance_code: str | None = None
    amount: Decimal | None = None
    return_related: bool = False
    expires_at: datetime | None = None
    active_at: datetime | None = None
    take_what_is_there: bool = False
    hold_id: str | None = None
    release_rest: bool = False
    is_adjustment: bool = False
    new_status: str | None = None
    mutation_type: str | None = None
    converts: bool = False


@dataclass(frozen=True, slots=True)
class Updated:
    """The card, what a redemption was short of, and the balances afterwards (None unless asked for).

    `converted` is what a redemption that converts took, in the card's currency, as `missing` is; None for all others.
    """

    card_number: str
    missing: Decimal | None
    balances: list[BalanceSeen] | None
    converted: Decimal | None = None


def update_balance(
    *,
    call: Call,
    configuration: Configuration,
    card_number: str,
    wanted: BalanceChange,
    child_number: str | None = None,
    claim: PinClaim = NO_PIN,
    return_balances: bool = False,
    record: Record[Updated] | None = None,
) -> Updated:
    """Change one value type of one active card (or of its child card), its status, or both.

    Refuses combinations that make no sense (9), unknown and inactive cards and unknown children (2, 11), a wrong PIN
    (10), value types that the program lacks (12), amounts out of bounds or not there (13), holds that are not open on
    the card (8), and conversions that cannot be made (9). While a checkout locks the card, only value types that its
    setup left usable can be changed (14 otherwise), and only as far as the setup can still be completed (13); its own
    hold is nobody else's (8).
    """
    check_combination(wanted)
    if child_number is not None and (wanted.new_status is not None or wanted.action == "adjustOnly"):
        raise InvalidInput("A child card has no status of its own.")

    tries = Tries()

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Updated]:
        stage = open_stage(
            cursor,
            call=call,
            configuration=configuration,
            about=About(triggers=(Trigger.BALANCE_UPDATE,)),
            card=CardWanted(
                number=card_number,
                locked=locked,
                claim=claim,
                child_number=child_number,
                passes=lambda lock, program: _passes(lock, program, wanted),
            ),
            locks_budgets=tries.begin(),
        )
        scene = stage.require_scene()
        exchanged = _exchange(cursor, scene, wanted)
        moving = _in_main_currency(wanted, exchanged)
        missing = _move(cursor, scene, moving) if moving.amount is not None else None
        fired = _fire(cursor, stage, moving, missing)
        fragments = [*_status(scene, wanted), *fired.fragments(), *scene.posting(), visited(scene)]
        converted = None
        if exchanged is not None:
            converted = exchanged.taken(missing)
            fragments += noted(scene, exchanged, taken=converted)
        seen = None
        if return_balances:
            seen = balances_seen(scene.book.lots, at=scene.book.at, configuration=scene.configuration)
        return Plan(
            answer=Updated(card_number, missing, seen, converted),
            call_type=CallType.UPDATE_BALANCE,
            occurred_at=scene.book.at,
            fragments=fragments,
            family_id=scene.family_id,
            child_id=scene.child_id,
            custom_mutation_type=wanted.mutation_type,
            contested=CONTESTED,
            after_commit=fired.after_commit,
            explanation=fired.explanation,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)


def _fire(cursor: Cursor, stage: Stage, moved: BalanceChange, missing: Decimal | None) -> Fired:
    """Run the rules for balance updates. None runs while a checkout holds the card: what it promised must not move; nor
    where nothing was issued, taken or held: who only lets go of a hold has redeemed nothing."""
    scene = stage.require_scene()
    if scene.lock is not None or moved.amount is None or moved.balance_type is None:
        return nothing_fired(stage)
    amount = abs(moved.amount) - (missing or ZERO)
    if not amount:
        return nothing_fired(stage)
    movement = Movement.ADJUST if moved.is_adjustment else Movement(moved.action)
    stage.about = replace(
        stage.about,
        movement=movement.value,
        moved=scene.program.value_type(moved.balance_type, moved.balance_code).text_key,
        moved_amount=amount,
    )
    return fire(cursor, stage)


def check_combination(wanted: BalanceChange) -> None:
    """Refuse (9) what can be judged from the request alone."""
    for applies, message in _rules(wanted):
        if applies:
            raise InvalidInput(message)


def _rules(wanted: BalanceChange) -> list[tuple[bool, str]]:
    action, amount = wanted.action, wanted.amount
    adjusts_only = action == "adjustOnly"
    holds = action == "hold" or wanted.hold_id is not None
    issues = action == "issue"
    releases_only = wanted.hold_id is not None and wanted.release_rest
    return [
        (adjusts_only and not wanted.is_adjustment, "adjustOnly needs isAccountingAdjustment."),
        (adjusts_only and wanted.new_status is None, "adjustOnly needs adjustStatus."),
        (adjusts_only and wanted.balance_type is not None, "adjustOnly takes no amount."),
        (
            wanted.new_status is not None and not wanted.is_adjustment,
            "adjustStatus needs isAccountingAdjustment.",
        ),
        (wanted.is_adjustment and holds, "An accounting adjustment cannot use a hold."),
        (not adjusts_only and amount is None, f"The action {action} needs an amount."),
        (wanted.hold_id is not None and action != "redeem", "redeemFromHoldTransactionId goes with redeem."),
        (wanted.release_rest and wanted.hold_id is None, "releaseHoldRemainder needs redeemFromHoldTransactionId."),
        (wanted.take_what_is_there and action != "redeem", "redeemMaxOnOverdraw goes with redeem."),
        (
            wanted.converts and (action != "redeem" or holds or wanted.is_adjustment),
            "convertToMainCurrency goes with plain redemptions.",
        ),
        (
            wanted.converts and not (wanted.balance_type == "Currency" and is_currency(wanted.balance_code or "")),
            "convertToMainCurrency needs balanceType Currency and the code of a currency.",
        ),
        (wanted.return_related and not issues, "isReturnRelated goes with issue."),
        (wanted.expires_at is not None and not issues, "issuedBalanceExpiration goes with issue."),
        (wanted.active_at is not None and not issues, "issuedBalanceActivation goes with issue."),
        (amount == 0 and not releases_only, "The amount must not be zero."),
        (amount is not None and amount < 0 and not wanted.is_adjustment, "Only adjustments can be negative."),
        (
            amount is not None and amount < 0 and (wanted.return_related or wanted.take_what_is_there),
            "A negative adjustment takes plain value in spending order.",
        ),
        (
            wanted.active_at is not None and wanted.expires_at is not None and wanted.active_at >= wanted.expires_at,
            "Issued value must become active before it expires.",
        ),
    ]


def _passes(lock: CheckoutLock, program: Program, wanted: BalanceChange) -> bool:
    """Whether a checkout lock leaves the value type usable. It leaves nothing else of the card."""
    if wanted.new_status is not None or wanted.balance_type is None:
        return False
    if wanted.converts:
        return program.main_currency is not None and lock.leaves(program.main_currency.id)
    try:
        return lock.leaves(program.value_type(wanted.balance_type, wanted.balance_code).id)
    except BalanceNotFound:
        return False


def _exchange(cursor: Cursor, scene: Scene, wanted: BalanceChange) -> Exchange | None:
    """What the amount is worth in the card's currency; None where nothing is to be converted."""
    if not wanted.converts:
        return None
    assert wanted.amount is not None
    assert wanted.balance_code is not None
    return exchange(cursor, scene, currency=wanted.balance_code, amount=wanted.amount)


def _in_main_currency(wanted: BalanceChange, exchanged: Exchange | None) -> BalanceChange:
    if exchanged is None:
        return wanted
    return replace(wanted, balance_code=exchanged.value_type.balance_code, amount=exchanged.worth)


def _move(cursor: Cursor, scene: Scene, wanted: BalanceChange) -> Decimal | None:
    """Move value; returns what a redemption was short of, None for other actions."""
    assert wanted.balance_type is not None
    assert wanted.amount is not None
    value_type = scene.program.value_type(wanted.balance_type, wanted.balance_code)
    value_type.check_scale(wanted.amount)
    if wanted.hold_id is not None:
        return _redeem_hold(scene, wanted, value_type, wanted.amount)
    if wanted.action == "hold":
        value_type.check_redeem(wanted.amount)
        scene.book.hold(
            wallet_id=scene.wallet_id,
            value_type_id=value_type.id,
            amount=wanted.amount,
            until=scene.configuration.hold_until(scene.book.at),
        )
        return None
    adds = (wanted.action == "issue") == (wanted.amount > 0)
    if adds:
        _add(cursor, scene, wanted, value_type)
        return None
    return _take(scene, wanted, value_type)


def _add(cursor: Cursor, scene: Scene, wanted: BalanceChange, value_type: ValueType) -> None:
    assert wanted.amount is not None
    amount = abs(wanted.amount)
    require_after(wanted.expires_at, scene.book.at, "issuedBalanceExpiration")
    require_after(wanted.active_at, scene.book.at, "issuedBalanceActivation")
    present = scene.book.total(scene.wallet_id, value_type.id) + _promised_room(cursor, scene, value_type)
    if present + amount > LARGEST:
        raise TooMuchBalance
    if wanted.amount > 0:
        value_type.check_issue(amount, present=present)
    else:
        value_type.check_maximum(amount, present=present)
    scene.book.issue(
        wallet_id=scene.wallet_id,
        value_type_id=value_type.id,
        amount=amount,
        kind=EntryKind.ADJUST if wanted.is_adjustment else EntryKind.ISSUE,
        return_related=wanted.return_related,
        expires_at=wanted.expires_at,
        active_at=wanted.active_at,
    )


def _promised_room(cursor: Cursor, scene: Scene, value_type: ValueType) -> Decimal:
    """What the setup that locks the card was promised of this wallet's room below the maximum."""
    lock = scene.lock
    room = lock.room_for(value_type.id) if lock is not None else ZERO
    if lock is None or not room:
        return ZERO
    setup = read_setup(cursor, brand_id=scene.call.brand_id, operation_id=lock.by)
    return room if setup is not None and setup.wallet_id == scene.wallet_id else ZERO


def _take(scene: Scene, wanted: BalanceChange, value_type: ValueType) -> Decimal:
    assert wanted.amount is not None
    if wanted.amount > 0:
        value_type.check_redeem(wanted.amount)
    missing = scene.book.redeem(
        wallet_id=scene.wallet_id,
        value_type_id=value_type.id,
        amount=abs(wanted.amount),
        kind=EntryKind.ADJUST if wanted.is_adjustment else EntryKind.REDEEM,
        take_what_is_there=wanted.take_what_is_there,
    )
    return at_scale(missing, value_type.scale)


def _redeem_hold(scene: Scene, wanted: BalanceChange, value_type: ValueType, amount: Decimal) -> Decimal:
    hold_id = parse_id(wanted.hold_id or "")
    if hold_id is None or (scene.lock is not None and hold_id == scene.lock.by):
        raise HoldNotFound
    missing = scene.book.redeem_hold(
        wallet_id=scene.wallet_id,
        value_type_id=value_type.id,
        hold_id=hold_id,
        amount=amount,
        release_rest=wanted.release_rest,
        take_what_is_there=wanted.take_what_is_there,
    )
    return at_scale(missing, value_type.scale)


def _status(scene: Scene, wanted: BalanceChange) -> list[Fragment]:
    if wanted.new_status is None:
        return []
    if scene.card.status is CardStatus.DEMO:
        raise InvalidInput("A Demo card keeps its status.")
    status = BY_ADJUSTMENT[wanted.new_status]
    return [set_status(brand_id=scene.call.brand_id, card_id=scene.card.id, status=status)]
