"""What a return undoes of its checkout's movements."""

from decimal import Decimal

from apps.checkouts.core.returned import Back, is_full, share_of
from apps.kernel.db.hot import Cursor
from apps.ledger.core.returns import left_of, to_take_back, undo_for_return
from apps.transactions.firing.stage import Stage
from apps.transactions.past_calls import book_of
from apps.transactions.returns.original import Original


def undo_checkout(
    cursor: Cursor, stage: Stage, original: Original, after: Back, *, payments: bool
) -> dict[int, Decimal]:
    """Give `payments` back and take back what campaigns gave, on the scene's book; what of that was spent, by value
    type. `after`: all that has come back, this return included.

    What results issued goes by the share of the checkout that has come back; conversions are undone when it has come
    back in full. The brand can do without both. Two statements where other wallets than the scene's are touched.
    """
    scene, moved = stage.scene, original.moved
    if scene is None:
        return {}
    takes_back = scene.configuration.return_takes_back_issued
    full = takes_back and is_full(original.bought, after)
    given = list(moved.issued) if takes_back else []
    back = list(moved.paid) if payments else []
    if full:
        given += [entry for entry in moved.converted if entry.amount > 0]
        back += [entry for entry in moved.converted if entry.amount < 0]
    wanted = to_take_back(
        given,
        share=share_of(original.bought, after),
        scales={id: each.scale for id, each in scene.configuration.value_types.items()},
        reversed=moved.reversed,
        short=original.state.short,
    )
    paid, given = left_of(back, moved.reversed), left_of(given, moved.reversed)
    scene.book = book_of(cursor, scene, [*paid, *given], moved.heirs)
    return undo_for_return(scene.book, paid=paid, given=given, wanted=wanted, heirs=moved.heirs)
