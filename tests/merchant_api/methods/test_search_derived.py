"""search over the wire: what is derived of a card - segments, recommendations, scores, returns, mailings."""

from typing import Any
from uuid import UUID, uuid4

from apps.facts.core.score import Terms
from apps.facts.operations.set_scoring import set_scoring
from apps.kernel.ids import new_id
from apps.kernel.moments import epoch_milliseconds
from apps.messaging.core.kinds import Purpose, State
from apps.messaging.models import Outbox
from apps.segments.models import Segment
from tests.facts.test_recommended import sells, together
from tests.facts.test_score_customers import ago as long_ago
from tests.facts.test_score_customers import buyers, old_card, score
from tests.facts.told import buy, wallet
from tests.merchant_api.methods.test_search_shown import shown
from tests.merchant_api.steady import NOW, change_brand
from tests.merchant_api.test_statements import counted
from tests.segments.lists import segment_of
from tests.shop import Shop

# --- segments --------------------------------------------------------------------------------------------------------


def test_segments_of_the_card(acme: Shop) -> None:
    change_brand(acme, features=[*acme.brand.features, "segments"])
    card, other = acme.card(), acme.card()
    segment_of(acme, "vip", card, description="Our best customers")
    segment_of(acme, "early", card)
    gone = segment_of(acme, "gone", card)
    Segment.objects.filter(pk=gone.pk).update(is_active=False)
    assert shown(acme, card, "segments")["segments"] == [
        {"id": "early", "name": "Early"},
        {"id": "vip", "name": "Vip", "description": "Our best customers"},
    ]
    assert shown(acme, other, "segments") == {}


def test_segments_are_shown_on_the_first_card_only(acme: Shop) -> None:
    change_brand(acme, features=[*acme.brand.features, "segments"])
    first, second = acme.card(), acme.card()
    acme.ok("allocateChildCard", {"cardNumber": first, "childCardNumber": "kid"})
    segment_of(acme, "vip", first, f"{first}/kid", second)
    reply = acme.ok("search", {"filters": {}, "returnFields": {"segments": True, "childCards": True}})
    cards = reply["cards"]
    assert ["segments" in card for card in (*cards, *cards[0]["childCards"])] == [True, False, False]


def test_segments_need_the_brand_feature(acme: Shop) -> None:
    card = acme.card()
    segment_of(acme, "vip", card)
    assert shown(acme, card, "segments") == {}


def test_nobody_sees_the_segments_of_another_brand(acme: Shop, charlie: Shop) -> None:
    for shop in (acme, charlie):
        change_brand(shop, features=[*shop.brand.features, "segments"])
    mine, theirs = acme.card("SAME-NUMBER"), charlie.card("SAME-NUMBER")
    segment_of(charlie, "vip", theirs)
    assert shown(acme, mine, "segments") == {}


# --- recommendations and scores --------------------------------------------------------------------------------------


def recommending(shop: Shop) -> str:
    """A card that bought milk, in a brand where eggs, then flour, go with it."""
    change_brand(shop, features=[*shop.brand.features, "recommendations"])
    sells(shop, "milk", "eggs")
    sells(shop, "flour", name="")
    together(shop, ("milk", "eggs", 2), ("milk", "flour", 1))
    card = shop.card()
    shop.ok("checkout", {"cardNumber": card, "products": [{"sku": "milk", "unitPrice": 1}]})
    return card


def recommendations(shop: Shop, card: str, amount: int) -> Any:
    body = {"filters": {"cardNumber": card}, "returnFields": {"recommendationAmount": amount}}
    return shop.ok("search", body)["cards"][0].get("recommendedProducts")


def test_recommended_products(acme: Shop) -> None:
    card = recommending(acme)
    assert recommendations(acme, card, 20) == [{"sku": "eggs", "name": "Eggs"}, {"sku": "flour"}]
    assert recommendations(acme, card, 1) == [{"sku": "eggs", "name": "Eggs"}]
    assert recommendations(acme, card, 0) is None
    assert recommendations(acme, acme.card(), 20) is None


def test_recommendations_need_the_brand_feature(acme: Shop) -> None:
    card = recommending(acme)
    change_brand(acme, features=["createIfNew"])
    assert recommendations(acme, card, 20) is None


def test_the_score_of_a_card(acme: Shop) -> None:
    cards = buyers(acme)
    before = old_card(acme)
    buy(acme, before, long_ago(400))
    score(acme)
    assert shown(acme, cards[4], "score")["score"] == {
        "recencyScore": 5,
        "frequencyScore": 3,
        "monetaryScore": 5,
        "totalScore": 83,
        "scoreLabel": "Top",
    }
    body = {"filters": {"cardNumber": cards[4]}, "returnFields": {"score": True}}
    assert '"recencyScore":5.000' in acme.ok("search", body).text
    inactive = shown(acme, before, "score")["score"]
    assert (inactive["totalScore"], inactive["recencyScore"], inactive["scoreLabel"]) == (0, 1, "Inactive")
    assert shown(acme, acme.card(), "score") == {}


def test_the_label_is_the_brands(acme: Shop) -> None:
    cards = buyers(acme)
    score(acme)
    set_scoring(brand=acme.brand, terms=Terms(labels=[(90, "Nearly"), (100, "There")]))
    assert shown(acme, cards[4], "score")["score"]["scoreLabel"] == "Nearly"
    set_scoring(brand=acme.brand, terms=Terms(), is_active=False)
    assert shown(acme, cards[4], "score") == {}


def test_returns_stand_among_the_checkouts(acme: Shop) -> None:
    card = acme.card()
    bought = acme.ok("checkout", {"cardNumber": card, "products": [{"sku": "HAT", "unitPrice": 20}]})
    body = {
        "cardNumber": card,
        "checkoutRequestRef": bought["requestRef"],
        "returnedProducts": [{"sku": "HAT", "unitPrice": 20}],
    }
    back = acme.ok("returnMerchandise", body)
    (returned, checkout) = shown(acme, card, "checkouts")["checkouts"]
    assert (returned["isReturn"], returned["checkoutTotal"]) == (True, -20)
    assert returned["transactionReference"] == back["requestRef"]
    assert (checkout["isReturn"], checkout["checkoutTotal"]) == (False, 20)


# --- mailings --------------------------------------------------------------------------------------------------------


def message(shop: Shop, card: str, reference: str, **more: Any) -> Outbox:
    """A message as a call leaves it; `more` says what became of it."""
    facts = {
        "brand": shop.brand,
        "id": new_id(),
        "operation_id": UUID(reference),
        "wallet_id": wallet(shop, card),
        "result_uuid": uuid4(),
        "no": 1,
        "channel": "email",
        "body": "Hello",
        "state": State.SENT,
        "created_at": NOW,
        "due_at": NOW,
        "sent_at": NOW,
    }
    return Outbox.objects.create(**facts | more)


def test_mailings_are_the_e_mails_that_left(acme: Shop) -> None:
    change_brand(acme, features=[*acme.brand.features, "mailings"])
    card, other = acme.card(), acme.card()
    reference = acme.issue(card, 5)
    first = message(acme, card, reference)
    second = message(acme, card, reference, list_uuid=uuid4())
    message(acme, card, reference, channel="sms")
    message(acme, card, reference, state=State.QUEUED, sent_at=None)
    message(acme, card, reference, purpose=Purpose.CONFIRMATION)
    at = epoch_milliseconds(NOW)
    assert shown(acme, card, "mailings")["mailings"] == [
        {"mailingListId": str(second.list_uuid), "mailingRunId": reference, "sentAt": at},
        {"mailingListId": str(first.result_uuid), "mailingRunId": reference, "sentAt": at},
    ]
    assert shown(acme, other, "mailings") == {}


def test_mailings_need_the_brand_feature(acme: Shop) -> None:
    card = acme.card()
    message(acme, card, acme.issue(card, 5))
    assert shown(acme, card, "mailings") == {}


def test_each_of_these_costs_one_statement(acme: Shop) -> None:
    features = ["segments", "recommendations", "mailings", "createIfNew"]
    change_brand(acme, features=features)
    card = acme.card()
    body = {"filters": {"cardNumber": card}}
    plain = counted(acme, "search", body)
    for field in ("segments", "recommendationAmount", "score", "mailings"):
        value = 5 if field == "recommendationAmount" else True
        assert counted(acme, "search", body | {"returnFields": {field: value}}) == plain + 1, field
