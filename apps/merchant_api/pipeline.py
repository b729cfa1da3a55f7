"""The way of a merchant call, and the only place for it:

verb and method -> headers -> credentials -> rate limit -> body -> duplicate id -> run -> record -> render

Method modules open no transaction, catch no error and write no log.
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg
import structlog
from django.db import DatabaseError, connection

from apps.kernel.db import counters
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.ids import new_id
from apps.kernel.methods import METHODS as PUBLISHED
from apps.merchant_api.call import MerchantCall
from apps.merchant_api.headers import client_address, identify, sent_headers
from apps.merchant_api.table import METHODS
from apps.merchant_api.wire.binder import bind
from apps.merchant_api.wire.json import RequestFormat, parse, render
from apps.merchant_api.wire.mask import mask_headers, mask_request
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.call import Call, ConcurrentCard, DuplicateCustomRequestId
from apps.requestlog.core.kinds import Origin
from apps.requestlog.operations.log_call import log_call, log_read
from apps.requestlog.unit import consumed_by
from apps.transactions.under_lock import RulesChanged, require_admitted

log = structlog.get_logger(__name__)
MINUTE = 60
STATUS = {
    ErrorCode.INTERNAL_SERVER_ERROR: 500,
    ErrorCode.INVALID_CREDENTIALS: 401,
    ErrorCode.METHOD_NOT_FOUND: 404,
}
REFUSED = 400
LONGEST_MESSAGE = 400


class MethodNotFound(Refusal):
    """There is no such method, or not yet (17)."""

    code = ErrorCode.METHOD_NOT_FOUND
    message = "There is no such method."


class WrongVerb(MethodNotFound):
    """Methods are called by POST (17, HTTP 405)."""

    message = "Methods are called by POST."


class TooManyCalls(ConcurrentCard):
    """The key has used up its calls of this minute (4, HTTP 429). Retry after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("This API key has used up its calls; see the header Retry-After.")
        self.seconds = max(1, round(seconds))


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: HTTP status, body, further headers, and whether browsers of other sites may read it."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    is_shared: bool = True


def check_route(verb: str, method: str) -> None:
    """Refuse other verbs than POST and unknown methods before anything else is looked at."""
    if verb != "POST":
        raise WrongVerb
    if method not in METHODS:
        raise MethodNotFound if method not in PUBLISHED else MethodNotFound("This method is not available yet.")


def admit(meta: Mapping[str, str], *, method: str) -> MerchantCall:
    """Headers and credentials: who calls. From here on the call is in the request log."""
    started, now = time.perf_counter(), datetime.now(UTC)
    headers = sent_headers(meta)
    caller = identify(headers, method=method)
    admitted = MerchantCall(
        method=method,
        call=Call(
            id=new_id(),
            brand_id=caller.configuration.brand_id,
            origin=Origin.API,
            now=now,
            moment=now,
            location_id=caller.location.id if caller.location else None,
            terminal_id=caller.terminal_id,
            employee_id=caller.employee_id,
            credential_key=caller.credential.key,
            method=method,
            custom_id=headers.get("customRequestId"),
            external_id=headers.get("externalTransactionId"),
            note=headers.get("note"),
        ),
        configuration=caller.configuration,
        credential_id=caller.credential.id,
        address=client_address(meta),
        started=started,
        headers=msgspec.json.encode(mask_headers(headers)),
    )
    if caller.refusal is not None:
        limit_rate(admitted)
        raise RefusedCaller(admitted) from caller.refusal
    return admitted


class RefusedCaller(Exception):
    """Valid credentials, but not here, not with this terminal or employee, or not this method; the cause says why."""

    def __init__(self, call: MerchantCall) -> None:
        super().__init__()
        self.call = call


def limit_rate(call: MerchantCall) -> None:
    """Refuse a key that has used up its calls of this minute."""
    allowed = call.configuration.calls_per_minute
    if allowed is None:
        return
    wait = counters.take({f"rate:{call.call.brand_id}:{call.credential_id}": allowed}, window=MINUTE)
    if wait:
        raise TooManyCalls(wait)


def read_body(call: MerchantCall, body: bytes) -> dict[str, Any]:
    """Parse the body. What cannot be parsed cannot be masked: its length and digest are kept instead of its text."""
    call.body = msgspec.json.encode({"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()})
    raw = parse(body)
    call.body = render(mask_request(raw))
    call.card_number = _named_card(call.method, raw)
    return raw


def run(call: MerchantCall, raw: dict[str, Any]) -> Answer:
    """Bind the body, carry the method out, record it.

    What this process refuses for an older configuration than the present one is looked at again under the present one:
    nothing has been written by then.
    """
    arrived = call.call
    try:
        return _run(call, raw)
    except (RulesChanged, RequestFormat, InvalidInput):
        fresh = fresh_configuration(call.configuration.brand_code)
        if fresh is None or fresh.number == call.configuration.number:
            raise
        require_admitted(fresh, arrived)
        call.call, call.configuration = arrived, fresh
        return _run(call, raw)


def _run(call: MerchantCall, raw: dict[str, Any]) -> Answer:
    method, rules = METHODS[call.method], call.configuration
    request = bind(method.request, raw, version=rules.api_version, features=rules.features)
    moment = getattr(request, "custom_request_date", None)
    if moment is not None:
        call.call = replace(call.call, moment=moment)
    if method.check is not None:
        method.check(request)
    only_reads = method.only_reads(request)
    if only_reads:
        _refuse_used_id(call.call)
    reply = method.run(call, request)
    if only_reads:
        log_read(call=call.call, exchange=call.succeeded(reply))
    assert call.rendered is not None, "a changing method answered without a change"
    return Answer(200, call.rendered, {}, call.configuration.cors_enabled)


def refuse(problem: Exception, call: MerchantCall | None) -> Answer:
    """Turn whatever went wrong into the answer, and log the call if it was admitted."""
    refusal = _refusal_of(problem, call)
    reference = call.call.id if call else new_id()
    body = render(
        {
            "requestRef": str(reference),
            "success": False,
            "errorMessage": refusal.message[:LONGEST_MESSAGE],
            "errorCode": int(refusal.code),
            **refusal.extra,
        }
    )
    status, headers = _status(refusal)
    if call is None:
        log.info("call not admitted", code=int(refusal.code), reason=refusal.message, reference=str(reference))
    else:
        _log_refusal(call, refusal, status, body)
    return Answer(status, body, headers, call.configuration.cors_enabled if call else True)


class Failed(Refusal):
    """Something of ours went wrong (1). Nothing was changed, or the customRequestId says so on a retry."""

    code = ErrorCode.INTERNAL_SERVER_ERROR
    message = "Something went wrong here. Try again with the same customRequestId."


def _refusal_of(problem: Exception, call: MerchantCall | None) -> Refusal:
    if isinstance(problem, RefusedCaller):
        assert isinstance(problem.__cause__, Refusal)
        return problem.__cause__
    if isinstance(problem, Refusal):
        return problem
    cause = problem.__cause__ if isinstance(problem.__cause__, psycopg.Error) else problem
    if isinstance(cause, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        return ConcurrentCard()
    log.error(
        "call failed",
        method=call.method if call else None,
        reference=str(call.call.id) if call else None,
        exc_info=problem,
    )
    connection.close()  # whatever state it was left in, the next call of this thread must not find it
    return Failed()


def _status(refusal: Refusal) -> tuple[int, dict[str, str]]:
    if isinstance(refusal, WrongVerb):
        return 405, {"Allow": "POST, OPTIONS"}
    if isinstance(refusal, TooManyCalls):
        return 429, {"Retry-After": str(refusal.seconds)}
    return STATUS.get(refusal.code, REFUSED), {}


def _log_refusal(call: MerchantCall, refusal: Refusal, status: int, body: bytes) -> None:
    """A refusal that cannot be logged is answered all the same."""
    try:
        log_call(
            call=call.call,
            exchange=call.exchange(error=int(refusal.code), status=status, card_number=call.card_number, response=body),
            explanation=refusal.explanation,
        )
    except (psycopg.Error, DatabaseError) as problem:
        log.error("refusal not logged", reference=str(call.call.id), reason=repr(problem))
        connection.close()


def _refuse_used_id(call: Call) -> None:
    digest = call.digest
    original = consumed_by(brand_id=call.brand_id, digest=digest) if digest else None
    if original is not None:
        raise DuplicateCustomRequestId(original)


_CARD_FIELDS = ("cardNumber", "lookupCardNumber")


def _named_card(method: str, raw: Mapping[str, Any]) -> str | None:
    """The card that a call is about: named where its method reads a card number. A search that any filter may fulfil
    shows other cards too, and their people: it is about none."""
    if method == "search":
        filters, is_any = raw.get("filters"), raw.get("filterLogicAnd") is False
        number = filters.get("cardNumber") if isinstance(filters, dict) and not is_any else None
    else:
        known = METHODS[method].request.__struct_encode_fields__
        number = next((raw[name] for name in _CARD_FIELDS if name in known and raw.get(name)), None)
    return str(number) if isinstance(number, str | int) and not isinstance(number, bool) and number else None
