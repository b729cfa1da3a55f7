"""The parts of the one write statement that erase what a family's cards say about people."""

from apps.kernel.fragments import Fragment

_CARD = """UPDATE cards_card SET customer_id = NULL, alternate_customer_id = NULL, giver_customer_id = NULL,
 custom_number = NULL WHERE brand_id = %(brand)s AND id = %(id)s"""
_CHILDREN = """UPDATE cards_childcard SET customer_id = NULL, alternate_customer_id = NULL
 WHERE brand_id = %(brand)s AND family_id = %(family)s"""
_EVENTS = """UPDATE cards_event SET payload = NULL, properties = NULL WHERE brand_id = %(brand)s AND wallet_id IN
  (SELECT w.id FROM ledger_wallet w WHERE w.brand_id = %(brand)s AND (w.id = %(family)s OR w.root_id = %(family)s))
 AND (payload IS NOT NULL OR properties IS NOT NULL)"""


def erase_from_cards(*, brand_id: int, card_id: int, family_id: int) -> list[Fragment]:
    """Take the people and the custom number off the card and its children, and the contents out of their events. That
    an event happened, and when, stays."""
    family = {"brand": brand_id, "family": family_id}
    return [
        Fragment("card", _CARD, {"brand": brand_id, "id": card_id}),
        Fragment("children", _CHILDREN, family),
        Fragment("events", _EVENTS, family),
    ]
