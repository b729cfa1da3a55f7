"""Tasks that change cards and value."""

import secrets
import time
from collections import Counter, deque
from datetime import UTC, datetime
from uuid import UUID

import structlog
from celery import shared_task
from django.db import connection

from apps.brands.models import Brand
from apps.checkouts.queries.setups import lapsed_setups
from apps.kernel.ids import new_id
from apps.ledger.queries.due_wallets import due_wallets
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin
from apps.transactions.operations.advance_date_run import Advanced, State, advance_date_run
from apps.transactions.operations.end_lapsed_setup import end_lapsed_setup
from apps.transactions.operations.settle_wallet import Outcome, settle_wallet

BATCH = 200
"""Wallets of one brand that are settled before it is the next brand's turn."""
RUN_SECONDS = 40.0
"""After this a run begins no further batch: what is left is for the next run, a minute later.

CELERY_BROKER_TRANSPORT_OPTIONS allows for it.
"""

log = structlog.get_logger(__name__)


@shared_task(name="apps.transactions.tasks.sweep_due_value")
def sweep_due_value(seconds: float = RUN_SECONDS) -> None:
    """Settle wallets whose value expired or whose holds lapsed while nobody touched them.

    Calls settle first, so balances are right without this; it makes the books right in time. Any number of workers may
    run it at once: a wallet that one of them has locked is left alone by the others.
    """
    ends = time.monotonic() + seconds
    tally: Counter[str] = Counter()
    # brands that were switched off too: their value expires all the same
    waiting = deque(Brand.objects.order_by("id").values_list("id", flat=True))
    while waiting and time.monotonic() < ends:
        brand_id = waiting.popleft()
        wallets = due_wallets(brand_id=brand_id, now=datetime.now(UTC), limit=BATCH)
        done = _settle(brand_id, wallets)
        tally += done
        if done["settled"]:
            waiting.append(brand_id)
    if tally:
        log.info("swept", **tally)


def _settle(brand_id: int, wallets: list[int]) -> Counter[str]:
    tally: Counter[str] = Counter()
    for wallet_id in wallets:
        now = datetime.now(UTC)
        call = Call(id=new_id(), brand_id=brand_id, origin=Origin.TASK, now=now, moment=now)
        try:
            done = settle_wallet(call=call, wallet_id=wallet_id)
        except Exception:
            # one wallet that cannot be settled must not keep the others from it
            log.exception("wallet not settled", brand=brand_id, wallet=wallet_id)
            tally["failed"] += 1
            connection.close()
            continue
        tally["settled"] += done.outcome is Outcome.SETTLED
        tally["busy"] += done.outcome is Outcome.BUSY
        tally["expired"] += done.expired
        tally["released"] += done.released
    return tally


@shared_task(name="apps.transactions.tasks.end_lapsed_setups")
def end_lapsed_setups(seconds: float = RUN_SECONDS) -> None:
    """Tidy up after locking setups whose time is over: give budgets back what they reserved, free their coupons.

    Nobody waits for it: a lapsed lock counts no more. Any number of workers may run it at once; a setup that cannot be
    ended now is left to the next run.
    """
    ends = time.monotonic() + seconds
    tally: Counter[str] = Counter()
    for brand_id in Brand.objects.order_by("id").values_list("id", flat=True):
        for setup_id, wallet_id in lapsed_setups(brand_id=brand_id, now=datetime.now(UTC), limit=BATCH):
            if time.monotonic() > ends:
                break
            tally[_end(brand_id, setup_id, wallet_id)] += 1
    if tally:
        log.info("setups ended", **tally)


def _end(brand_id: int, setup_id: UUID, wallet_id: int) -> str:
    now = datetime.now(UTC)
    call = Call(id=new_id(), brand_id=brand_id, origin=Origin.TASK, now=now, moment=now)
    try:
        return "ended" if end_lapsed_setup(call=call, setup_id=setup_id, wallet_id=wallet_id) else "left"
    except Exception:
        # one setup that cannot be ended must not keep the others from it
        log.exception("setup not ended", brand=brand_id, setup=str(setup_id))
        connection.close()
        return "failed"


@shared_task(name="apps.transactions.tasks.run_date_triggers")
def run_date_triggers(seconds: float = RUN_SECONDS) -> None:
    """Run the date rules of each brand's own day, from its midnight on, page by page and brand by brand.

    Any number of workers may run it at once: a brand is in the hands of one of them, and what has fired for a card
    does not fire again on the same day, whatever happens to the worker. What is left is for the next run.
    """
    ends = time.monotonic() + seconds
    tally: Counter[str] = Counter()
    codes = list(Brand.objects.filter(is_active=True).values_list("code", flat=True))
    secrets.SystemRandom().shuffle(codes)  # or the same brands would always be the last
    waiting = deque(codes)
    while waiting and time.monotonic() < ends:
        code = waiting.popleft()
        done = _advance(code)
        tally.update(cards=done.cards, fired=done.fired, failed=done.failed)
        if done.state is State.GOES_ON:
            waiting.append(code)
    if tally["cards"]:
        log.info("date triggers ran", **tally)


def _advance(code: str) -> Advanced:
    try:
        return advance_date_run(brand_code=code, clock=lambda: datetime.now(UTC))
    except Exception:
        # one brand whose run fails must not keep the others from theirs
        log.exception("date triggers failed", brand=code)
        connection.close()
        return Advanced(State.NOTHING)
