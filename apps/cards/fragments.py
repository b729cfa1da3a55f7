"""The cards' parts of the one write statement."""

from datetime import datetime

from apps.cards.core.status import CardStatus
from apps.kernel.fragments import Fragment

_ACTIVATE = """UPDATE cards_card SET status = %(status)s, family_id = %(wallet)s, wallet_id = %(wallet)s,
 activated_at = %(at)s WHERE brand_id = %(brand)s AND id = %(id)s"""

_CREATE = """INSERT INTO cards_card (brand_id, number, card_set_id, status, pin, shuffle, is_demo, family_id, wallet_id,
 activated_at) VALUES (%(brand)s, %(number)s, %(card_set)s, %(status)s, %(pin)s, %(shuffle)s, false, %(wallet)s,
 %(wallet)s, %(at)s)"""

_STATUS = "UPDATE cards_card SET status = %(status)s WHERE brand_id = %(brand)s AND id = %(id)s"

_ACCOUNT = """UPDATE cards_card SET
 custom_number = CASE WHEN %(custom)s::text IS NULL THEN custom_number ELSE nullif(%(custom)s, '') END,
 enrolled_at = coalesce(enrolled_at, %(enrolled)s), customer_id = coalesce(customer_id, %(customer)s)
 WHERE brand_id = %(brand)s AND id = %(id)s"""


def activate(*, brand_id: int, card_id: int, wallet_id: int, at: datetime) -> Fragment:
    """An inventory card becomes active and gets its wallet."""
    params = {"brand": brand_id, "id": card_id, "wallet": wallet_id, "at": at, "status": int(CardStatus.ACTIVATED)}
    return Fragment("card", _ACTIVATE, params)


def create_active(
    *, brand_id: int, number: str, card_set_id: int, pin: bytes | None, shuffle: int, wallet_id: int, at: datetime
) -> Fragment:
    """A card that did not exist is created active."""
    return Fragment(
        "card",
        _CREATE,
        {
            "brand": brand_id,
            "number": number,
            "card_set": card_set_id,
            "status": int(CardStatus.ACTIVATED),
            "pin": pin,
            "shuffle": shuffle,
            "wallet": wallet_id,
            "at": at,
        },
    )


def set_status(*, brand_id: int, card_id: int, status: CardStatus) -> Fragment:
    """A card changes its status; whether it may is decided before."""
    return Fragment("card", _STATUS, {"brand": brand_id, "id": card_id, "status": int(status)})


def update_account(
    *,
    brand_id: int,
    card_id: int,
    custom_number: str | None,
    enrolled_at: datetime | None,
    customer_id: int | None,
) -> Fragment:
    """Custom number, enrolment (once) and holder (once). None leaves a column as it is; an empty custom number
    removes it."""
    return Fragment(
        "card",
        _ACCOUNT,
        {
            "brand": brand_id,
            "id": card_id,
            "custom": custom_number,
            "enrolled": enrolled_at,
            "customer": customer_id,
        },
    )
