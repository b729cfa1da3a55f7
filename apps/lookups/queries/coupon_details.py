"""couponDetails without any change: how a coupon stands."""

from apps.cards.core.status import CardNotActive
from apps.cards.queries.read_cards import read_cards
from apps.coupons.core.life import Coupon, CouponNotFound, Standing
from apps.coupons.queries.read_coupon import read_coupon
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.operations.coupon_details import check_card
from apps.transactions.under_lock import current


def coupon_details(*, call: Call, configuration: Configuration, code: str, card_number: str | None = None) -> Coupon:
    """The coupon as stored. Unknown or expired: 23. A named card must be known (2) and activated once (11), and the
    coupon not restricted to others (27). One statement, two with a card."""
    cursor = hot_cursor()
    wallet_id = _wallet(cursor, call, configuration, card_number) if card_number is not None else None
    found = read_coupon(cursor, brand_id=call.brand_id, coupon=code)
    current(configuration, found.config, call)
    if found.coupon is None or found.coupon.standing(call.moment) is Standing.EXPIRED:
        raise CouponNotFound
    if card_number is not None:
        check_card(found.coupon, card_number=card_number, wallet_id=wallet_id)
    return found.coupon


def _wallet(cursor: Cursor, call: Call, configuration: Configuration, number: str) -> int | None:
    found = read_cards(cursor, brand_id=call.brand_id, numbers=[number])
    current(configuration, found.config, call)
    card = found.card(number)
    if not card.was_activated:
        raise CardNotActive
    return card.wallet_id
