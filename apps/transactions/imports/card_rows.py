"""What a row of a card file says, and what is wrong with it. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.cards.core.numbers import check_number
from apps.cards.core.status import NOT_YET_ACTIVATED, CardStatus
from apps.cards.operations.seal_pin import PIN_LENGTH
from apps.jobs.core.batch import Faults
from apps.jobs.core.header import Columns
from apps.jobs.core.rows import Row
from apps.kernel.amounts import ZERO
from apps.kernel.errors import InvalidInput, Refusal
from apps.programs.core.configuration import CardSet, Configuration
from apps.programs.core.value_type import ValueType
from apps.transactions.imports.cells import amount_of, moment_of
from apps.transactions.imports.setting import Setting
from apps.transactions.imports.value_columns import by_column, columns_of
from apps.transactions.under_lock import EARLIEST

STATUSES = {status.wire_name: status for status in CardStatus}
LONGEST_CUSTOM_NUMBER = 64
_NAMES = ("status", "pin", "location", "activationDate", "customCardNumber", "enrollmentDate")

Balance = tuple[ValueType, Decimal, datetime | None]
"""Value type, amount, expiry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card to be made. Owner and activation are None where it was never activated; `pin` is in plain text."""

    line: int
    number: str
    card_set: CardSet
    status: CardStatus
    pin: str | None
    custom_number: str | None
    owner_id: int | None
    activated_at: datetime | None
    enrolled_at: datetime | None
    balances: Sequence[Balance]


def card_columns(configuration: Configuration) -> Columns:
    """The columns of a card file; those of balances come from the value types of the brand's programs."""
    return Columns(
        required=("cardNumber", "cardSetId"),
        optional=(*_NAMES, *columns_of("balance", configuration), *columns_of("expires", configuration)),
        secret=frozenset({"pin"}),
    )


class CardReader:
    """Reads rows. Balances are booked at the setting's moment; its location owns cards of rows that name none."""

    def __init__(self, setting: Setting) -> None:
        configuration = self._configuration = setting.configuration
        self._moment, self._location = setting.moment, setting.location
        self._places = {name: place for place, name in enumerate(setting.names)}
        self._amounts = [name for name in setting.names if name.startswith("balance:")]
        self._value_types = {program.id: by_column("balance", program) for program in configuration.programs.values()}

    def read(self, row: Row, faults: Faults) -> CardRow | None:
        """The card of a row, or None when there are faults, these or earlier ones."""
        number, status = self._cell(row, "cardNumber"), self._status(row, faults)
        faults.read("cardNumber", check_number, number)
        card_set = faults.read("cardSetId", self._card_set, self._cell(row, "cardSetId"))
        owner_id = self._owner(row, status, faults)
        activated_at = self._past(row, "activationDate", status, faults)
        enrolled_at = self._past(row, "enrollmentDate", status, faults)
        if card_set is None or status is None:
            return None
        pin = self._pin(row, card_set, faults)
        balances = self._balances(row, card_set, status, faults)
        custom_number = self._custom_number(row, faults)
        if faults:
            return None
        is_active = status not in NOT_YET_ACTIVATED
        return CardRow(
            line=row.line,
            number=number,
            card_set=card_set,
            status=status,
            pin=pin,
            custom_number=custom_number,
            owner_id=owner_id,
            activated_at=(activated_at or self._moment) if is_active else None,
            enrolled_at=enrolled_at,
            balances=balances,
        )

    def _cell(self, row: Row, name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else row.cells[place]

    def _status(self, row: Row, faults: Faults) -> CardStatus | None:
        text = self._cell(row, "status")
        status = STATUSES.get(text) if text else CardStatus.ACTIVATED
        if status is None:
            faults.add("status", f"There is no status {text!r}; known are {', '.join(STATUSES)}.")
        return status

    def _card_set(self, code: str) -> CardSet:
        card_set = self._configuration.card_sets_by_code.get(code)
        if card_set is None or not card_set.is_active:
            raise InvalidInput(f"There is no card set {code!r}, or it is switched off.")
        return card_set

    def _owner(self, row: Row, status: CardStatus | None, faults: Faults) -> int | None:
        """The location that owns the card; one that is named must exist, also where it is not kept."""
        code = self._cell(row, "location") or self._location
        location = self._configuration.locations.get(code)
        if code and location is None:
            faults.add("location", f"There is no location {code!r}, or it is switched off.")
        if status is None or status in NOT_YET_ACTIVATED:
            return None
        if not code:
            faults.add("location", "A card that was activated belongs to a location; name it here or with --location.")
        return location.id if location is not None else None

    def _past(self, row: Row, name: str, status: CardStatus | None, faults: Faults) -> datetime | None:
        text = self._cell(row, name)
        if not text:
            return None
        moment = faults.read(name, moment_of, text)
        if status in NOT_YET_ACTIVATED:
            faults.add(name, "A card that was never activated has no such date.")
        elif moment is not None and moment > self._moment:
            faults.add(name, "The date lies in the future.")
        elif moment is not None and moment < EARLIEST:
            faults.add(name, "The date lies before all books.")
        return moment

    def _pin(self, row: Row, card_set: CardSet, faults: Faults) -> str | None:
        """The PIN with the zeros that spreadsheets take away. The words never repeat it."""
        text = self._cell(row, "pin")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= PIN_LENGTH):
            faults.add("pin", f"A PIN has {PIN_LENGTH} digits.")
        elif not self._configuration.programs[card_set.program_id].uses_pins:
            faults.add("pin", "The program of this card set uses no PINs.")
        return text.zfill(PIN_LENGTH)

    def _custom_number(self, row: Row, faults: Faults) -> str | None:
        text = self._cell(row, "customCardNumber")
        if len(text) > LONGEST_CUSTOM_NUMBER:
            faults.add("customCardNumber", f"A custom card number has at most {LONGEST_CUSTOM_NUMBER} characters.")
        return text or None

    def _balances(self, row: Row, card_set: CardSet, status: CardStatus, faults: Faults) -> list[Balance]:
        found = []
        for name in self._amounts:
            text = self._cell(row, name)
            amount = faults.read(name, amount_of, text) if text else None
            if not amount:
                continue
            value_type = self._value_types[card_set.program_id].get(name)
            if value_type is None:
                faults.add(name, "The program of this card set has no such balance.")
            elif status in NOT_YET_ACTIVATED or status is CardStatus.TRANSFER:
                faults.add(name, f"A card with the status {status.wire_name} holds no balance.")
            else:
                _check(value_type, amount, faults, name)
                found.append((value_type, amount, self._expiry(row, name, faults)))
        return found

    def _expiry(self, row: Row, balance: str, faults: Faults) -> datetime | None:
        name = f"expires:{balance.removeprefix('balance:')}"
        text = self._cell(row, name)
        moment = faults.read(name, moment_of, text) if text else None
        if moment is not None and moment <= self._moment:
            faults.add(name, "This balance has expired.")
        return moment


def _check(value_type: ValueType, amount: Decimal, faults: Faults, column: str) -> None:
    try:
        value_type.check_scale(amount)
        value_type.check_maximum(amount, present=ZERO)
    except Refusal as refusal:
        faults.add(column, refusal.message)
