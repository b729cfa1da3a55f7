"""A card that a locking setup keeps, made without a checkout: for tests of what the lock does to everything else."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from apps.cards.lock_fragments import lock_card
from apps.cards.queries.locks import lock_families
from apps.checkouts.setup_fragments import open_setup
from apps.kernel.amounts import ZERO
from apps.kernel.db.hot import Cursor
from apps.ledger.core.kinds import EntryKind
from apps.ledger.core.promises import Movement, reserve
from apps.programs.models import ValueType
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.requestlog.core.plan import Plan
from apps.requestlog.unit import change
from apps.transactions.under_lock import open_card
from tests.shop import Shop

Promise = tuple[ValueType, str]
"""A value type and an amount: above zero to give, below to take."""


def lock(
    shop: Shop,
    card: str,
    *promises: Promise,
    excluded: Sequence[ValueType] = (),
    seconds: float = 600,
    child: str | None = None,
    call: Call | None = None,
) -> UUID:
    """Lock the card for a setup that promised these movements; the setup's transaction id."""
    made, configuration = call or shop.call(), shop.configuration

    def decide(cursor: Cursor, locked: frozenset[int]) -> Plan[UUID]:
        scene = open_card(
            cursor, call=made, configuration=configuration, locked=locked, number=card, child_number=child
        )
        until = made.now + timedelta(seconds=seconds)
        room = reserve(scene.book, _movements(scene.wallet_id, promises), until=until)
        left = {each.pk: room.get((scene.wallet_id, each.pk), ZERO) for each in excluded}
        head = {"brand_id": shop.brand.pk, "until": until}
        setup = open_setup(
            **head, operation_id=made.id, family_id=scene.family_id, wallet_id=scene.wallet_id, plan=b"{}"
        )
        return Plan(
            answer=made.id,
            call_type=CallType.CHECKOUT_SETUP,
            occurred_at=scene.book.at,
            fragments=[*scene.posting(), setup, lock_card(**head, card_id=scene.card.id, by=made.id, room=left)],
            family_id=scene.family_id,
            child_id=scene.child_id,
        )

    return change(call=made, lock=lock_families([card]), decide=decide)


def _movements(wallet_id: int, promises: Sequence[Promise]) -> list[Movement]:
    return [
        Movement(
            wallet_id=wallet_id,
            value_type_id=value_type.pk,
            amount=Decimal(amount),
            kind=EntryKind.ISSUE if Decimal(amount) > 0 else EntryKind.REDEEM,
        )
        for value_type, amount in promises
    ]
