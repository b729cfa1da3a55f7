"""What of a body tells about a person. PostgreSQL matches the pattern, so it is asked."""

import json
from typing import Any

import pytest
from django.db import connection

from apps.customers.core.traces import Traces

ADA = Traces.of(
    [
        ("Ada", "Lovelace", "Ada@Example.com", "+14155550123", ""),
        ("Zoë", 'O"Neill', "a+b.c@x.org", "", "+390612345678"),
        ("Ada", "", "", "", ""),
    ]
)


def tells(body: Any) -> bool:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~* ANY(%s)", [text, ADA.patterns("C-1(7)")])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    "body",
    [
        {"cards": [{"cardNumber": "other"}, {"cardNumber": "C-1(7)"}]},
        {"filters": {"email": "ADA@example.COM"}},
        {"filters": {"email": " ada@example.com "}},
        {"channelUser": "a+b.c@x.org"},
        {"phone": "+14155550123"},
        {"phone": "(415) 555-0123"},
        {"phone": "1-415-555.0123"},
        {"phone": "001 415 555 0123"},
        {"phone": 4155550123},
        {"phone": "011 1 415 555 0123"},
        {"phone": "+1 (0)415 555 0123"},
        {"mobilePhone": "+39 06 1234 5678"},
        {"firstName": "ADA", "x": [1], "lastName": "lovelace"},
        {"lastName": "Lovelace", "firstName": "Ada"},
        {"lastName": 'o"neill', "firstName": "Zoë"},
    ],
)
def test_bodies_that_name_the_person_or_the_card_are_found(body: Any) -> None:
    assert tells(body)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cardNumber": "C-1(77)"},
        {"cardNumber": "C-17"},
        {"email": "not.ada@example.com"},
        {"email": "ada@example.com.au"},
        {"email": "ada@exampleXcom"},
        {"phone": "94155550123"},
        {"phone": "+14155550124"},
        {"amount": 41555501230},
        {"firstName": "Ada", "lastName": "Yonath"},
        {"firstName": "Lovelace", "lastName": "Ada"},
        {"lastName": "Lovelace"},
    ],
)
def test_other_bodies_are_not(body: Any) -> None:
    assert not tells(body)
