"""Import of the people of cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from apps.cards.core.status import ACTIVE, CardStatus
from apps.customers.core.customer import Demographics, check_changes, updated
from apps.customers.core.fields import BrandField
from apps.customers.models import DemographicField
from apps.jobs.core.batch import Batch, Faults
from apps.jobs.core.figures import Figures, Totals
from apps.jobs.core.rows import Row
from apps.kernel.db.hot import Cursor
from apps.kernel.errors import Refusal
from apps.transactions.account_after import AccountChange
from apps.transactions.imports.books import read_clock
from apps.transactions.imports.cells import Cells, places_of
from apps.transactions.imports.people_cells import ALTERNATE, account_change, customer_columns
from apps.transactions.imports.setting import Setting
from apps.transactions.imports.verbs import Work, call_of, count_done_before, perform, was_done
from apps.transactions.operations.update_account import update_account

_CARDS = """SELECT c.number, c.card_set_id, c.status, p.country, a.country FROM cards_card c
 LEFT JOIN customers_customer p ON p.brand_id = c.brand_id AND p.id = c.customer_id
 LEFT JOIN customers_customer a ON a.brand_id = c.brand_id AND a.id = c.alternate_customer_id
 WHERE c.brand_id = %(brand)s AND c.number = ANY(%(numbers)s)"""


class CustomersImporter:
    """Changes the accounts of active cards by updateAccount: the same rules, the same events of opt-in and opt-out."""

    batch_rows = 500
    each_row_commits = True
    tables = ("customers_customer", "customers_fieldvalue", "customers_thirdpartylink", "cards_card")

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._fields = _fields(setting.configuration.brand_id)
        self.columns = customer_columns(self._fields)
        self._places = places_of(setting.names)

    def goes_on(self, earlier: Row, later: Row) -> bool:
        """Every row stands for itself."""
        return False

    def decide(self, cursor: Cursor, rows: Sequence[Row], *, now: datetime, is_rehearsal: bool) -> Batch:
        """Check every cell and every card; then, unless it is a rehearsal, update the accounts one by one."""
        configuration, _ = read_clock(cursor, self._setting.configuration)
        self._setting = replace(self._setting, configuration=configuration)
        batch = Batch()
        whole = batch.whole(rows)
        numbers = [row.cells[self._places["cardNumber"]] for row in whole]
        found = cursor.execute(_CARDS, {"brand": configuration.brand_id, "numbers": numbers}).fetchall()
        cards = {number: facts for number, *facts in found}
        works = []
        for row, number in zip(whole, numbers, strict=True):
            faults = Faults()
            work = self._work(row, number, cards.get(number), faults, now)
            if work is not None and not faults:
                works.append(work)
            elif not is_rehearsal and was_done(self._setting, row.line):
                count_done_before(batch, [row])
            else:
                batch.refuse(row, faults)
        perform(cursor, batch, works, is_rehearsal=is_rehearsal)
        return batch

    def write(self, cursor: Cursor, batch: Batch, *, now: datetime) -> None:
        """Nothing: each row was written by itself."""

    def balances(self, cursor: Cursor) -> Figures | None:
        """People hold no balances."""
        return None

    def booked(self, cursor: Cursor) -> Figures | None:
        """People are not booked."""
        return None

    def _work(self, row: Row, number: str, card: Sequence[Any] | None, faults: Faults, now: datetime) -> Work | None:
        wanted = account_change(Cells(self._places, row, faults), self._fields)
        if card is None:
            faults.add("cardNumber", "There is no card with this number.")
            return None
        card_set_id, status, *countries = card
        if CardStatus(status) not in ACTIVE:
            faults.add("cardNumber", "The card is not active.")
        if not faults:
            self._check(wanted, countries, faults)
        if not (wanted.is_about_the_primary or wanted.alternate or faults):
            faults.add("", "The row changes nothing.")
        setting, code = self._setting, self._setting.configuration.card_sets[card_set_id].code
        call = call_of(setting, row.line, now=now, location_id=self._location_id)
        return Work(
            rows=[row],
            run=partial(
                update_account,
                call=call,
                configuration=setting.configuration,
                card_number=number,
                wanted=wanted,
            ),
            rehearse=_is_checked,
            count=partial(_count, code),
        )

    def _check(self, wanted: AccountChange, countries: Sequence[str | None], faults: Faults) -> None:
        """What updateAccount would refuse: phones, countries, e-mail addresses."""
        for prefix, changes, country in zip(
            ("", ALTERNATE), (wanted.customer, wanted.alternate), countries, strict=True
        ):
            try:
                check_changes(dict(changes), name=f"{prefix}customer")
                updated(
                    Demographics(country=country or ""), dict(changes), country=self._country, name=f"{prefix}customer"
                )
            except Refusal as refusal:
                faults.add(prefix.rstrip(":"), refusal.message)

    @property
    def _location_id(self) -> int | None:
        location = self._setting.configuration.locations.get(self._setting.location)
        return location.id if location is not None else None

    @property
    def _country(self) -> str:
        location = self._setting.configuration.locations.get(self._setting.location)
        return location.country if location is not None else self._setting.configuration.country


def _is_checked() -> None:
    """Every rule was applied before."""


def _count(card_set: str, totals: Totals) -> None:
    totals.counted.add(card_set, "accounts")


def _fields(brand_id: int) -> Mapping[str, BrandField]:
    """The brand's own fields in use, by code."""
    rows = DemographicField.objects.filter(brand_id=brand_id, is_active=True).order_by("id")
    return {row.code: BrandField(row.pk, row.code, row.data_type, row.is_multiple, tuple(row.choices)) for row in rows}
