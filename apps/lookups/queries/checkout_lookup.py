"""checkoutLookup: an earlier checkout in full."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.campaigns.queries.caused_lines import caused_lines
from apps.checkouts.core.payments import Payment
from apps.checkouts.core.totals import CheckoutLine
from apps.checkouts.queries.basket import lines_of, payments_of
from apps.kernel.amounts import at_scale, with_digits
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.ids import parse_id
from apps.kernel.value_types import BalanceType
from apps.ledger.queries.mutations import mutations_of
from apps.lookups.core.movements import Movements, movements_seen
from apps.programs.core.configuration import Configuration, Program
from apps.requestlog.core.call import Call
from apps.transactions.under_lock import current

_FIND = """SELECT k.config, t.currency, t.total, t.discount, t.key_values, t.referring_card, o.location_id,
 o.terminal_id, o.external_id, c.number, h.number, c.card_set_id,
 EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = k.brand_id AND v.operation_id = %(id)s)
 FROM brands_clock k
 LEFT JOIN checkouts_checkout t ON t.brand_id = k.brand_id AND t.operation_id = %(id)s
 LEFT JOIN requestlog_operation o ON o.brand_id = t.brand_id AND o.id = t.operation_id
 LEFT JOIN cards_childcard h ON h.brand_id = t.brand_id AND h.wallet_id = t.wallet_id
 LEFT JOIN cards_card c ON c.brand_id = t.brand_id AND c.wallet_id = coalesce(h.family_id, t.wallet_id)
 WHERE k.brand_id = %(brand)s"""


class CheckoutNotFound(Refusal):
    """No completed checkout of the brand has this transaction id (8)."""

    code = ErrorCode.TRANSACTION_NOT_FOUND
    message = "There is no checkout with this transaction id."


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutSeen:
    """A completed checkout; `card_number` is None for an anonymous one. `key_values` are pairs; `referring_card` is as
    the till sent it. All amounts have the digits they need."""

    total: Decimal
    discount: Decimal
    card_number: str | None
    child_number: str | None
    location_code: str | None
    terminal_code: str | None
    external_id: str | None
    is_voided: bool
    key_values: Sequence[tuple[str, str]]
    referring_card: str | None
    lines: Sequence[CheckoutLine]
    payments: Sequence[Payment]
    movements: Movements


def checkout_lookup(*, call: Call, configuration: Configuration, transaction_id: str) -> CheckoutSeen:
    """A completed checkout of the brand. Unknown or malformed id, or another kind of call's: 8. Five statements."""
    checkout_id = parse_id(transaction_id)
    if checkout_id is None:
        raise CheckoutNotFound
    cursor = hot_cursor()
    row = cursor.execute(_FIND, {"brand": call.brand_id, "id": checkout_id}).fetchone()
    assert row is not None, "the brand has no clock"
    number, *checkout = row
    configuration = current(configuration, number, call)
    if checkout[0] is None:
        raise CheckoutNotFound
    return _seen(cursor, checkout_id, checkout, configuration)


def _seen(cursor: Cursor, checkout_id: UUID, row: list[Any], configuration: Configuration) -> CheckoutSeen:
    (currency, total, discount, keys, referring, location, terminal, external_id, *card, is_voided) = row
    card_number, child, card_set_id = card
    brand_id, scale = configuration.brand_id, currency_scale(currency)
    program = configuration.program_of(card_set_id) if card_set_id is not None else None
    moved = mutations_of(cursor, brand_id=brand_id, operation_ids=[checkout_id])
    caused = caused_lines(cursor, brand_id=brand_id, operation_ids=[checkout_id])
    return CheckoutSeen(
        total=with_digits(total, at_least=scale),
        discount=with_digits(discount, at_least=scale),
        card_number=card_number,
        child_number=child,
        location_code=configuration.location_codes.get(location),
        terminal_code=configuration.terminal_codes.get(terminal),
        external_id=external_id,
        is_voided=is_voided,
        key_values=_pairs(keys),
        referring_card=referring,
        lines=[_line(line, scale) for line in lines_of(cursor, brand_id=brand_id, checkout_id=checkout_id)],
        payments=[
            _payment(payment, program, scale)
            for payment in payments_of(cursor, brand_id=brand_id, checkout_id=checkout_id)
        ],
        movements=movements_seen(
            moved[checkout_id],
            split_holds=False,
            configuration=configuration,
            caused=caused.get(checkout_id, ()),
            currency=currency,
        ),
    )


def _pairs(keys: str | None) -> list[tuple[str, str]]:
    """Django leaves JSON to its ORM: to a plain cursor it is text."""
    return [(key, value) for key, value in json.loads(keys)] if keys is not None else []


def _line(line: CheckoutLine, scale: int) -> CheckoutLine:
    """The columns have more decimals than the till sent."""
    return CheckoutLine(
        line.sku,
        with_digits(line.quantity, at_least=0),
        with_digits(line.unit_price, at_least=scale),
        with_digits(line.unit_cost, at_least=scale) if line.unit_cost is not None else None,
    )


def _payment(payment: Payment, program: Program | None, scale: int) -> Payment:
    """The amount is in the balance that paid, if one did; what it pays is in the checkout's currency."""
    amount = with_digits(payment.amount, at_least=scale)
    if payment.balance_type is not None and program is not None:
        value_type = program.value_type(BalanceType(payment.balance_type), payment.balance_code)
        amount = at_scale(payment.amount, value_type.scale)
    return replace(payment, amount=amount, pays=with_digits(payment.pays, at_least=scale))
