"""checkout, cancelled: the lock of a setup ends, and everything that it reserved is free again."""

from dataclasses import dataclass

from apps.cards.queries.locks import lock_families
from apps.coupons.queries.setup_coupons import setup_coupons
from apps.kernel.db.hot import Cursor
from apps.ledger.core.promises import let_go
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import Record, change
from apps.transactions.checkouts.basket import Shopper
from apps.transactions.checkouts.ends import given_up
from apps.transactions.checkouts.opened import check_reference, open_kept


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The card, and the child card, that can be used again."""

    card_number: str
    child_number: str | None


def cancel_checkout(
    *,
    call: Call,
    configuration: Configuration,
    reference: str | None,
    shopper: Shopper,
    record: Record[Cancelled] | None = None,
) -> Cancelled:
    """Give up a locking setup of this card, or of this child card. Coupons that it issued stay disabled for ever.

    Without a card or a reference: 9; refuses what `open_kept` refuses (2, 10, 11, 8, 15); one of its coupons busy: 26.
    """
    card_number, reference = check_reference(shopper, reference)

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[Cancelled]:
        opened = open_kept(
            cursor,
            call=call,
            configuration=configuration,
            locked=locked,
            shopper=shopper,
            card_number=card_number,
            reference=reference,
        )
        scene, setup = opened.scene, opened.setup
        let_go(scene.book, setup.operation_id)
        coupons = setup_coupons(cursor, brand_id=call.brand_id, setup_id=setup.operation_id)
        return Plan(
            answer=Cancelled(card_number, shopper.child_number),
            call_type=CallType.CHECKOUT_CANCEL,
            occurred_at=scene.book.at,
            fragments=[*given_up(call, setup, on_date=scene.today, coupons=coupons), *scene.posting()],
            family_id=scene.family_id,
            child_id=scene.child_id,
        )

    return change(call=call, lock=lock_families([card_number]), decide=decide, record=record)
