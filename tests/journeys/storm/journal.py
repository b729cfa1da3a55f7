"""What the tills know of their own calls, and the comparison with what the product kept of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock
from typing import Any
from uuid import UUID

from apps.facts.queries.families import next_families
from apps.facts.queries.wrong_facts import wrong_facts
from apps.kernel.db.hot import hot_cursor
from apps.ledger.core.kinds import EntryKind
from apps.requestlog.core.call import digest_of
from apps.requestlog.core.kinds import Origin
from tests.shop import Shop

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Done:
    """An acknowledged change: by how much the card's value rose (holds: not at all), and what it took back."""

    id: UUID
    verb: str
    card: str | None
    effect: Decimal = ZERO
    undoes: UUID | None = None
    paid_by: tuple[UUID, ...] = ()
    coupon: str | None = None
    uses: int = 0
    """1 if it used the coupon, -1 if it made it unused again."""


@dataclass(slots=True)
class Journal:
    """All answers of one run. `ids` maps each customRequestId to the calls that say they carried it out."""

    done: dict[UUID, Done] = field(default_factory=dict)
    ids: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    named: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    allocated: list[str] = field(default_factory=list)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def answered(self, verb: str, code: int | None) -> None:
        """One answer: the code is 0 for a success."""
        with self._lock:
            self.answers[verb, code or 0] += 1

    def acknowledged(self, done: Done) -> None:
        """A change that the product said it made."""
        with self._lock:
            if done.id in self.done:
                self.problems.append(f"{done.verb}: the reference {done.id} was given twice")
            self.done[done.id] = done

    def carried_out(self, custom_id: str, reference: UUID) -> None:
        """A call with an id succeeded."""
        with self._lock:
            self.ids[custom_id].add(reference)

    def named_original(self, custom_id: str, reference: UUID) -> None:
        """A 3 named the call that used the id."""
        with self._lock:
            self.named[custom_id].add(reference)

    def problem(self, text: str) -> None:
        """Something that must not happen."""
        with self._lock:
            self.problems.append(text)

    @property
    def retries(self) -> int:
        """Answers that asked the till to come again."""
        return sum(count for (_, code), count in self.answers.items() if code in (4, 18, 26, 28))

    def refusals(self) -> Counter[int]:
        """How often each code came, whatever the verb."""
        codes: Counter[int] = Counter()
        for (_, code), count in self.answers.items():
            codes[code] += count
        return codes


def differences(shop: Shop, journal: Journal) -> list[str]:
    """Everything in which the product's books differ from what the tills were told. Empty is the only good answer."""
    books = _Books(shop.brand.pk)
    return [
        *journal.problems,
        *_ids(journal, books),
        *_operations(journal, books),
        *_cards(journal, books),
        *_coupons(shop, journal),
        *(str(wrong) for wrong in _wrong_facts(shop)),
        *(f"{finding.check.name}: {finding.count}, {finding.offenders[:3]}" for finding in _verify(shop)),
    ]


def deadlocks() -> int:
    """How many deadlocks this database has seen."""
    row = hot_cursor().execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])


def logged_calls(shop: Shop) -> int:
    """How many calls the request log has of this shop."""
    row = (
        hot_cursor().execute("SELECT count(*) FROM requestlog_request WHERE brand_id = %s", [shop.brand.pk]).fetchone()
    )
    assert row is not None
    return int(row[0])


_CARDS = """SELECT number, wallet_id FROM cards_card WHERE brand_id = %(brand)s AND wallet_id IS NOT NULL
 UNION ALL SELECT concat(r.number, '/', h.number), h.wallet_id FROM cards_childcard h
 JOIN cards_card r ON r.brand_id = h.brand_id AND r.wallet_id = h.family_id WHERE h.brand_id = %(brand)s"""
"""All that can hold value; children as the storm names them."""


class _Books:
    """What the product kept: operations, what each moved, keys, voids, and what each card holds."""

    def __init__(self, brand_id: int) -> None:
        def ask(sql: str) -> list[tuple[Any, ...]]:
            return hot_cursor().execute(sql, {"brand": brand_id}).fetchall()

        self.operations: dict[UUID, Decimal] = dict(
            ask(
                f"""SELECT o.id, coalesce(sum(e.amount) FILTER (WHERE e.mutation_no > 0), 0) FROM requestlog_operation o
                LEFT JOIN ledger_entry e ON e.brand_id = o.brand_id AND e.operation_id = o.id
                WHERE o.brand_id = %(brand)s AND o.origin = {int(Origin.API)} GROUP BY o.id"""
            )
        )
        self.keys = {
            bytes(digest): operation
            for digest, operation in ask("SELECT digest, operation_id FROM requestlog_key WHERE brand_id = %(brand)s")
        }
        self.voided_by: dict[UUID, list[UUID]] = defaultdict(list)
        for by, operation in ask("SELECT by_operation_id, operation_id FROM ledger_void WHERE brand_id = %(brand)s"):
            self.voided_by[by].append(operation)
        self.balances: dict[str, Decimal] = dict(
            ask(
                f"""SELECT c.number, coalesce(sum(l.remaining), 0) FROM ({_CARDS}) c (number, wallet_id)
                LEFT JOIN ledger_lot l ON l.brand_id = %(brand)s AND l.wallet_id = c.wallet_id GROUP BY c.number"""
            )
        )
        # by itself (expiries), or by calls that move whatever is there (transfers)
        self.moved_beside: dict[str, Decimal] = dict(
            ask(
                f"""SELECT c.number, sum(e.amount) FROM ({_CARDS}) c (number, wallet_id)
                JOIN ledger_entry e ON e.brand_id = %(brand)s AND e.wallet_id = c.wallet_id
                WHERE e.kind IN {int(EntryKind.EXPIRE), int(EntryKind.TRANSFER_OUT), int(EntryKind.TRANSFER_IN)}
                GROUP BY c.number"""
            )
        )


def _ids(journal: Journal, books: _Books) -> Iterable[str]:
    for custom_id in journal.ids.keys() | journal.named.keys():
        acted, named = journal.ids.get(custom_id, set()), journal.named.get(custom_id, set())
        if len(acted | named) > 1:
            yield f"the id {custom_id} acted as {acted}, and was said to have acted as {named}"
        key = books.keys.get(digest_of(custom_id))
        if key not in acted | named:
            yield f"the id {custom_id} acted as {acted | named}, but the key names {key}"


def _operations(journal: Journal, books: _Books) -> Iterable[str]:
    for lost in journal.done.keys() - books.operations.keys():
        yield f"acknowledged, but not in the books: {journal.done[lost]}"
    for extra in books.operations.keys() - journal.done.keys():
        yield f"in the books, but never acknowledged: {extra}"
    for done in journal.done.values():
        expected = done.effect
        if done.undoes is not None:
            undone = set(books.voided_by[done.id])
            expected = -sum((journal.done[each].effect for each in undone if each in journal.done), ZERO)
            if done.undoes not in undone or not undone <= {done.undoes, *journal.done[done.undoes].paid_by}:
                yield f"{done} took back {undone}"
        if done.verb.startswith("transfer"):
            continue
        if books.operations.get(done.id, expected) != expected:
            yield f"{done} was to move {expected}, the books say {books.operations[done.id]}"


def _cards(journal: Journal, books: _Books) -> Iterable[str]:
    undone = {each for operations in books.voided_by.values() for each in operations}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for done in journal.done.values():
        if done.card is not None and done.id not in undone:
            sums[done.card] += done.effect
    for number, balance in books.balances.items():
        expected = sums[number] + books.moved_beside.get(number, ZERO)
        if balance != expected:
            yield f"card {number} holds {balance}; by what was acknowledged, {expected}"
    twice = [number for number, count in Counter(journal.allocated).items() if count > 1]
    if twice:
        yield f"allocated twice: {twice}"
    if missing := set(journal.allocated) - books.balances.keys():
        yield f"allocated, but not active: {missing}"


def _coupons(shop: Shop, journal: Journal) -> Iterable[str]:
    uses: dict[str, int] = defaultdict(int)
    for done in journal.done.values():
        if done.coupon is not None:
            uses[done.coupon] += done.uses
    sql = "SELECT code, state = 4 FROM coupons_coupon WHERE brand_id = %s AND code = ANY(%s)"
    is_used = dict(hot_cursor().execute(sql, [shop.brand.pk, list(uses)]).fetchall())
    for code, count in uses.items():
        if count != is_used[code] and not code.startswith("offer-"):
            yield f"coupon {code} was used {count} times more than made unused; used in the books: {is_used[code]}"
    sql = """SELECT count(*), count(DISTINCT s.coupon_id) FROM coupons_couponstep s
     WHERE s.brand_id = %s AND s.action = 'allocate'"""
    allocated, coupons = hot_cursor().execute(sql, [shop.brand.pk]).fetchone() or (0, 0)
    said = sum(count for (verb, code), count in journal.answers.items() if verb == "draw" and code == 0)
    if allocated != coupons or said > allocated:
        yield f"{allocated} allocations of {coupons} coupons; tills drew {said}"


def _wrong_facts(shop: Shop) -> list[Any]:
    families = next_families(hot_cursor(), brand_id=shop.brand.pk, above=0, count=1_000_000)
    return wrong_facts(brand_id=shop.brand.pk, families=families)


def _verify(shop: Shop) -> list[Any]:
    from apps.lookups.queries.verify_ledger import verify

    return verify(brand_id=shop.brand.pk)
