"""requestLookup: what one earlier call was and did."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.campaigns.queries.caused_lines import caused_lines
from apps.kernel.amounts import with_digits
from apps.kernel.currencies import currency_scale
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.ids import moment_of, parse_id
from apps.ledger.queries.mutations import mutations_of
from apps.lookups.core.call_types import call_type_of
from apps.lookups.core.movements import Movements, movements_seen
from apps.programs.core.configuration import Configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import CallType
from apps.transactions.under_lock import current

# Requests can be dropped by month, and reads and refusals left no operation: either half may be missing.
_FIND = """SELECT k.config, r.id IS NOT NULL OR o.id IS NOT NULL, r.method, r.error_code, o.call_type, o.occurred_at,
 coalesce(o.location_id, r.location_id), coalesce(o.terminal_id, r.terminal_id),
 coalesce(o.external_id, r.external_id), coalesce(o.note, r.note), coalesce(c.number, r.card_number), h.number,
 EXISTS (SELECT FROM ledger_void v WHERE v.brand_id = k.brand_id AND v.operation_id = %(id)s),
 t.currency, t.total, t.discount
 FROM brands_clock k
 LEFT JOIN requestlog_request r ON r.brand_id = k.brand_id AND r.id = %(id)s
 LEFT JOIN requestlog_operation o ON o.brand_id = k.brand_id AND o.id = %(id)s
 LEFT JOIN cards_card c ON c.brand_id = o.brand_id AND c.wallet_id = o.family_id
 LEFT JOIN cards_childcard h ON h.brand_id = o.brand_id AND h.wallet_id = o.child_id
 LEFT JOIN checkouts_checkout t ON t.brand_id = o.brand_id AND t.operation_id = o.id
 WHERE k.brand_id = %(brand)s"""


class RequestNotFound(Refusal):
    """No call of the brand has this reference (29)."""

    code = ErrorCode.REQUEST_NOT_FOUND
    message = "There is no request with this reference."


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSeen:
    """A call. `error_code` is None for a success; `total` and `discount` are None unless it was a checkout."""

    call_type: str | None
    error_code: int | None
    at: datetime
    card_number: str | None
    child_number: str | None
    location_code: str | None
    terminal_code: str | None
    external_id: str | None
    note: str | None
    is_voided: bool
    total: Decimal | None
    discount: Decimal | None
    movements: Movements


def request_lookup(
    *, call: Call, configuration: Configuration, reference: str, split_holds: bool = False
) -> RequestSeen:
    """Any earlier call of the brand, also reads and refusals. Unknown or malformed reference: 29. Three statements."""
    request_id = parse_id(reference)
    if request_id is None:
        raise RequestNotFound
    cursor = hot_cursor()
    row = cursor.execute(_FIND, {"brand": call.brand_id, "id": request_id}).fetchone()
    assert row is not None, "the brand has no clock"
    number, is_known, *rest = row
    configuration = current(configuration, number, call)
    if not is_known:
        raise RequestNotFound
    return _seen(cursor, request_id, rest, configuration, split_holds)


def _seen(
    cursor: Cursor, request_id: UUID, row: list[Any], configuration: Configuration, split_holds: bool
) -> RequestSeen:
    (
        method,
        error,
        operation,
        occurred_at,
        location,
        terminal,
        external_id,
        note,
        *cards,
        is_voided,
        currency,
        total,
        discount,
    ) = row
    card_number, child_number = cards
    moved = mutations_of(cursor, brand_id=configuration.brand_id, operation_ids=[request_id])
    caused = caused_lines(cursor, brand_id=configuration.brand_id, operation_ids=[request_id])
    call_type = CallType(operation) if operation is not None else call_type_of(method)
    scale = currency_scale(currency) if currency else 0
    return RequestSeen(
        call_type=call_type.wire_name if call_type else None,
        error_code=error or None,
        at=occurred_at or moment_of(request_id),
        card_number=card_number,
        child_number=child_number,
        location_code=configuration.location_codes.get(location),
        terminal_code=configuration.terminal_codes.get(terminal),
        external_id=external_id,
        note=note,
        is_voided=is_voided,
        total=with_digits(total, at_least=scale) if total is not None else None,
        discount=with_digits(discount, at_least=scale) if discount is not None else None,
        movements=movements_seen(
            moved[request_id],
            split_holds=split_holds,
            configuration=configuration,
            caused=caused.get(request_id, ()),
            currency=currency,
        ),
    )
