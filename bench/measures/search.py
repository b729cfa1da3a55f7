"""Every kind of search with 1,000,000 cards and customers: milliseconds in the database.

Each search is made through the product, warm, with rare values and with the most common ones. The server itself says
how long each statement took it, reading, planning and carrying out; a search counts with all its statements.
"""

import json
import re
import statistics
from collections.abc import Iterator
from typing import Any

import psycopg

from bench.inprocess import InProcess
from bench.people import COMMON, RARE_SET, load_people
from bench.result import Result
from bench.stage import Stage

GOAL = 20.0
ROUNDS = 12
_DURATION = re.compile(r"duration: ([0-9.]+) ms")
PARTS = (
    "balances",
    "customer",
    "alternateCustomer",
    "giverCustomer",
    "customData",
    "thirdPartyLinks",
    "brandDemographics",
    "events",
    "emailBounced",
    "coupons",
    "checkouts",
    "checkoutMutations",
    "childCards",
)
Body = dict[str, Any]


def measure(stage: Stage) -> Iterator[Result]:
    """Load the people, then make each search in this process."""
    with psycopg.connect(stage.database(stage.large), autocommit=True) as connection:
        load_people(connection, stage.till)
    stage.use(stage.large)
    from django.db import connection as django_connection

    product = InProcess(stage.till)
    product.call(b'{"filters":{}}', "search")
    raw = django_connection.connection
    noted: list[float] = []
    raw.add_notice_handler(lambda notice: noted.extend(map(float, _DURATION.findall(notice.message_primary or ""))))
    for name, bodies in searches(stage.large).items():
        yield _result(name, [_times(product, raw, noted, body) for body in bodies])
    django_connection.close()


def searches(cards: int) -> dict[str, list[Body]]:
    """The kinds of searches, each with the values to try."""
    john, smith, red = COMMON["first_name"], COMMON["last_name"], demographic("colour", COMMON["colour"])
    rare = demographic("height", str(cards // 2))
    names = {"firstName": john, "lastName": smith}
    prefixes = {"firstNamePrefix": john[:3], "lastNamePrefix": smith[:3]}
    everything = dict.fromkeys(PARTS, True)
    return {
        "{}": [find(), find(offset=1000)],
        "cardNumber": [find(cardNumber=str(6_000_000_000_000_000 + cards // 3)), find(cardNumber="none")],
        "customCardNumber": [find(customCardNumber=f"own-{cards // 3}"), find(customCardNumber=COMMON["own"])],
        "email": [find(email=f"person.{cards // 3}@example.com"), *pages(email=COMMON["email"])],
        "phone": [find(phone=f"+1{2_000_000_000 + cards // 3}"), *pages(phone=COMMON["phone"])],
        "mobilePhone": [find(mobilePhone=f"+1{5_000_000_000 + cards // 3}")],
        "lastName": [find(lastName="Barconund"), *pages(lastName=smith)],
        "firstName": [find(firstName="Barcon"), *pages(firstName=john)],
        "both names": [find(firstName="Barcon", lastName="Conbarund"), *pages(**names)],
        "name and a part of the other": pages(firstName=john, lastNamePrefix="S"),
        "demographic": [find(customDemographics=[rare]), *pages(customDemographics=[red])],
        "demographic and name": [
            *pages(customDemographics=[red], firstName=john),
            *pages(customDemographics=[red], **names),
            find(customDemographics=[rare], firstName=john),
            find(customDemographics=[red], firstName="Barcon"),
        ],
        "e-mail and name": [find(email=COMMON["email"], lastName="Barconund"), find(email=COMMON["email"], **names)],
        "phone and name": [find(phone=COMMON["phone"], firstName=john)],
        "both prefixes": [
            *pages(**prefixes),
            *pages(firstNamePrefix="bar", lastNamePrefix="con"),
            find(firstNamePrefix="barcon", lastNamePrefix="conbarund"),
            find(firstNamePrefix="xyz", lastNamePrefix="smi"),
        ],
        "both prefixes and more": [
            find(**prefixes, customDemographics=[red]),
            find(**prefixes, cardSetId="set-9"),
            find(**prefixes, programTypes=["gift"]),
        ],
        "one prefix and more": [
            find(firstNamePrefix=john[:3], programTypes=["loyalty"]),
            find(lastNamePrefix="S", programTypes=["gift"]),
            find(lastNamePrefix=smith[:3], customDemographics=[red]),
            find(firstNamePrefix="xyz", programTypes=["gift"]),
        ],
        "programTypes": [*pages(programTypes=["gift"]), *pages(programTypes=["loyalty"]), find(programTypes=["none"])],
        "set and names": [
            find(cardSetId="gift-cards", **names),
            find(cardSetId="set-25", **names),
            find(cardSetId=RARE_SET, **names),
            find(cardSetId=RARE_SET, customDemographics=[red]),
            find(cardSetId="set-40", firstName=john),
        ],
        "programs, exclusion and names": [
            find(programTypes=["loyalty"], **names),
            find(excludeCardSetIds=["gift-cards"], **names),
            find(programTypes=["loyalty"], excludeCardSetIds=["set-2"], lastName=smith),
            find(programTypes=["gift"], lastName="Barconund"),
        ],
        "any of several": [
            either(**names, email=COMMON["email"]),
            either(**names, phone=COMMON["phone"], customDemographics=[red], offset=1000),
            either(lastName="Barconund", email="nobody@example.com", cardNumber="none"),
            either(**prefixes),
            either(firstName=john, customDemographics=[red], cardSetId=RARE_SET),
        ],
        "childFilters": [
            children(firstName=john, lastName=smith),
            children(lastName="Barconund"),
            children(cardNumber=f"child-{cards // 3}"),
            children(cardNumber=COMMON["child"]),
            children(cardNumber=COMMON["child"], firstName=john),
            children(**prefixes),
            children(email=COMMON["email"]) | {"offset": 1000},
        ],
        "childFilters and filters": [
            children(firstName=john) | {"filters": names},
            children(cardNumber=COMMON["child"]) | {"filters": {"firstName": john}},
            children(lastName="Barconund") | {"filters": {"customDemographics": [red]}},
        ],
        "all return fields": [find(**names, limit=25) | {"returnFields": everything}],
    }


def find(offset: int = 0, limit: int = 10, **filters: Any) -> Body:
    """A search for cards that match all filters."""
    return {"filters": filters, "offset": offset, "limit": limit}


def pages(**filters: Any) -> list[Body]:
    """The first page of a search, its largest one and its last one."""
    return [find(**filters), find(limit=25, **filters), find(offset=1000, limit=25, **filters)]


def either(**filters: Any) -> Body:
    """A search for cards that match any of the filters."""
    return find(**filters) | {"filterLogicAnd": False}


def children(**filters: Any) -> Body:
    """A search by child cards, showing them."""
    return find() | {"childFilters": filters, "returnFields": {"childCards": True}}


def demographic(name: str, text: str) -> dict[str, str]:
    """A filter by a field of the brand's own."""
    return {"fieldName": name, "textValue": text}


def _times(product: InProcess, raw: Any, noted: list[float], body: Body) -> tuple[float, float, Body]:
    """Median and worst milliseconds in the database of one search, and the search.

    The first ones are planned with their values, later ones by a kept plan: both count, and only the one that warms
    the memory of the server does not.
    """
    content = json.dumps(body).encode()
    product.call(content, "search")
    raw.execute("SET client_min_messages = log")
    raw.execute("SET log_duration = on")
    times = []
    for _ in range(ROUNDS):
        noted.clear()
        product.call(content, "search")
        times.append(sum(noted))
    raw.execute("RESET log_duration")
    return statistics.median(times), max(times), body


def _result(name: str, figures: list[tuple[float, float, Body]]) -> Result:
    median, worst, body = max(figures, key=lambda each: each[0])
    detail = f"worst of {len(figures)}: median {median:.1f} ms, highest {worst:.1f} ms, {json.dumps(body)}"
    return Result(name, median, GOAL, " ms", at_most=True, detail=detail)
