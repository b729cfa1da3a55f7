"""Every kind of search with 1,000,000 cards and customers: milliseconds in the database.

Each search is made through the product, warm, with rare values and with the most common ones. The server itself says
how long each statement took it: reading, planning and carrying out. A search counts with all its statements; what every
call writes into the request log does not count.
"""

import json
import re
import statistics
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg

from bench.inprocess import InProcess
from bench.people import COMMON, RARE_SET, load_people
from bench.result import Result
from bench.stage import Stage

GOAL = 20.0
ROUNDS = 12
_DURATION = re.compile(r"duration: ([0-9.]+) ms(.*)", re.DOTALL)
_OTHERS = ("INTO requestlog_", ": BEGIN", ": COMMIT", ": SET ", ": RESET ")
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
PARTS_OF_PEOPLE = (
    "smith",
    "john smith",
    "con",
    "conbar",
    "barconund",
    "zzz",
    "2000123",
    "(415) 555",
    "example.com",
    "none@",
    "person.777777@example.com",
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
    server = ServerTimes(django_connection.connection)
    for name, bodies in searches(stage.large).items():
        calls = [(json.dumps(body), partial(product.call, json.dumps(body).encode(), "search")) for body in bodies]
        yield _result(name, [server.times(call) for _, call in calls], [text for text, _ in calls])
    yield _people(stage, server)
    django_connection.close()


def _people(stage: Stage, server: "ServerTimes") -> Result:
    from apps.brands.models import Brand
    from apps.lookups.queries.portal_people import find_people

    brand = Brand.objects.get(pk=stage.till.brand_id)
    calls = [(text, locations) for text in PARTS_OF_PEOPLE for locations in (None, frozenset({stage.till.location_id}))]
    calls.append((PARTS_OF_PEOPLE[0], frozenset({0})))
    times = [
        server.times(partial(find_people, brand=brand, locations=seen, text=text, only_whole=False))
        for text, seen in calls
    ]
    return _result("a part of a name or an address", times, [f"{text}, {seen or 'all'}" for text, seen in calls])


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
            either(**names, phone=COMMON["phone"], customDemographics=[red]),
            either(lastName="Barconund", email="nobody@example.com", cardNumber="none"),
            either(**prefixes),
            either(firstName=john, customDemographics=[red], cardSetId=RARE_SET),
            either(**names, customDemographics=[red]) | {"offset": 1000},
        ],
        "childFilters": [
            children(firstName=john, lastName=smith),
            children(lastName="Barconund"),
            children(cardNumber=f"child-{cards // 3}"),
            children(cardNumber=COMMON["child"]),
            children(cardNumber=COMMON["child"], firstName=john),
            children(**prefixes),
            children(email=COMMON["email"]) | {"offset": 1000},
            children(cardNumber=COMMON["child"]) | {"offset": 1000},
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


class ServerTimes:
    """What the server says of the statements of this process's connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._noted: list[float] = []
        connection.add_notice_handler(self._note)

    def times(self, call: Callable[[], object]) -> tuple[float, float]:
        """Median and highest milliseconds in the database of a call.

        The first rounds are planned with their values, later ones by a kept plan: both count, and only one before all
        of them, which warms the memory of the server, does not.
        """
        call()
        self._connection.execute("SET client_min_messages = log")
        self._connection.execute("SET log_min_duration_statement = 0")
        times = []
        for _ in range(ROUNDS):
            self._noted.clear()
            call()
            times.append(sum(self._noted))
        self._connection.execute("RESET log_min_duration_statement")
        self._connection.execute("RESET client_min_messages")
        return statistics.median(times), max(times)

    def _note(self, notice: Any) -> None:
        found = _DURATION.match(notice.message_primary or "")
        if found and not any(word in found[2] for word in _OTHERS):
            self._noted.append(float(found[1]))


def _result(name: str, times: list[tuple[float, float]], texts: list[str]) -> Result:
    (median, highest), text = max(zip(times, texts, strict=True), key=lambda each: each[0])
    detail = f"worst of {len(texts)}: median {median:.1f} ms, highest {highest:.1f} ms, {text}"
    return Result(name, median, GOAL, " ms", at_most=True, detail=detail)
