"""Cards that an occasion is about, page by page."""

from datetime import UTC, date, datetime

from apps.cards.core.cards_sought import CardsSought
from apps.cards.models import Card
from apps.cards.queries.sought import cards_by_id, sought_cards
from apps.kernel.db.hot import hot_cursor
from tests.merchant_api.steady import set_status
from tests.merchant_api.triggers import member
from tests.shop import Shop

SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC)


def found(shop: Shop, sought: CardsSought, *, limit: int = 2) -> list[list[str]]:
    """The numbers of the cards of all pages."""
    pages, above = [], 0
    while True:
        page = sought_cards(hot_cursor(), brand_id=shop.brand.pk, sought=sought, above=above, limit=limit)
        pages.append([card.number for card in page.cards])
        above = page.last_id
        if page.is_last:
            return pages


def test_pages_come_in_the_order_of_ids_and_leave_inactive_cards_out(acme: Shop, charlie: Shop) -> None:
    cards = [member(acme) for _ in range(5)]
    member(charlie)
    set_status(acme, cards[1], "Lost")
    everyone = CardsSought(everyone=True)
    assert found(acme, everyone) == [[cards[0], cards[2]], [cards[3], cards[4]], []]
    assert found(acme, CardsSought(), limit=5) == [[]]


def test_each_card_comes_once_for_whatever_reason(acme: Shop, charlie: Shop) -> None:
    cards = [member(acme, birthday="1990-07-04") for _ in range(3)]
    later = member(acme, birthday="2001-07-04")
    member(charlie, birthday="1990-07-04")
    span = ((SINCE, UNTIL),)
    rows = Card.objects.filter(brand=acme.brand, number__in=[cards[0], later])
    rows.update(activated_at=SINCE, enrolled_at=UNTIL)
    sought = CardsSought(birthdays=((704, date(2000, 1, 1)),), enrolled=span, activated=span)
    assert found(acme, sought) == [[cards[0], cards[1]], [cards[2], later], []]
    assert found(acme, CardsSought(enrolled=span)) == [[]]
    set_status(acme, cards[2], "Lost")
    assert found(acme, sought) == [[cards[0], cards[1]], [later], []]


def test_cards_by_their_ids_are_those_of_the_brand_that_are_active(acme: Shop, charlie: Shop) -> None:
    mine, lost, theirs = member(acme), member(acme), member(charlie)
    set_status(acme, lost, "Lost")
    ids = list(Card.objects.filter(number__in=[mine, lost, theirs]).values_list("id", flat=True))
    assert [card.number for card in cards_by_id(hot_cursor(), brand_id=acme.brand.pk, ids=ids)] == [mine]
