"""search: find cards by their numbers or by their customers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.cards.core.status import CardStatus
from apps.cards.operations.check_pin import check_pin, count_blind_guess
from apps.cards.queries.open_pin import open_pin
from apps.customers.core.customer import Demographics
from apps.customers.core.phones import to_e164
from apps.kernel.db.hot import hot_cursor
from apps.kernel.errors import InvalidInput
from apps.ledger.core.lots import Lot
from apps.ledger.queries.open_lots import open_lots
from apps.lookups.core.balances import BalancePart, balance_parts
from apps.lookups.queries.find_cards import CardFilters, FoundCard, find_cards
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.transactions.under_lock import NO_PIN, PinClaim, current, guesser_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CardParts:
    """What to show of each card beyond what costs nothing. The two refinements go with `balances`."""

    balances: bool = False
    balances_by_expiry: bool = False
    delayed_balances: bool = False
    customer: bool = False
    pin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeen:
    """A card. `balances`, `customer` and `pin` are None unless asked for; so are the last two where there is none."""

    number: str
    card_set_code: str
    status: CardStatus
    custom_number: str | None
    activated_at: datetime | None
    enrolled_at: datetime | None
    balances: list[BalancePart] | None
    customer: Demographics | None
    pin: str | None


NO_FILTER = CardFilters()
NOTHING_MORE = CardParts()


def search(
    *,
    call: Call,
    configuration: Configuration,
    filters: CardFilters | None = None,
    shows_inactive: bool = False,
    parts: CardParts = NOTHING_MORE,
    claim: PinClaim = NO_PIN,
    offset: int = 0,
    limit: int = 10,
) -> list[CardSeen]:
    """The cards that match all filters, in the order of their ids; every card of the brand without filters (None).

    Filters without any value match nothing, and so does an empty one beside others. Only active cards, unless
    `shows_inactive`, which goes with filters by number only (9). A forced PIN is checked where a card number is looked
    for: wrong 10; a card that is not found counts as a guess. One statement, and one more for balances.
    """
    check_inactive(filters, shows_inactive=shows_inactive)
    found: list[FoundCard] = []
    if filters is None or not filters.match_nothing:
        number, found = find_cards(
            hot_cursor(),
            brand_id=call.brand_id,
            filters=_with_e164(filters, call, configuration) if filters else NO_FILTER,
            shows_inactive=shows_inactive,
            offset=offset,
            limit=limit,
        )
        configuration = current(configuration, number, call)
    if claim.is_forced and filters is not None and filters.card_number is not None:
        _check_pin(found, call, configuration, claim)
    lots = _lots(call, found) if parts.balances else {}
    return [_seen(card, call, configuration, parts, lots) for card in found]


def check_inactive(filters: CardFilters | None, *, shows_inactive: bool) -> None:
    """Refuse (9) to show inactive cards unless they are looked for by number."""
    if shows_inactive and not (filters is not None and filters.is_by_number):
        raise InvalidInput("includeInactive goes with cardNumber and customCardNumber only.")


def _with_e164(filters: CardFilters, call: Call, configuration: Configuration) -> CardFilters:
    """Phones as they are stored. One that cannot be a phone number becomes an empty text, which nothing matches."""
    location = configuration.location(call.location_id)
    countries = [location.country, configuration.country] if location else [configuration.country]
    return replace(
        filters,
        phone=_e164(filters.phone, countries),
        mobile_phone=_e164(filters.mobile_phone, countries),
    )


def _e164(phone: str | None, countries: Sequence[str]) -> str | None:
    if phone is None:
        return None
    return next((number for country in countries if (number := to_e164(phone, country=country))), "")


def _check_pin(found: Sequence[FoundCard], call: Call, configuration: Configuration, claim: PinClaim) -> None:
    """A number names one card at most; where it finds none, the attempt counts too, or guessing were free."""
    if not found:
        count_blind_guess(guesser=guesser_of(call))
    for card in found:
        check_pin(
            guesser=guesser_of(call),
            card_id=card.id,
            sealed=card.pin,
            pin=claim.pin,
            uses_pins=configuration.program_of(card.card_set_id).uses_pins,
        )


def _lots(call: Call, found: Sequence[FoundCard]) -> dict[int, list[Lot]]:
    wallets = [card.wallet_id for card in found if card.wallet_id is not None]
    return open_lots(hot_cursor(), brand_id=call.brand_id, wallet_ids=wallets)


def _seen(
    card: FoundCard, call: Call, configuration: Configuration, parts: CardParts, lots: dict[int, list[Lot]]
) -> CardSeen:
    balances = None
    if parts.balances:
        balances = balance_parts(
            lots.get(card.wallet_id, []) if card.wallet_id is not None else [],
            at=call.moment,
            configuration=configuration,
            by_expiry=parts.balances_by_expiry,
            with_delayed=parts.delayed_balances,
        )
    return CardSeen(
        number=card.number,
        card_set_code=configuration.card_sets[card.card_set_id].code,
        status=card.status,
        custom_number=card.custom_number,
        activated_at=card.activated_at,
        enrolled_at=card.enrolled_at,
        balances=balances,
        customer=card.customer if parts.customer else None,
        pin=open_pin(card.pin) if parts.pin and configuration.program_of(card.card_set_id).uses_pins else None,
    )
