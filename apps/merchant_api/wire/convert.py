"""JSON values to single Python values: texts, numbers, booleans, moments and dates.

A conversion raises RequestFormat (6) where type or form is wrong, and notes in its Walk what is not allowed (9).
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from apps.kernel.moments import parse_date, parse_moment
from apps.merchant_api.wire.fields import DATE, MOMENT, Facts
from apps.merchant_api.wire.json import RequestFormat, number

TOO_LARGE = 10**12
TOO_LARGE_INTEGER = 2**63

Amount = TypeVar("Amount", Decimal, int)
Moment = TypeVar("Moment", datetime, date)


class Walk:
    """One walk over one body: the rules of the brand, and the first value met that is not allowed."""

    __slots__ = ("features", "refusal", "version")

    def __init__(self, version: int, features: frozenset[str]) -> None:
        self.version = version
        self.features = features
        self.refusal: str | None = None

    def refuse(self, message: str) -> None:
        """Note a value that is not allowed; the first one is reported when the walk has come to its end."""
        if self.refusal is None:
            self.refusal = message


Convert = Callable[[Any, str, Walk], Any]


def conversion(kind: str, facts: Facts) -> Convert:
    """The function that converts one value of this kind and checks it against the facts."""
    return _MAKERS[kind](facts)


def _string(facts: Facts) -> Convert:
    check = _text_check(facts)

    def convert(value: Any, path: str, walk: Walk) -> str:
        if type(value) is str:
            text = value
        elif type(value) is int:
            text = str(value).zfill(facts.zero_pad)
        else:
            raise RequestFormat(f"{path} must be a string.")
        if check is not None:
            check(text, path, walk)
        return text

    return convert


def _text_check(facts: Facts) -> Callable[[str, str, Walk], None] | None:
    """The checks of a text, or None where anything goes."""
    if not (facts.allowed or facts.min_length or facts.max_length or facts.format):
        return None

    def check(value: str, path: str, walk: Walk) -> None:
        if facts.clearable and value == "":
            return
        if facts.format == DATE:
            _parsed(parse_date, value, path, DATE)
        if facts.allowed and value not in facts.allowed:
            walk.refuse(f"{path} must be one of {', '.join(facts.allowed)}.")
        if len(value) < facts.min_length:
            walk.refuse(f"{path} must have at least {facts.min_length} characters.")
        if facts.max_length is not None and len(value) > facts.max_length:
            walk.refuse(f"{path} must have at most {facts.max_length} characters.")

    return check


def _number(facts: Facts) -> Convert:
    def convert(value: Any, path: str, walk: Walk) -> Decimal | str:
        if facts.clearable and value == "":
            return ""
        amount = _decimal(value, path, "a number")
        if not -TOO_LARGE < amount < TOO_LARGE:
            walk.refuse(f"{path} is too large.")
        return _bounded(amount, facts, path, walk)

    return convert


def _integer(facts: Facts) -> Convert:
    def convert(value: Any, path: str, walk: Walk) -> int:
        amount = _decimal(value, path, "a whole number")
        if amount != amount.to_integral_value():
            raise RequestFormat(f"{path} must be a whole number.")
        if not -TOO_LARGE_INTEGER <= amount < TOO_LARGE_INTEGER:
            walk.refuse(f"{path} is too large.")
        return _bounded(int(amount), facts, path, walk)

    return convert


def _decimal(value: Any, path: str, expected: str) -> Decimal:
    if type(value) is Decimal:
        return value
    if type(value) is int:
        return Decimal(value)
    if type(value) is str:
        try:
            return number(value)
        except ValueError:
            pass
    raise RequestFormat(f"{path} must be {expected}.")


def _bounded(value: Amount, facts: Facts, path: str, walk: Walk) -> Amount:
    if facts.minimum is not None and value < facts.minimum:
        walk.refuse(f"{path} must be at least {facts.minimum}.")
    if facts.maximum is not None and value > facts.maximum:
        if facts.clamp:
            return type(value)(facts.maximum)
        walk.refuse(f"{path} must be at most {facts.maximum}.")
    return value


def _boolean(_facts: Facts) -> Convert:
    def convert(value: Any, path: str, _walk: Walk) -> bool:
        if value is True or value is False:
            return value
        raise RequestFormat(f"{path} must be true or false.")

    return convert


def _moment(_facts: Facts) -> Convert:
    def convert(value: Any, path: str, _walk: Walk) -> datetime:
        return _parsed(parse_moment, value, path, MOMENT)

    return convert


def _date(_facts: Facts) -> Convert:
    def convert(value: Any, path: str, _walk: Walk) -> date:
        return _parsed(parse_date, value, path, DATE)

    return convert


def _parsed(parse: Callable[[str], Moment], value: Any, path: str, form: str) -> Moment:
    if type(value) is str:
        try:
            return parse(value)
        except ValueError:
            pass
    raise RequestFormat(f"{path} must be an existing date written as {form}.")


_MAKERS: dict[str, Callable[[Facts], Convert]] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "moment": _moment,
    "date": _date,
}
