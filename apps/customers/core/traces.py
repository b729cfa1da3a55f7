"""What a person is known by, now and in the past, and how to find that in a stored body. Pure."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from apps.customers.core.addresses import EMAIL, PHONE

_BETWEEN_DIGITS = '[^0-9"]{0,3}'
MOST_WAYS = 20
"""Alternatives of one expression: PostgreSQL takes long to prepare one of hundreds, and refuses one of thousands."""


@dataclass(frozen=True, slots=True)
class Traces:
    """E-mail addresses in lower case, phones in E.164, and pairs of first and last name."""

    emails: frozenset[str]
    phones: frozenset[str]
    names: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, str, str]]) -> "Traces":
        """From rows of first name, last name, e-mail, phone, mobile phone; empty texts tell nothing."""
        known = list(rows)
        return cls(
            emails=frozenset(row[2].lower() for row in known if row[2]),
            phones=frozenset(phone for row in known for phone in row[3:] if phone),
            names=frozenset((row[0], row[1]) for row in known if row[0] and row[1]),
        )

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Pairs of channel and address."""
        return [(EMAIL, each) for each in sorted(self.emails)] + [(PHONE, each) for each in sorted(self.phones)]

    def patterns(self, card_number: str) -> list[str]:
        """PostgreSQL regular expressions, for matching whatever the case. One of them finds a body that names the
        person or the card: a whole JSON text with the number or an e-mail address, the digits of a phone however they
        were grouped, first and last name in one body."""
        ways = [_whole(card_number), *(_whole(each) for each in sorted(self.emails))]
        ways += [_digits(phone) for phone in sorted(self.phones)]
        for first, last in sorted(self.names):
            names = f'"firstName":{_whole(first)}', f'"lastName":{_whole(last)}'
            ways += [f"{names[0]}.*{names[1]}", f"{names[1]}.*{names[0]}"]
        return ["|".join(ways[start : start + MOST_WAYS]) for start in range(0, len(ways), MOST_WAYS)]


def _whole(text: str) -> str:
    return rf'"\s*{re.escape(json.dumps(text, ensure_ascii=False)[1:-1])}\s*"'


def _digits(phone: str) -> str:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return _whole(phone)
    country = _BETWEEN_DIGITS.join(str(number.country_code))
    national = _BETWEEN_DIGITS.join(phonenumbers.national_significant_number(number))
    abroad = f"(?:0[01]{{1,3}}{_BETWEEN_DIGITS})?{country}{_BETWEEN_DIGITS}"
    return f"[^0-9](?:{abroad})?(?:0{_BETWEEN_DIGITS})?{national}[^0-9]"
