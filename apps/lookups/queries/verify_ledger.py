"""Whether everything that is stored about value fits together. Read-only, and safe beside running calls.

Wallets are checked in chunks, each in a snapshot of its own, so that no snapshot is held for long. What a call writes
is written in one statement, so any snapshot sees all of it or nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from apps.campaigns.queries import verify as campaigns
from apps.cards.queries import verify as cards
from apps.checkouts.queries import verify as checkouts
from apps.coupons.queries import verify as coupons
from apps.kernel.db.hot import Cursor, hot_cursor
from apps.ledger.core.checks import Check, Finding, Offender
from apps.ledger.queries import verify as ledger

CHUNK = 10_000
SHOWN = 10
"""Offending rows that a finding keeps."""

WALLET_CHECKS = (*ledger.WALLET_CHECKS, *cards.WALLET_CHECKS, *checkouts.WALLET_CHECKS, *campaigns.WALLET_CHECKS)
BRAND_CHECKS = (
    *ledger.BRAND_CHECKS,
    *cards.BRAND_CHECKS,
    *checkouts.BRAND_CHECKS,
    *coupons.BRAND_CHECKS,
    *campaigns.BRAND_CHECKS,
)
ALL_CHECKS = (*WALLET_CHECKS, *BRAND_CHECKS)

_FIRST, _LAST = -(2**63), 2**63 - 1
_SNAPSHOT = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL work_mem = '64MB'",
)
# jumps from brand to brand in the wallets' key, so that a brand whose own row is gone is found too
_BRANDS = """WITH RECURSIVE seen (brand_id) AS (
  (SELECT brand_id FROM ledger_wallet ORDER BY brand_id LIMIT 1) UNION ALL
  SELECT (SELECT w.brand_id FROM ledger_wallet w WHERE w.brand_id > seen.brand_id ORDER BY w.brand_id LIMIT 1)
  FROM seen WHERE seen.brand_id IS NOT NULL)
 SELECT coalesce(b.id, s.brand_id) AS id, coalesce(b.code, concat('#', s.brand_id))
 FROM brands_brand b FULL JOIN (SELECT brand_id FROM seen WHERE brand_id IS NOT NULL) s ON s.brand_id = b.id
 WHERE %(brand)s::bigint IS NULL OR coalesce(b.id, s.brand_id) = %(brand)s ORDER BY id"""
_CHUNK = """SELECT count(*), max(x.id) FROM (SELECT id FROM ledger_wallet WHERE brand_id = %(brand)s AND id > %(above)s
 ORDER BY id LIMIT %(chunk)s) x"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the verifier is: `wallets` of this brand are done, and whether that was all of them."""

    brand: str
    wallets: int
    is_done: bool


def no_report(progress: Progress) -> None:
    """Say nothing."""


def verify(
    *, brand_id: int | None, chunk: int = CHUNK, progress: Callable[[Progress], None] = no_report
) -> list[Finding]:
    """Run every check on one brand, or on all; returns the checks that failed, with the first offending rows.

    Takes the connection out of autocommit for the length of a chunk: not to be called inside a transaction.
    """
    cursor = hot_cursor()
    findings = []
    for each_id, code in cursor.execute(_BRANDS, {"brand": brand_id}).fetchall():
        tally = _Tally(code)
        done = 0
        for wallets in _chunks(cursor, each_id, chunk, tally):
            done += wallets
            progress(Progress(code, done, is_done=False))
        with _Snapshot(cursor):
            tally.run(cursor, BRAND_CHECKS, {"brand": each_id})
        progress(Progress(code, done, is_done=True))
        findings.extend(tally.findings())
    return findings


def _chunks(cursor: Cursor, brand_id: int, chunk: int, tally: "_Tally") -> Iterator[int]:
    """Check chunk by chunk; yields how many wallets each held. The chunks leave no gap: rows without wallet count."""
    above = _FIRST
    while above < _LAST:
        with _Snapshot(cursor):
            row = cursor.execute(_CHUNK, {"brand": brand_id, "above": above, "chunk": chunk}).fetchone()
            assert row is not None
            wallets, highest = row
            upto = highest if wallets == chunk else _LAST
            tally.run(cursor, WALLET_CHECKS, {"brand": brand_id, "above": above, "upto": upto})
        above = upto
        yield wallets


class _Snapshot:
    """One read-only transaction that sees one moment."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor

    def __enter__(self) -> None:
        for statement in _SNAPSHOT:
            self.cursor.execute(statement)

    def __exit__(self, *problem: object) -> None:
        self.cursor.execute("ROLLBACK")


@dataclass(slots=True)
class _Tally:
    """Offenders of one brand, summed over its chunks."""

    brand: str
    counts: dict[Check, int] = field(default_factory=dict)
    offenders: dict[Check, list[Offender]] = field(default_factory=dict)

    def run(self, cursor: Cursor, checks: Iterable[Check], params: dict[str, int]) -> None:
        for check in checks:
            rows = cursor.execute(check.sql, params, prepare=False)
            if rows.rowcount:
                self.counts[check] = self.counts.get(check, 0) + rows.rowcount
                kept = self.offenders.setdefault(check, [])
                kept.extend(Offender(*row) for row in rows.fetchall()[: SHOWN - len(kept)])

    def findings(self) -> list[Finding]:
        return [
            Finding(check, self.brand, self.counts[check], tuple(self.offenders[check]))
            for check in ALL_CHECKS
            if check in self.counts
        ]
