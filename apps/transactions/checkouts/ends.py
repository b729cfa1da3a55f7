"""How a locking setup ends: completed, cancelled, released by support, or tidied up after its time.

Whoever ends it writes `ended`; every end but complete writes `given_up`. What was held is released by the book
(`promises.let_go`, or by itself when the time is over); coupons that the setup issued stay disabled for ever.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from apps.campaigns.fragments import BudgetMoves, move_budgets
from apps.cards.lock_fragments import unlock_card
from apps.checkouts.queries.setups import SetupRead
from apps.checkouts.setup_fragments import end_setup
from apps.coupons.checkout_fragments import step_coupons
from apps.coupons.core.checkout_lock import FREE, freed, is_kept
from apps.coupons.core.life import Coupon
from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.fragments import Fragment
from apps.requestlog.core.call import Call

MARGIN = timedelta(minutes=1)
"""So much longer than the card are coupons and budgets kept: a complete of the last moment must still find them, and
their rows are not under the family's lock."""


class NotLocked(Refusal):
    """The setup locks the card no more: it is completed, cancelled, released or over, or has never locked it (15)."""

    code = ErrorCode.CHECKOUT_NOT_LOCKED
    message = "The card is not locked by this checkout setup, or not any more."


def ended(call: Call, setup: SetupRead, *, enrolled_at: datetime | None = None) -> list[Fragment]:
    """The setup is over, and its lock is gone from the card. `enrolled_at`: completing it enrols the card, unless it is
    enrolled already."""
    return [
        end_setup(brand_id=call.brand_id, operation_id=setup.operation_id, by=call.id),
        unlock_card(
            brand_id=call.brand_id, family_id=setup.family_id, setup_id=setup.operation_id, enrolled_at=enrolled_at
        ),
    ]


def given_up(call: Call, setup: SetupRead, *, on_date: date, coupons: Sequence[Coupon]) -> list[Fragment]:
    """The setup is over without being completed: budgets get back what was reserved, its coupons (those of
    `setup_coupons`) can be used again."""
    kept = [freed(each) for each in coupons if is_kept(each, of=setup.operation_id)]
    moves = BudgetMoves(on_date=on_date, gives_back=[setup.operation_id])
    return [
        *ended(call, setup),
        *step_coupons("coupons_freed", brand_id=call.brand_id, operation_id=call.id, coupons=kept, action=FREE),
        *move_budgets(brand_id=call.brand_id, operation_id=call.id, moves=moves),
    ]
