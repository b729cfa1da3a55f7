"""listValueTypes: what a card, or the cards of a set, can hold."""

from typing import Any

import pytest

from apps.cards.models import Card
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from tests.shop import Shop

USD = {"balanceType": "Currency", "balanceCode": "USD", "scale": 2, "showInTerminal": True}


def listed(shop: Shop, **wanted: Any) -> list[dict[str, Any]]:
    """The value types."""
    found: list[dict[str, Any]] = shop.ok("listValueTypes", wanted)["valueTypes"]
    return found


def test_a_card_and_its_set_have_the_same(acme: Shop) -> None:
    assert listed(acme, lookupCardNumber=acme.card()) == listed(acme, cardSetId="gift-cards") == [USD]


def test_only_currency_and_custom_have_codes_and_only_custom_a_name(acme: Shop) -> None:
    program = create_program(brand=acme.brand, code="combo", name="Combo", type="combo")
    for balance_type, scale, code, display, shown in (
        ("Punches", 0, "", "", True),
        ("Custom", 2, "cashback", "Cash back", False),
        ("Currency", 0, "JPY", "Yen", True),
        ("Points", 0, "", "", True),
    ):
        create_value_type(
            brand=acme.brand,
            program=program,
            balance_type=balance_type,
            scale=scale,
            balance_code=code,
            code_display=display,
            show_in_terminal=shown,
        )
    create_card_set(brand=acme.brand, program=program, code="combo-cards", name="Combo cards")
    assert listed(acme, cardSetId="combo-cards") == [
        {"balanceType": "Punches", "scale": 0, "showInTerminal": True},
        {
            "balanceType": "Custom",
            "balanceCode": "cashback",
            "balanceCodeDisplay": "Cash back",
            "scale": 2,
            "showInTerminal": False,
        },
        {"balanceType": "Currency", "balanceCode": "JPY", "scale": 0, "showInTerminal": True},
        {"balanceType": "Points", "scale": 0, "showInTerminal": True},
    ]


def test_a_program_without_value_types_has_an_empty_list(acme: Shop) -> None:
    program = create_program(brand=acme.brand, code="bare", name="Bare", type="gift")
    create_card_set(brand=acme.brand, program=program, code="bare-cards", name="Bare cards")
    assert listed(acme, cardSetId="bare-cards") == []


def test_a_closed_card_still_has_them(acme: Shop) -> None:
    number = acme.card()
    close = {"cardNumber": number, "action": "adjustOnly", "isAccountingAdjustment": True}
    acme.ok("updateBalance", close | {"adjustStatus": {"newStatus": "Closed"}})
    assert listed(acme, lookupCardNumber=number) == [USD]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 9),
        ({"lookupCardNumber": "", "cardSetId": ""}, 9),
        ({"lookupCardNumber": "rack", "cardSetId": "gift-cards"}, 9),
        ({"lookupCardNumber": "nobody"}, 2),
        ({"lookupCardNumber": "rack"}, 11),
        ({"cardSetId": "no such set"}, 7),
    ],
)
def test_what_cannot_be_answered_is_refused(acme: Shop, body: dict[str, str], code: int) -> None:
    Card.objects.create(brand=acme.brand, number="rack", card_set_id=acme.gift_set.pk, shuffle=1)
    assert acme.post("listValueTypes", body).code == code


def test_charlie_does_not_see_cards_of_acme(acme: Shop, charlie: Shop) -> None:
    assert charlie.post("listValueTypes", {"lookupCardNumber": acme.card()}).code == 2
    create_card_set(brand=acme.brand, program=acme.gift, code="secret", name="Secret")
    assert charlie.post("listValueTypes", {"cardSetId": "secret"}).code == 7
