"""The cells of a customer file as changes of an account. An empty cell changes nothing, `(clear)` removes."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from apps.customers.core.fields import BrandField, FieldChange, SentValue, changed_values
from apps.customers.core.third_parties import CUSTOM, Link, LinkUpdate
from apps.jobs.core.header import Columns
from apps.kernel.errors import InvalidInput
from apps.transactions.account_after import AccountChange
from apps.transactions.imports.cells import CLEAR, Cells, day_of, degrees_of, flag_of

ALTERNATE, FIELD = "alternate:", "field:"
CHANNELS = ("email", "phone")
VALUE_SEPARATOR = "|"
LONGEST_CUSTOM_DATA = 131_072
TEXTS = {
    "firstName": ("first_name", 40),
    "middleName": ("middle_name", 40),
    "lastName": ("last_name", 90),
    "email": ("email", 320),
    "phone": ("phone", 18),
    "mobilePhone": ("mobile_phone", 18),
    "mobileOperatorId": ("mobile_operator_id", 18),
    "address1": ("address1", 100),
    "address2": ("address2", 100),
    "city": ("city", 75),
    "state": ("state", 75),
    "postal": ("postal", 10),
    "country": ("country", 2),
}
"""Columns of plain text: attribute, and most characters as in updateAccount."""
DATES = {"birthday": "birthday", "anniversary": "anniversary"}
DEGREES = {"latitude": 90, "longitude": 180}
GENDERS = ("F", "M")
_PERSON = (*TEXTS, *DATES, "gender", *DEGREES)
_OPT_INS = tuple(f"{what}:{channel}" for channel in CHANNELS for what in ("optIn", "optInConfirmed"))


def customer_columns(fields: Mapping[str, BrandField]) -> Columns:
    """The columns of a customer file; `field:` ones come from the brand's own fields."""
    return Columns(
        required=("cardNumber",),
        optional=(
            *_PERSON,
            *(f"{FIELD}{code}" for code in sorted(fields)),
            *_OPT_INS,
            "customData",
            *(f"{ALTERNATE}{name}" for name in _PERSON),
        ),
    )


def account_change(cells: Cells, fields: Mapping[str, BrandField]) -> AccountChange:
    """What a row changes; what is wrong with its cells is told in their faults."""
    return AccountChange(
        customer=_person(cells, ""),
        alternate=_person(cells, ALTERNATE),
        fields=tuple(_fields(cells, fields)),
        links=tuple(_links(cells)),
    )


def _person(cells: Cells, prefix: str) -> dict[str, Any]:
    readers: dict[str, tuple[str, Callable[[str], Any]]] = {
        **{name: (attribute, partial(_text, longest)) for name, (attribute, longest) in TEXTS.items()},
        **{name: (attribute, _day) for name, attribute in DATES.items()},
        "gender": ("gender", _gender),
        **{name: (name, partial(_degrees, limit)) for name, limit in DEGREES.items()},
    }
    read = {attribute: cells.read(f"{prefix}{name}", parse) for name, (attribute, parse) in readers.items()}
    return {attribute: value for attribute, value in read.items() if value is not None}


def _text(longest: int, text: str) -> str:
    if len(text) > longest:
        raise InvalidInput(f"The text is longer than {longest} characters.")
    return "" if text == CLEAR else text


def _day(text: str) -> str:
    return "" if text == CLEAR else day_of(text).isoformat()


def _gender(text: str) -> str:
    if text not in (*GENDERS, CLEAR):
        raise InvalidInput(f"The gender is one of {', '.join(GENDERS)}.")
    return "" if text == CLEAR else text


def _degrees(limit: int, text: str) -> Decimal | str:
    return "" if text == CLEAR else degrees_of(text, limit=limit)


def _fields(cells: Cells, fields: Mapping[str, BrandField]) -> Sequence[FieldChange]:
    """Several values of a field that takes them stand in one cell, `|` between them, and replace those it has."""
    changes = (cells.read(f"{FIELD}{code}", partial(_field, field)) for code, field in fields.items())
    return [change for change in changes if change is not None]


def _field(field: BrandField, text: str) -> FieldChange:
    values = text.split(VALUE_SEPARATOR) if field.is_multiple else [text]
    change = FieldChange(field.code, None if text == CLEAR else tuple(SentValue(value.strip()) for value in values))
    changed_values(field, change)
    return change


def _links(cells: Cells) -> Sequence[LinkUpdate]:
    updates = []
    for channel in CHANNELS:
        opt_in = cells.read(f"optIn:{channel}", flag_of)
        confirmed = cells.read(f"optInConfirmed:{channel}", flag_of)
        if opt_in is not None or confirmed is not None:
            link = Link(opt_in=opt_in, opt_in_confirmed=confirmed)
            updates.append(LinkUpdate(third_party=channel, sent=link, cause="import"))
    data = cells.read("customData", partial(_text, LONGEST_CUSTOM_DATA))
    if data is not None:
        updates.append(LinkUpdate(third_party=CUSTOM, sent=Link(custom_data=data)))
    return updates
