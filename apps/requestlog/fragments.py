"""The request log's parts of the one write statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.kernel.fragments import Fragment
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import METHOD_NUMBERS
from apps.requestlog.core.plan import Explanation, Plan

_OPERATION = """INSERT INTO requestlog_operation (brand_id, id, origin, call_type, occurred_at, recorded_at, family_id,
 child_id, location_id, terminal_id, employee_id, user_id, external_id, note, custom_mutation_type)
 VALUES (%(brand)s, %(id)s, %(origin)s, %(call_type)s, %(occurred)s, %(recorded)s, %(family)s, %(child)s, %(location)s,
 %(terminal)s, %(employee)s, %(user)s, %(external)s, %(note)s, %(mutation_type)s)"""

_REQUEST = """INSERT INTO requestlog_request (brand_id, id, method, error_code, http_status, location_id, terminal_id,
 credential_id, card_number, custom_id, external_id, note, address, micros, headers, request, response, facts,
 verdicts)
 VALUES (%(brand)s, %(id)s, %(method)s, %(error)s, %(status)s, %(location)s, %(terminal)s, %(credential)s, %(card)s,
 %(custom)s, %(external)s, %(note)s, %(address)s, %(micros)s, %(headers)s, %(request)s, %(response)s, %(facts)s,
 %(verdicts)s)"""

_ERASE = """UPDATE requestlog_request r SET note = NULL, address = NULL, request = %(erased)s, response = %(erased)s,
 facts = NULL, verdicts = NULL, headers = convert_to(coalesce((SELECT jsonb_object_agg(h.key, h.value)
  FROM jsonb_each(convert_from(r.headers, 'UTF8')::jsonb) h WHERE lower(h.key) = ANY(%(kept)s::text[])), '{}')::text,
  'UTF8')
 WHERE r.brand_id = %(brand)s AND (r.card_number = %(card)s OR r.id = ANY(%(mentions)s::uuid[]))
 AND (r.request <> %(erased)s OR r.response <> %(erased)s OR r.facts IS NOT NULL)"""

LONGEST_CARD_NUMBER = 64
ERASED = b'{"erased":true}'
"""What stands in place of bodies whose personal data was erased."""
KEPT_HEADERS = (
    "authorization",
    "brand",
    "location",
    "terminal",
    "employee",
    "employeepassword",
    "customrequestid",
    "externaltransactionid",
)
"""Headers that stay, masked as they are. Notes, addresses of computers and whatever browsers add may name people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One call of the JSON API and its answer, masked, as the log keeps it. `error` is 0 for a success."""

    method: str
    error: int
    status: int
    credential_id: int | None
    card_number: str | None
    address: str | None
    micros: int
    headers: bytes
    request: bytes
    response: bytes


def operation(call: Call, plan: Plan[Any]) -> Fragment:
    """The operation row of a change."""
    return Fragment(
        "operation",
        _OPERATION,
        {
            "brand": call.brand_id,
            "id": call.id,
            "origin": int(call.origin),
            "call_type": int(plan.call_type),
            "occurred": plan.occurred_at,
            "recorded": call.now,
            "family": plan.family_id,
            "child": plan.child_id,
            "location": call.location_id,
            "terminal": call.terminal_id,
            "employee": call.employee_id,
            "user": call.user_id,
            "external": call.external_id,
            "note": call.note,
            "mutation_type": plan.custom_mutation_type,
        },
    )


def request(call: Call, exchange: Exchange) -> Fragment:
    """The request row of a call. No card number is longer than what a card can have; more is cut."""
    return Fragment(
        "request",
        _REQUEST,
        {
            "brand": call.brand_id,
            "id": call.id,
            "method": METHOD_NUMBERS[exchange.method],
            "error": exchange.error,
            "status": exchange.status,
            "location": call.location_id,
            "terminal": call.terminal_id,
            "credential": exchange.credential_id,
            "card": exchange.card_number[:LONGEST_CARD_NUMBER] if exchange.card_number else None,
            "custom": call.custom_id,
            "external": call.external_id,
            "note": call.note,
            "address": exchange.address,
            "micros": exchange.micros,
            "headers": exchange.headers,
            "request": exchange.request,
            "response": exchange.response,
            "facts": None,
            "verdicts": None,
        },
    )


def explained(request: Fragment, explanation: Explanation | None) -> Fragment:
    """The request row with what campaigns knew and decided."""
    if explanation is None:
        return request
    more = {"facts": explanation.facts, "verdicts": explanation.verdicts}
    return Fragment(request.name, request.sql, {**request.params, **more})


def erase_requests(*, brand_id: int, card_number: str, mentions: Sequence[UUID]) -> Fragment:
    """Take bodies, notes and addresses out of the calls that named a card, and out of some others. Who called when,
    which method, with which ids, and how it ended, stays."""
    params = {"card": card_number, "mentions": list(mentions), "erased": ERASED, "kept": list(KEPT_HEADERS)}
    return Fragment("requests", _ERASE, {"brand": brand_id} | params)
