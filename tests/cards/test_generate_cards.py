"""Inventory: unique, unguessable, Luhn-valid numbers, with PINs where the program uses them."""

from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.cards.core import draws
from apps.cards.core.draws import TooGuessable, number_of
from apps.cards.core.numbers import is_luhn_valid
from apps.cards.core.status import CardStatus
from apps.cards.models import Card
from apps.cards.operations import generate_cards as module
from apps.cards.operations.generate_cards import generate_cards
from apps.cards.queries.open_pin import open_pin
from apps.kernel.errors import InvalidInput
from apps.ledger.models import Wallet
from tests.shop import Shop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def generate(shop: Shop, count: int, **more: Any) -> list[Card]:
    """Make cards of the gift set and read them back."""
    card_set = more.pop("card_set", shop.gift_set)
    known = set(Card.objects.filter(brand=shop.brand).values_list("id", flat=True))
    generate_cards(brand=shop.brand, card_set=card_set, count=count, now=NOW, **more)
    return list(Card.objects.filter(brand=shop.brand).exclude(id__in=known))


def test_numbers_have_fifteen_digits_and_a_check_digit(acme: Shop) -> None:
    cards = generate(acme, 50)
    assert len({card.number for card in cards}) == 50
    assert all(len(card.number) == 15 and is_luhn_valid(card.number) for card in cards)
    assert {(card.status, card.wallet_id, card.activated_at) for card in cards} == {(CardStatus.INVENTORY, None, None)}


def test_numbers_say_nothing_about_each_other(acme: Shop) -> None:
    """No order, no common beginning, no pattern in the drawing: first digits and shuffles are spread."""
    cards = sorted(generate(acme, 200), key=lambda card: card.pk)
    assert {card.number[0] for card in cards} == set("0123456789")
    assert [card.number for card in cards] != sorted(card.number for card in cards)
    assert len({card.shuffle >> 58 for card in cards}) == 16
    gaps = sorted(int(card.number) for card in cards)
    assert min(b - a for a, b in pairwise(gaps)) > 1000


def test_pins_are_sealed_and_of_four_digits(acme: Shop) -> None:
    pins = [(bytes(card.pin), open_pin(card.pin)) for card in generate(acme, 20)]
    assert all(pin is not None and len(pin) == 4 and pin.isdigit() for _, pin in pins)
    assert len({sealed for sealed, _ in pins}) == 20
    assert len({pin for _, pin in pins}) > 1


def test_a_program_without_pins_gets_none(acme: Shop) -> None:
    assert {card.pin for card in generate(acme, 3, card_set=acme.loyalty_set)} == {None}


def test_a_generated_card_can_be_allocated(acme: Shop) -> None:
    generate(acme, 1)
    allocated = acme.ok("allocate", {"cardSetId": acme.gift_set.code})
    card = Card.objects.get(brand=acme.brand, number=allocated["cardNumber"])
    assert card.status == CardStatus.ACTIVATED


def test_demo_cards_are_active_at_once_and_owned(acme: Shop) -> None:
    cards = generate(acme, 3, demo_location=acme.location)
    assert {(card.status, card.is_demo, card.activated_at) for card in cards} == {(CardStatus.DEMO, True, NOW)}
    wallets = Wallet.objects.filter(brand=acme.brand, id__in=[card.wallet_id for card in cards])
    assert {(each.owner_location_id, each.is_demo) for each in wallets} == {(acme.location.pk, True)}
    acme.issue(cards[0].number, 10)
    assert acme.free(cards[0].number) == 10


def test_numbers_begin_with_the_prefix(acme: Shop) -> None:
    assert {card.number[:4] for card in generate(acme, 5, prefix="6006")} == {"6006"}


@pytest.mark.parametrize("prefix", ["12345678901", "1" * 14, "1" * 20])
def test_a_prefix_that_leaves_too_few_numbers_is_refused(acme: Shop, prefix: str) -> None:
    with pytest.raises(TooGuessable):
        generate(acme, 2, prefix=prefix)
    assert not Card.objects.filter(brand=acme.brand).exists()


@pytest.mark.parametrize(("prefix", "count"), [("12a", 1), ("\N{FULLWIDTH DIGIT ONE}", 1), ("", 0), ("", -5)])
def test_nonsense_is_refused(acme: Shop, prefix: str, count: int) -> None:
    with pytest.raises(InvalidInput):
        generate(acme, count, prefix=prefix)


def test_another_brands_set_or_location_is_refused(acme: Shop, charlie: Shop) -> None:
    with pytest.raises(InvalidInput):
        generate(acme, 1, card_set=charlie.gift_set)
    with pytest.raises(InvalidInput):
        generate(acme, 1, demo_location=charlie.location)
    assert not Card.objects.filter(brand__in=[acme.brand, charlie.brand]).exists()


def test_numbers_that_are_taken_are_drawn_again(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nine digits of prefix there are 100,000 numbers; the drawing is made to hit taken ones first."""
    monkeypatch.setattr(draws, "RARITY", 1)
    taken = [number_of("123456789", drawn) for drawn in range(50)]
    Card.objects.bulk_create(
        Card(brand=acme.brand, number=number, card_set_id=acme.gift_set.pk, shuffle=1) for number in taken
    )
    draws_to_come = iter(range(40, 1000))
    monkeypatch.setattr(module.secrets, "randbelow", lambda below: next(draws_to_come) if below == 10**5 else 1)
    made = generate(acme, 20, prefix="123456789")
    assert {card.number for card in made} == {number_of("123456789", drawn) for drawn in range(50, 70)}


def test_batches_are_whole_and_reported(acme: Shop) -> None:
    seen: list[int] = []
    generate(acme, 25, batch=10, progress=seen.append)
    assert seen == [10, 20, 25]


def test_an_interrupted_run_leaves_whole_batches(acme: Shop) -> None:
    def interrupt(made: int) -> None:
        if made == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(acme, 50, batch=10, progress=interrupt)
    assert Card.objects.filter(brand=acme.brand).count() == 20


def test_the_command_makes_cards_and_tells_how_far_it_is(acme: Shop) -> None:
    output = StringIO()
    call_command(
        "generate_cards", brand=acme.brand.code, card_set=acme.gift_set.code, count=3, stdout=output, demo=False
    )
    assert "3 of 3 cards" in output.getvalue()
    assert Card.objects.filter(brand=acme.brand, status=CardStatus.INVENTORY).count() == 3


@pytest.mark.parametrize(
    "changes",
    [{"brand": "nobody"}, {"card_set": "nothing"}, {"count": 0}, {"demo": True}, {"location": "main-street"}],
)
def test_the_command_says_what_is_wrong(acme: Shop, changes: dict[str, Any]) -> None:
    options = {"brand": acme.brand.code, "card_set": acme.gift_set.code, "count": 1} | changes
    with pytest.raises(CommandError):
        call_command("generate_cards", **options)
    assert not Card.objects.filter(brand=acme.brand).exists()
