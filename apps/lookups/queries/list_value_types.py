"""listValueTypes: what a card, or the cards of a set, can hold."""

from collections.abc import Sequence

from apps.cards.core.status import CardNotActive
from apps.cards.queries.read_cards import read_cards
from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput
from apps.programs.core.configuration import Configuration
from apps.programs.core.value_type import ValueType
from apps.requestlog.core.call import Call
from apps.transactions.under_lock import current


def list_value_types(
    *, call: Call, configuration: Configuration, card_number: str | None = None, card_set_code: str | None = None
) -> Sequence[ValueType]:
    """The value types of the program, in the order of their making. One statement.

    Neither or both of card and set: 9. Unknown card: 2, never activated: 11; unknown set: 7.
    """
    check_choice(card_number=card_number, card_set_code=card_set_code)
    numbers = [card_number] if card_number is not None else []
    found = read_cards(hot_cursor(), brand_id=call.brand_id, numbers=numbers)
    configuration = current(configuration, found.config, call)
    if card_number is not None:
        card = found.card(card_number)
        if not card.was_activated:
            raise CardNotActive
        return configuration.program_of(card.card_set_id).value_types
    assert card_set_code is not None
    return configuration.programs[configuration.card_set(card_set_code).program_id].value_types


def check_choice(*, card_number: str | None, card_set_code: str | None) -> None:
    """Refuse (9) neither or both."""
    if (card_number is None) == (card_set_code is None):
        raise InvalidInput("Send either lookupCardNumber or cardSetId.")
