"""Everything that a search can show of cards beyond their own rows: one statement for each kind, however many cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from apps.cards.queries.events_of import EventSeen, bounced_wallets, events_of
from apps.coupons.queries.coupons_of import CouponSeen, coupons_of
from apps.customers.core.addresses import EMAIL, PHONE
from apps.customers.core.customer import Demographics
from apps.customers.core.third_parties import CUSTOM
from apps.customers.queries.customers_of import FieldSeen, LinkSeen, customers_of, fields_of, links_of
from apps.facts.queries.recommended import Recommended, recommended_to
from apps.facts.queries.scores_of import ScoreSeen, scores_of
from apps.kernel.db.hot import Cursor
from apps.ledger.core.lots import Lot
from apps.ledger.queries.open_lots import open_lots
from apps.lookups.core.balances import BalancePart, Converter, balance_parts, with_converted
from apps.lookups.queries.checkouts_of import PastCheckout, checkouts_of
from apps.lookups.queries.find_cards import FoundCard, FoundChild
from apps.messaging.queries.mailings_of import MailingSeen, mailings_of
from apps.programs.core.configuration import Configuration, Program
from apps.programs.queries.exchange_rates import exchange_rates
from apps.requestlog.core.call import Call
from apps.segments.queries.segments_of import SegmentSeen, segments_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CardParts:
    """What to show of each card beyond what costs nothing.

    Three refinements go with `balances`; `currency` is the code of one in which they are to be shown too.
    `checkout_movements` goes with `checkouts`. `segments` are those of the first card only.
    `recommendations`: how many products at most.
    """

    balances: bool = False
    balances_by_expiry: bool = False
    delayed_balances: bool = False
    currency: str | None = None
    customer: bool = False
    alternate_customer: bool = False
    giver_customer: bool = False
    brand_demographics: bool = False
    custom_data: bool = False
    third_party_links: bool = False
    email_bounced: bool = False
    events: bool = False
    coupons: bool = False
    checkouts: bool = False
    checkout_movements: bool = False
    segments: bool = False
    recommendations: int = 0
    score: bool = False
    mailings: bool = False
    children: bool = False
    pin: bool = False


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """A customer, and whether e-mails and text messages are welcome (None: never said)."""

    demographics: Demographics
    wants_email: bool | None
    wants_texts: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderSeen:
    """What a card and a child card have alike. None or nothing: not asked for, or there is none."""

    balances: list[BalancePart] | None
    customer: PersonSeen | None
    alternate_customer: PersonSeen | None
    fields: Sequence[FieldSeen]
    custom_data: str | None
    links: Sequence[LinkSeen]
    has_bounced: bool | None
    events: Sequence[EventSeen]
    checkouts: Sequence[PastCheckout]
    recommended: Sequence[Recommended]
    score: ScoreSeen | None
    mailings: Sequence[MailingSeen]


@dataclass(slots=True)
class PartsRead:
    """What was read for all cards and child cards of a page: by wallet or by customer."""

    converter: Converter | None = None
    lots: dict[int, list[Lot]] = field(default_factory=dict)
    customers: dict[int, Demographics] = field(default_factory=dict)
    links: dict[int, list[LinkSeen]] = field(default_factory=dict)
    fields: dict[int, list[FieldSeen]] = field(default_factory=dict)
    events: dict[int, list[EventSeen]] = field(default_factory=dict)
    bounced: frozenset[int] = frozenset()
    coupons: dict[int, list[CouponSeen]] = field(default_factory=dict)
    checkouts: dict[int, list[PastCheckout]] = field(default_factory=dict)
    segments: dict[int, list[SegmentSeen]] = field(default_factory=dict)
    recommended: dict[int, list[Recommended]] = field(default_factory=dict)
    scores: dict[int, ScoreSeen] = field(default_factory=dict)
    mailings: dict[int, list[MailingSeen]] = field(default_factory=dict)

    def person(self, customer_id: int | None) -> PersonSeen | None:
        """A customer of whom something is known."""
        demographics = self.customers.get(customer_id or 0)
        if demographics is None:
            return None
        said = {each.third_party: each.link.opt_in for each in self.links.get(customer_id or 0, [])}
        seen = PersonSeen(demographics, said.get(EMAIL), said.get(PHONE))
        return seen if seen != _NOBODY else None


_NOBODY = PersonSeen(Demographics(), None, None)


def read_parts(
    cursor: Cursor,
    *,
    call: Call,
    configuration: Configuration,
    parts: CardParts,
    cards: Sequence[FoundCard],
    children: Sequence[FoundChild],
) -> PartsRead:
    """Read what is asked for, all cards at once: at most one statement for each part, two for converted balances, links
    to third parties and checkouts with movements."""
    holders: list[FoundCard | FoundChild] = [*cards, *children]
    wallets = [holder.wallet_id for holder in holders if holder.wallet_id is not None]
    brand_id, read = call.brand_id, PartsRead()
    _read_customers(cursor, brand_id, parts, cards, holders, read)
    if parts.balances:
        read.lots = open_lots(cursor, brand_id=brand_id, wallet_ids=wallets)
        read.converter = _converter(cursor, call, configuration, cards, parts.currency)
    if parts.events:
        read.events = events_of(cursor, brand_id=brand_id, wallet_ids=wallets)
    if parts.email_bounced:
        read.bounced = bounced_wallets(cursor, brand_id=brand_id, wallet_ids=wallets)
    if parts.coupons:
        own = [card.wallet_id for card in cards if card.wallet_id is not None]
        read.coupons = coupons_of(cursor, brand_id=brand_id, wallet_ids=own, at=call.moment)
    if parts.checkouts:
        read.checkouts = checkouts_of(
            cursor, configuration=configuration, wallet_ids=wallets, with_movements=parts.checkout_movements
        )
    if parts.segments and cards and cards[0].wallet_id is not None:
        first = cards[0].wallet_id
        read.segments = {first: segments_of(cursor, brand_id=brand_id, wallet_id=first)}
    if parts.recommendations:
        read.recommended = recommended_to(cursor, brand_id=brand_id, wallet_ids=wallets, amount=parts.recommendations)
    if parts.score:
        read.scores = scores_of(cursor, brand_id=brand_id, wallet_ids=wallets)
    if parts.mailings:
        read.mailings = mailings_of(cursor, brand_id=brand_id, wallet_ids=wallets)
    return read


def holder_seen(
    holder: FoundCard | FoundChild,
    *,
    program: Program,
    call: Call,
    configuration: Configuration,
    parts: CardParts,
    read: PartsRead,
) -> HolderSeen:
    """A card or a child card with all that was asked for. A card that was never activated has nothing."""
    wallet_id, customer_id = holder.wallet_id or 0, holder.customer_id or 0
    links = read.links.get(customer_id, [])
    custom = next((each.link.custom_data for each in links if each.third_party == CUSTOM), None)
    return HolderSeen(
        balances=_balances(wallet_id, program, call, configuration, parts, read),
        customer=read.person(customer_id) if parts.customer else None,
        alternate_customer=read.person(holder.alternate_customer_id) if parts.alternate_customer else None,
        fields=read.fields.get(customer_id, []),
        custom_data=custom if parts.custom_data else None,
        links=links if parts.third_party_links else [],
        has_bounced=wallet_id in read.bounced if parts.email_bounced else None,
        events=read.events.get(wallet_id, []),
        checkouts=read.checkouts.get(wallet_id, []),
        recommended=read.recommended.get(wallet_id, []),
        score=read.scores.get(wallet_id),
        mailings=read.mailings.get(wallet_id, []),
    )


def _read_customers(
    cursor: Cursor,
    brand_id: int,
    parts: CardParts,
    cards: Sequence[FoundCard],
    holders: Sequence[FoundCard | FoundChild],
    read: PartsRead,
) -> None:
    primary = _known(holder.customer_id for holder in holders)
    shown = set(primary) if parts.customer else set()
    if parts.alternate_customer:
        shown |= _known(holder.alternate_customer_id for holder in holders)
    if parts.giver_customer:
        shown |= _known(card.giver_customer_id for card in cards)
    linked = shown | primary if parts.custom_data or parts.third_party_links else shown
    read.customers = customers_of(cursor, brand_id=brand_id, customer_ids=shown)
    read.links = links_of(cursor, brand_id=brand_id, customer_ids=linked, with_lists=parts.third_party_links)
    if parts.brand_demographics:
        read.fields = fields_of(cursor, brand_id=brand_id, customer_ids=primary)


def _known(ids: Iterable[int | None]) -> set[int]:
    return {each for each in ids if each is not None}


def _converter(
    cursor: Cursor, call: Call, configuration: Configuration, cards: Sequence[FoundCard], currency: str | None
) -> Converter | None:
    """The rates from a currency to the main ones of the cards, as a redemption would use them now."""
    if currency is None:
        return None
    mains = [configuration.program_of(card.card_set_id).main_currency for card in cards]
    pairs = {(currency, main.balance_code) for main in mains if main is not None and main.balance_code != currency}
    return Converter(currency, exchange_rates(cursor, brand_id=call.brand_id, pairs=pairs, at=call.moment))


def _balances(
    wallet_id: int,
    program: Program,
    call: Call,
    configuration: Configuration,
    parts: CardParts,
    read: PartsRead,
) -> list[BalancePart] | None:
    if not parts.balances:
        return None
    balances = balance_parts(
        read.lots.get(wallet_id, []),
        at=call.moment,
        configuration=configuration,
        by_expiry=parts.balances_by_expiry,
        with_delayed=parts.delayed_balances,
    )
    if read.converter is None:
        return balances
    return with_converted(balances, main_currency=program.main_currency, converter=read.converter)
