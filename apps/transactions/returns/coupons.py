"""What a return does to the coupons of its checkout."""

from collections.abc import Sequence

from apps.coupons.checkout_fragments import step_coupons
from apps.coupons.core.life import Action, Coupon
from apps.coupons.core.returned import DISABLE, Reset, disabled, freed
from apps.coupons.queries.coupons_of_call import lock_coupons_of_call
from apps.kernel.db.hot import Cursor
from apps.kernel.fragments import Fragment
from apps.transactions.firing.stage import Stage
from apps.transactions.returns.goods import Goods
from apps.transactions.returns.original import Original


def coupons_back(cursor: Cursor, stage: Stage, goods: Goods, original: Original, *, is_full: bool) -> list[Fragment]:
    """Coupons that the checkout used can be used again, those that it issued cannot be used any more, as far as it is
    wanted. 26, 27; see `coupons.core.returned`."""
    resets = goods.used_coupons is Reset.ALWAYS or (goods.used_coupons is Reset.ON_FULL_RETURN and is_full)
    if not resets and not goods.disables_issued:
        return []
    call = stage.call
    touched = lock_coupons_of_call(cursor, brand_id=call.brand_id, operation_id=original.id)
    again = freed(touched, checkout_id=original.id) if resets else []
    off = []
    if goods.disables_issued:
        off = disabled(touched, at=call.moment, fails_if_used=goods.fails_if_coupons_used)
    _hide(stage, off)
    key = {"brand_id": call.brand_id, "operation_id": call.id}
    return [
        *step_coupons("coupons_unused", coupons=again, action=Action.UNUSE, **key),  # type: ignore[arg-type]
        *step_coupons("coupons_disabled", coupons=off, action=DISABLE, **key),  # type: ignore[arg-type]
    ]


def _hide(stage: Stage, coupons: Sequence[Coupon]) -> None:
    """No campaign uses a coupon that this very call disables."""
    own, gone = stage.readings.get("coupons_own"), {each.id for each in coupons}
    if own and gone:
        stage.readings = {**stage.readings, "coupons_own": [each for each in own if each["id"] not in gone]}
