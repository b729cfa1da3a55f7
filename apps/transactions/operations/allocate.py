"""allocate: activate a card, drawn from a set or named, and give it its wallet."""

import secrets
from dataclasses import dataclass

from apps.cards.core.numbers import check_number
from apps.cards.core.state import CardState
from apps.cards.core.status import ACTIVE, NOT_YET_ACTIVATED, CardNotActive, CardNotFound
from apps.cards.fragments import activate, create_active
from apps.cards.operations.seal_pin import new_pin, seal_pin
from apps.cards.queries.draw_card import SHUFFLES, draw_again
from apps.cards.queries.locks import lock_card, lock_free_card
from apps.cards.queries.open_pin import open_pin
from apps.cards.queries.read_for_activation import ForActivation, read_for_activation
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.fragments import Fragment
from apps.ledger.fragments import open_wallet
from apps.programs.core.configuration import CardSet, CardSetNotFound, Configuration
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.under_lock import check_moment, current


class CardSetDepleted(Refusal):
    """No inventory card is left in the set (16)."""

    code = ErrorCode.CARD_SET_DEPLETED
    message = "The card set has no free card left."


@dataclass(frozen=True, slots=True)
class Allocated:
    """The activated card; `pin` is None where the program uses none."""

    card_number: str
    pin: str | None


def allocate(
    *,
    call: Call,
    configuration: Configuration,
    card_set_code: str | None = None,
    card_number: str | None = None,
    create_if_new: bool = False,
    record: Record[Allocated] | None = None,
) -> Allocated:
    """Activate a random inventory card of a set, or the named card, or (`create_if_new`) create the named card.

    The location of the call owns the card from now on. Neither or both of set and number: 9, but `create_if_new` needs
    both. Unknown set: 7; empty set: 16; unknown number: 2; already active: 9 (a brand can allow repeats, which answer
    the same PIN); any other status: 11.
    """
    if create_if_new != bool(card_set_code and card_number) or not (card_set_code or card_number):
        raise InvalidInput("Send either cardSetId or cardNumber; both only, and always, with createIfNew.")
    if create_if_new and card_number is not None:
        check_number(card_number)
    card_set = _card_set(configuration, card_set_code) if card_set_code else None
    drawn = secrets.randbelow(SHUFFLES)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Allocated]:
        which: int | str | None = card_number
        if which is None and card_set is not None:
            which = next(iter(locked), None) or draw_again(
                cursor, brand_id=call.brand_id, card_set_id=card_set.id, drawn=drawn
            )
        found = read_for_activation(cursor, brand_id=call.brand_id, card=which)
        fresh = current(configuration, found.config, call)
        if card_set_code and (card_set is None or not fresh.card_sets[card_set.id].is_active):
            raise CardSetNotFound
        if which is None:
            raise CardSetDepleted
        check_moment(call, fresh.zone, found.closed_through)
        if found.card is None:
            if not create_if_new or card_set is None or card_number is None:
                raise CardNotFound
            return _create(call, fresh, found, card_set, card_number)
        return _activate(call, fresh, found, found.card, card_set)

    lock = None
    if card_number is not None:
        lock = lock_card(card_number)
    elif card_set is not None:
        lock = lock_free_card(card_set.id, drawn=drawn)
    return change(call=call, lock=lock, decide=decide, record=record)


def _card_set(configuration: Configuration, code: str) -> CardSet | None:
    """The set by its wire id, also one that was made since this process last looked; None if unknown or switched off.

    It is refused later, since a used customRequestId answers first.
    """
    known = configuration.card_sets_by_code.get(code)
    if known is None or not known.is_active:
        fresh = fresh_configuration(configuration.brand_code)
        known = fresh.card_sets_by_code.get(code) if fresh else None
    return known if known is not None and known.is_active else None


def _activate(
    call: Call, configuration: Configuration, found: ForActivation, card: CardState, card_set: CardSet | None
) -> Plan[Allocated]:
    if card_set is not None and card.card_set_id != card_set.id:
        raise InvalidInput("The card exists in another card set.")
    pin = open_pin(card.pin) if configuration.program_of(card.card_set_id).uses_pins else None
    answer = Allocated(card.number, pin)
    if card.status in ACTIVE:
        if not configuration.repeated_allocation_allowed:
            raise InvalidInput("The card is already active.")
        return _plan(call, answer, card.family_id, [])
    if card.status not in NOT_YET_ACTIVATED:
        raise CardNotActive
    wallet = _wallet(call, configuration, found.wallet_id, card.card_set_id)
    active = activate(brand_id=call.brand_id, card_id=card.id, wallet_id=found.wallet_id, at=call.moment)
    return _plan(call, answer, found.wallet_id, [wallet, active])


def _create(
    call: Call, configuration: Configuration, found: ForActivation, card_set: CardSet, number: str
) -> Plan[Allocated]:
    pin = new_pin() if configuration.programs[card_set.program_id].uses_pins else None
    wallet = _wallet(call, configuration, found.wallet_id, card_set.id)
    card = create_active(
        brand_id=call.brand_id,
        number=number,
        card_set_id=card_set.id,
        pin=seal_pin(pin) if pin else None,
        shuffle=secrets.randbelow(SHUFFLES),
        wallet_id=found.wallet_id,
        at=call.moment,
    )
    return _plan(call, Allocated(number, pin), found.wallet_id, [wallet, card], contested=("cards_card_number",))


def _wallet(call: Call, configuration: Configuration, wallet_id: int, card_set_id: int) -> Fragment:
    assert call.location_id is not None, "a card is activated at a location, which then owns it"
    return open_wallet(
        brand_id=call.brand_id,
        wallet_id=wallet_id,
        program_id=configuration.card_sets[card_set_id].program_id,
        card_set_id=card_set_id,
        owner_location_id=call.location_id,
        is_demo=False,
        at=call.moment,
    )


def _plan(
    call: Call, answer: Allocated, family_id: int | None, fragments: list[Fragment], contested: tuple[str, ...] = ()
) -> Plan[Allocated]:
    return Plan(
        answer=answer,
        call_type=CallType.ALLOCATE,
        occurred_at=call.moment,
        fragments=fragments,
        family_id=family_id,
        contested=contested,
    )
