"""The rows of a file of past transactions as calls of verbs. No database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Literal, TypeVar

from apps.checkouts.core.payments import PaymentInput, check_payments, check_redeemed
from apps.checkouts.core.totals import CheckoutLine, totals
from apps.jobs.core.batch import Faults
from apps.jobs.core.header import Columns
from apps.jobs.core.rows import Row
from apps.kernel.currencies import currency_scale
from apps.kernel.errors import InvalidInput
from apps.kernel.value_types import BalanceType
from apps.programs.core.configuration import Configuration, Location
from apps.transactions.checkouts.basket import Basket
from apps.transactions.imports.cells import Cells, amount_of, moment_of
from apps.transactions.operations.update_balance import BalanceChange, check_combination
from apps.transactions.under_lock import EARLIEST

Kind = Literal["issue", "redeem", "checkout"]
KINDS: tuple[Kind, ...] = ("issue", "redeem", "checkout")
Value = TypeVar("Value")
LONGEST_EXTERNAL_ID = 128
COLUMNS = Columns(
    required=("cardNumber", "date", "type"),
    optional=(
        "balanceType",
        "balanceCode",
        "amount",
        "expires",
        "total",
        "currency",
        "location",
        "terminal",
        "sku",
        "quantity",
        "unitPrice",
        "externalTransactionId",
        "reference",
    ),
)

_TOGETHER = ("type", "reference", "cardNumber")
_OF_THE_WHOLE = ("date", "location", "terminal", "externalTransactionId", "total", "currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One issue, redemption or checkout: `change` of the first two, `basket` of the last."""

    rows: Sequence[Row]
    kind: Kind
    card_number: str | None
    at: datetime
    location: Location
    terminal_id: int | None
    external_id: str | None
    change: BalanceChange | None = None
    basket: Basket | None = None

    @property
    def moves(self) -> list[tuple[BalanceType, str | None, Decimal]]:
        """What moves on the card: balance type, code, and the amount, below zero for what is taken."""
        if self.change is not None:
            assert self.change.balance_type is not None
            assert self.change.amount is not None
            sign = 1 if self.kind == "issue" else -1
            return [(self.change.balance_type, self.change.balance_code, self.change.amount * sign)]
        return [
            (each.balance_type, each.balance_code, -each.amount)
            for each in (self.basket.payments if self.basket is not None else ())
            if each.balance_type is not None and each.amount is not None
        ]

    @property
    def moves_value(self) -> bool:
        """Whether anything moves on the card."""
        return bool(self.moves)


class MovementReader:
    """Reads rows under one configuration. `now` is the moment of the import, `location` the code for rows that name
    none."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        places: Mapping[str, int],
        location: str,
        closed_through: date,
        now: datetime,
    ) -> None:
        self._configuration = configuration
        self._places = places
        self._location = location
        self._closed_through = closed_through
        self._now = now

    def read(self, rows: Sequence[Row], faults: Sequence[Faults]) -> Movement | None:
        """The movement of a row, or of the rows of one checkout; None when any of them has faults."""
        cells = [Cells(self._places, row, found) for row, found in zip(rows, faults, strict=True)]
        first = cells[0]
        kind = first.read("type", _kind)
        number = first.text("cardNumber") or None
        at, location = self._moment(first), self._place(first)
        terminal_id = self._terminal(first, location)
        external_id = first.read("externalTransactionId", _external_id)
        for other in cells[1:]:
            _check_same(first, other)
        change, basket = None, None
        if kind == "checkout":
            basket = _basket(cells, location, has_card=number is not None)
        elif kind is not None:
            change = _change(first, kind, at)
        if number is None and kind != "checkout":
            first.faults.add("cardNumber", "A card is needed; only checkouts can be anonymous.")
        if kind is None or at is None or location is None or any(faults):
            return None
        return Movement(
            rows=rows,
            kind=kind,
            card_number=number,
            at=at,
            location=location,
            terminal_id=terminal_id,
            external_id=external_id,
            change=change,
            basket=basket,
        )

    def _moment(self, cells: Cells) -> datetime | None:
        at = cells.read("date", moment_of)
        if at is None:
            if not cells.text("date"):
                cells.faults.add("date", "A date is needed.")
        elif at > self._now:
            cells.faults.add("date", "The date lies in the future.")
        elif at < EARLIEST:
            cells.faults.add("date", "The date lies before all books.")
        elif at.astimezone(self._configuration.zone).date() <= self._closed_through:
            cells.faults.add("date", "The date lies in a period whose books are closed.")
        return at

    def _place(self, cells: Cells) -> Location | None:
        code = cells.text("location") or self._location
        location = self._configuration.locations.get(code)
        if location is None:
            cells.faults.add("location", f"There is no location {code!r}; name it here or with --location.")
        return location

    def _terminal(self, cells: Cells, location: Location | None) -> int | None:
        code = cells.text("terminal")
        if not code or location is None:
            return None
        if code not in location.terminals:
            cells.faults.add("terminal", f"The location has no terminal {code!r}.")
        return location.terminals.get(code)


def is_one_checkout(places: Mapping[str, int], earlier: Row, later: Row) -> bool:
    """Whether a row goes on with the checkout of the row before it: the same reference."""
    both = [{name: row.cells[places[name]] for name in _TOGETHER if name in places} for row in (earlier, later)]
    return both[0] == both[1] and both[0]["type"] == "checkout" and bool(both[0].get("reference"))


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if text == kind:
            return kind
    raise InvalidInput(f"There is no type {text!r}; known are {', '.join(KINDS)}.")


def _external_id(text: str) -> str:
    if len(text) > LONGEST_EXTERNAL_ID:
        raise InvalidInput(f"The id is longer than {LONGEST_EXTERNAL_ID} characters.")
    return text


def _check_same(first: Cells, other: Cells) -> None:
    for name in _OF_THE_WHOLE:
        if other.text(name) not in ("", first.text(name)):
            other.faults.add(name, f"It differs from that of line {first.row.line}, which is the same checkout.")


def _change(cells: Cells, kind: Literal["issue", "redeem"], at: datetime | None) -> BalanceChange:
    for name in ("total", "currency", "sku", "quantity", "unitPrice"):
        if cells.text(name):
            cells.faults.add(name, "This goes with checkouts only.")
    change = BalanceChange(
        action=kind,
        balance_type=_needed(cells, "balanceType", _balance_type),
        balance_code=cells.text("balanceCode") or None,
        amount=_needed(cells, "amount", amount_of),
        expires_at=cells.read("expires", moment_of),
    )
    if change.expires_at is not None and at is not None and change.expires_at <= at:
        cells.faults.add("expires", "It would have expired before it was issued.")
    if not cells.faults:
        cells.faults.read("", lambda _: check_combination(change), "")
    return change


def _basket(rows: Sequence[Cells], location: Location | None, *, has_card: bool) -> Basket:
    """All lines and payments of a checkout; a row has a line, a payment, both, or only figures of the whole."""
    first = rows[0]
    for cells in rows:
        if cells.text("expires"):
            cells.faults.add("expires", "This goes with issues only.")
    currency = first.text("currency")
    if currency and location is not None and currency != location.currency:
        first.faults.add("currency", f"The currency of this location is {location.currency}.")
    basket = Basket(
        total=first.read("total", amount_of),
        lines=[line for cells in rows if (line := _line(cells)) is not None],
        payments=[payment for cells in rows if (payment := _payment(cells)) is not None],
    )
    if location is not None and not any(cells.faults for cells in rows):
        first.faults.read("", partial(_check, basket, location, has_card), "")
    return basket


def _check(basket: Basket, location: Location, has_card: bool, _: str) -> None:
    """What the checkout would refuse without looking at the card."""
    figures = totals(
        stated=basket.total, lines=basket.lines, pre_discounts=(), currency_scale=currency_scale(location.currency)
    )
    check_payments(basket.payments, has_card=has_card)
    check_redeemed(basket.payments, total=figures.total)


def _line(cells: Cells) -> CheckoutLine | None:
    if not cells.text("sku"):
        for name in ("quantity", "unitPrice"):
            if cells.text(name):
                cells.faults.add(name, "This needs a sku.")
        return None
    quantity = cells.read("quantity", amount_of) if cells.text("quantity") else Decimal(1)
    unit_price = _needed(cells, "unitPrice", amount_of)
    if quantity is None or unit_price is None:
        return None
    return CheckoutLine(sku=cells.text("sku"), quantity=quantity, unit_price=unit_price)


def _payment(cells: Cells) -> PaymentInput | None:
    """Value of the card that paid for a part of the checkout."""
    if not (cells.text("amount") or cells.text("balanceType")):
        return None
    return PaymentInput(
        amount=_needed(cells, "amount", amount_of),
        redeems=True,
        balance_type=_needed(cells, "balanceType", _balance_type),
        balance_code=cells.text("balanceCode") or None,
    )


def _needed(cells: Cells, name: str, parse: Callable[[str], Value]) -> Value | None:
    if not cells.text(name):
        cells.faults.add(name, "This is needed.")
    return cells.read(name, parse)


def _balance_type(text: str) -> BalanceType:
    try:
        return BalanceType(text)
    except ValueError:
        raise InvalidInput(f"There is no balance type {text!r}; known are {', '.join(BalanceType)}.") from None
