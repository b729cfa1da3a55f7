"""Support releases a card that a checkout in progress has locked."""

from dataclasses import dataclass
from uuid import UUID

from apps.cards.queries.locks import lock_families
from apps.checkouts.queries.setups import read_setup
from apps.coupons.queries.setup_coupons import setup_coupons
from apps.kernel.db.hot import Cursor
from apps.ledger.core.book import Book
from apps.ledger.core.promises import let_go
from apps.ledger.queries.read_wallet import read_wallets
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from apps.transactions.checkouts.ends import NotLocked, given_up
from apps.transactions.under_lock import open_card, open_to_all


@dataclass(frozen=True, slots=True)
class Released:
    """The card, and the setup whose lock is gone."""

    card_number: str
    setup_id: UUID


def release_checkout_lock(*, call: Call, configuration: Configuration, card_number: str, setup_id: UUID) -> Released:
    """Give up the setup that locks an active card; it can be completed no more. Stands in the card's history as the
    cancel of a checkout.

    `setup_id` is the setup that was shown to whoever decided. Unknown or inactive card: 2, 11; not locked, or by
    another setup: 15; one of its coupons busy: 26.
    """

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Released]:
        scene = open_card(
            cursor, call=call, configuration=configuration, locked=locked, number=card_number, passes=open_to_all
        )
        if scene.lock is None or scene.lock.by != setup_id:
            raise NotLocked
        setup = read_setup(cursor, brand_id=call.brand_id, operation_id=setup_id)
        assert setup is not None, "a card is locked by a setup that does not exist"
        if setup.wallet_id != scene.wallet_id:
            wallets, lots = read_wallets(cursor, brand_id=call.brand_id, wallet_ids=[setup.wallet_id])
            scene.book = Book.open(operation_id=call.id, moment=call.moment, wallets=wallets, lots=lots)
        let_go(scene.book, setup_id)
        coupons = setup_coupons(cursor, brand_id=call.brand_id, setup_id=setup_id)
        return Plan(
            answer=Released(card_number, setup_id),
            call_type=CallType.CHECKOUT_CANCEL,
            occurred_at=scene.book.at,
            fragments=[*given_up(call, setup, on_date=scene.today, coupons=coupons), *scene.posting()],
            family_id=scene.family_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide)
