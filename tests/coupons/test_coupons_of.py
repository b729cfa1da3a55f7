"""The coupons of cards, as a search shows them."""

from datetime import timedelta
from typing import Any

from apps.cards.models import Card
from apps.coupons.models import Coupon
from apps.coupons.queries.coupons_of import CouponSeen, coupons_of
from apps.kernel.db.hot import hot_cursor
from tests.coupons.booklet import booklet, coupon
from tests.merchant_api.steady import NOW, ahead
from tests.shop import Shop


def of(shop: Shop, *cards: str, **more: Any) -> dict[str, list[CouponSeen]]:
    wallets = dict(Card.objects.filter(brand=shop.brand, number__in=cards).values_list("wallet_id", "number"))
    found = coupons_of(hot_cursor(), brand_id=shop.brand.pk, wallet_ids=wallets, at=NOW, **more)
    return {wallets[wallet_id]: seen for wallet_id, seen in found.items()}


def give(shop: Shop, card: str, *codes: str, **more: Any) -> None:
    for code in codes:
        body = {"couponId": code, "cardNumber": card, "promotionId": "p", "allowMultipleCoupons": True}
        shop.ok("allocateCoupon", body | more)


def test_each_card_has_its_own_and_the_first_to_expire_first(acme: Shop) -> None:
    booklet(acme, ["A", "B", "C", "D"])
    first, second = acme.card(), acme.card()
    give(acme, first, "A")
    give(acme, first, "B", expirationDate=ahead(days=2))
    give(acme, second, "C")
    found = of(acme, first, second, acme.card())
    assert {card: [each.code for each in seen] for card, seen in found.items()} == {first: ["B", "A"], second: ["C"]}
    assert found[first][0] == CouponSeen("B", coupon(acme, "B").allocated_at, NOW + timedelta(days=2))
    assert found[first][1].expires_at is None


def test_only_active_coupons_are_shown(acme: Shop) -> None:
    booklet(acme, ["A", "B", "C", "D", "E"])
    card = acme.card()
    give(acme, card, "A", "B", "C", "D")
    acme.ok("couponDetails", {"couponId": "A", "action": "use"})
    acme.ok("couponDetails", {"couponId": "B", "action": "reserve", "reserveUntil": ahead(hours=1)})
    Coupon.objects.filter(brand=acme.brand, code="C").update(expires_at=NOW)
    assert [each.code for each in of(acme, card)[card]] == ["B", "D"]


def test_twenty_at_most_unless_said_otherwise(acme: Shop) -> None:
    codes = [f"A-{number}" for number in range(22)]
    booklet(acme, codes)
    card = acme.card()
    give(acme, card, *codes)
    assert [each.code for each in of(acme, card)[card]] == codes[:20]
    assert len(of(acme, card, limit=3)[card]) == 3


def test_nothing_of_another_brand_and_nothing_for_no_card(acme: Shop, charlie: Shop) -> None:
    booklet(acme, ["A"])
    card = acme.card()
    give(acme, card, "A")
    wallets = Card.objects.filter(brand=acme.brand).values_list("wallet_id", flat=True)
    assert coupons_of(hot_cursor(), brand_id=charlie.brand.pk, wallet_ids=list(wallets), at=NOW) == {}
    assert of(acme) == {}
