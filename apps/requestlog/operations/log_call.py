"""Logging of calls that changed nothing: reads and refusals."""

import psycopg
from django.db import transaction

from apps.kernel.db.hot import hot_cursor
from apps.kernel.fragments import compose
from apps.requestlog import fragments
from apps.requestlog.core.call import Call, ConcurrentRequest, DuplicateCustomRequestId
from apps.requestlog.core.plan import Explanation
from apps.requestlog.fragments import Exchange
from apps.requestlog.unit import consumed_by

_KEY = """INSERT INTO requestlog_key (brand_id, digest, operation_id) VALUES (%(brand)s, %(digest)s, %(operation)s)
 ON CONFLICT DO NOTHING"""


def log_call(*, call: Call, exchange: Exchange, explanation: Explanation | None = None) -> None:
    """Write the request row of a refusal or of a read without customRequestId, in a transaction of its own.
    `explanation`: what campaigns had to do with the refusal.

    The row may be lost in a crash of the database server; the call changed nothing, so nothing else is.
    """
    statement = compose([fragments.explained(fragments.request(call, exchange), explanation)], quickly=True)
    psycopg.RawCursor(hot_cursor().connection).execute(*statement)


def log_read(*, call: Call, exchange: Exchange) -> None:
    """Write the request row of a read and consume its customRequestId.

    3 if another call consumed it meanwhile, 28 if another call that has it does not end.
    """
    digest = call.digest
    if digest is None:
        log_call(call=call, exchange=exchange)
        return
    try:
        is_mine = _consume(call, digest, exchange)
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as problem:
        raise ConcurrentRequest from problem
    if not is_mine:
        original = consumed_by(brand_id=call.brand_id, digest=digest)
        assert original is not None, "a key that was in the way is gone"
        raise DuplicateCustomRequestId(original)


def _consume(call: Call, digest: bytes, exchange: Exchange) -> bool:
    with transaction.atomic():
        cursor = hot_cursor()
        cursor.execute(_KEY, {"brand": call.brand_id, "digest": digest, "operation": call.id})
        if not cursor.rowcount:
            return False
        psycopg.RawCursor(cursor.connection).execute(*compose([fragments.request(call, exchange)]))
    return True
