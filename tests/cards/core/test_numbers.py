"""Card numbers and the life of a card."""

from datetime import UTC, datetime

import pytest

from apps.cards.core.numbers import check_number, is_luhn_valid, with_check_digit
from apps.cards.core.state import CardState
from apps.cards.core.status import ACTIVE, BY_ADJUSTMENT, NOT_YET_ACTIVATED, CardNotActive, CardStatus
from apps.kernel.errors import InvalidInput


@pytest.mark.parametrize("number", ["a", "A-1", "_", "-", "0" * 64, "483109705813926"])
def test_letters_digits_and_two_signs_make_a_number(number: str) -> None:
    check_number(number)


@pytest.mark.parametrize("number", ["", " ", "a b", "a.b", "é", "\u0661", "a\n", "x" * 65, "a/b", "a,b"])
def test_anything_else_does_not(number: str) -> None:
    with pytest.raises(InvalidInput):
        check_number(number)


@pytest.mark.parametrize("number", ["79927398713", "4111111111111111", "0", "18"])
def test_numbers_with_the_right_check_digit(number: str) -> None:
    assert is_luhn_valid(number)
    assert with_check_digit(number[:-1]) == number


def test_every_single_wrong_digit_is_noticed() -> None:
    number = with_check_digit("48310970581392")
    for place in range(len(number)):
        for digit in "0123456789".replace(number[place], ""):
            assert not is_luhn_valid(number[:place] + digit + number[place + 1 :])


def state(status: CardStatus, wallet: int | None) -> CardState:
    return CardState(1, "x", 1, status, None, wallet, wallet, None, datetime(2024, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("status", CardStatus)
def test_activated_and_demo_are_active_and_nothing_else(status: CardStatus) -> None:
    card = state(status, None if status in NOT_YET_ACTIVATED else 7)
    assert card.was_activated is (status not in NOT_YET_ACTIVATED)
    if status in (CardStatus.ACTIVATED, CardStatus.DEMO):
        assert card.require_active() == (7, 7)
    else:
        with pytest.raises(CardNotActive):
            card.require_active()


def test_adjustments_lead_from_active_to_five_statuses() -> None:
    assert sorted(BY_ADJUSTMENT) == ["Closed", "Expired", "Lost", "Stolen", "Suspended"]
    assert not ACTIVE & set(BY_ADJUSTMENT.values())
    assert CardStatus.ACTIVATED.wire_name == "Activated"
