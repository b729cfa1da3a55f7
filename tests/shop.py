"""A brand ready to trade, and a till that calls the JSON API in-process."""

import base64
import itertools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client

from apps.brands.models import Brand, Location, Terminal
from apps.brands.operations.create_api_credential import create_api_credential
from apps.brands.operations.create_brand import create_brand
from apps.brands.operations.create_location import create_location
from apps.brands.operations.create_location_group import create_location_group
from apps.brands.operations.create_terminal import create_terminal
from apps.facts.queries.families import next_families
from apps.facts.queries.wrong_facts import wrong_facts
from apps.kernel.db.hot import hot_cursor
from apps.kernel.ids import new_id
from apps.programs.core.configuration import Configuration
from apps.programs.models import CardSet, Program, ValueType
from apps.programs.operations.create_card_set import create_card_set
from apps.programs.operations.create_program import create_program
from apps.programs.operations.create_value_type import create_value_type
from apps.programs.queries.configuration import fresh_configuration
from apps.requestlog.core.call import Call
from apps.requestlog.core.kinds import Origin

FEATURES = ["activationDate", "pin", "prefixes", "createIfNew", "customRequestDate"]
_numbers = itertools.count(1)


@dataclass
class Reply:
    """An answer: HTTP status, parsed body (numbers as Decimal), headers."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    text: str

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def code(self) -> int | None:
        """The error code; None for a success."""
        return self.body.get("errorCode")


listener: Callable[[str, bytes, Reply], None] | None = None
"""Hears of every call that a Shop makes: method, body, answer. See tests/conformance."""


@dataclass
class Shop:
    """A brand with its places, programs and key. Amounts in USD have two decimals."""

    brand: Brand
    location: Location
    other_location: Location
    terminal: Terminal
    other_terminal: Terminal
    gift: Program
    loyalty: Program
    usd: ValueType
    points: ValueType
    gift_set: CardSet
    loyalty_set: CardSet
    key: str
    secret: str
    client: Client = field(default_factory=Client)

    @property
    def configuration(self) -> Configuration:
        """The brand's configuration as it is now."""
        found = fresh_configuration(self.brand.code)
        assert found is not None
        return found

    def call(self, **changes: Any) -> Call:
        """A call at the first terminal, now."""
        now = datetime.now(UTC)
        facts: dict[str, Any] = {
            "id": new_id(),
            "brand_id": self.brand.pk,
            "origin": Origin.API,
            "now": now,
            "moment": now,
            "location_id": self.location.pk,
            "terminal_id": self.terminal.pk,
        }
        return Call(**(facts | changes))

    def headers(self, **changes: str) -> dict[str, str]:
        """The four required headers; `changes` replace or add some (None leaves one out)."""
        credentials = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {credentials}",
            "Brand": self.brand.code,
            "Location": self.location.code,
            "Terminal": self.terminal.code,
        } | changes
        return {name: value for name, value in headers.items() if value is not None}

    def post(self, method: str, body: Any = None, *, path: str | None = None, **headers: str) -> Reply:
        """Call a method; `body` is bytes, or anything that JSON can say."""
        sent = {} if body is None else body
        content = sent if isinstance(sent, bytes) else json.dumps(sent, default=str).encode()
        response = self.client.post(
            path or f"/merchant/{method}",
            data=content,
            content_type="application/json",
            headers=self.headers(**headers),
        )
        text = response.content.decode()
        reply = Reply(response.status_code, json.loads(text, parse_float=Decimal), dict(response.headers), text)
        if listener is not None:
            listener(method, content, reply)
        return reply

    def ok(self, method: str, body: Any = None, **headers: str) -> Reply:
        """Call a method that must succeed."""
        reply = self.post(method, body, **headers)
        assert reply.status == 200, reply.text
        assert reply["success"] is True
        return reply

    def card(self, number: str | None = None, *, card_set: CardSet | None = None, **more: Any) -> str:
        """A new active card, of the gift set unless another is given."""
        number = number or f"C{next(_numbers)}-{os.getpid()}"
        code = (card_set or self.gift_set).code
        self.ok("allocate", {"cardNumber": number, "cardSetId": code, "createIfNew": True} | more)
        return number

    def issue(self, card: str, amount: Any, **more: Any) -> str:
        """Issue USD; returns the transaction id."""
        return str(self.ok("updateBalance", usd(card, "issue", amount, **more))["transactionId"])

    def redeem(self, card: str, amount: Any, **more: Any) -> str:
        """Redeem USD; returns the transaction id."""
        return str(self.ok("updateBalance", usd(card, "redeem", amount, **more))["transactionId"])

    def hold(self, card: str, amount: Any, **more: Any) -> str:
        """Hold USD; returns the transaction id."""
        return str(self.ok("updateBalance", usd(card, "hold", amount, **more))["transactionId"])

    def balances(self, card: str) -> list[dict[str, Any]]:
        """The balances of a card as search shows them, also of an inactive one."""
        body = {"filters": {"cardNumber": card}, "returnFields": {"balances": True}, "includeInactive": True}
        found: list[dict[str, Any]] = self.ok("search", body)["cards"][0]["balances"]
        return found

    def free(self, card: str) -> Decimal:
        """The free USD of a card."""
        free = [each["amount"] for each in self.balances(card) if not each["isHold"]]
        return Decimal(free[0]) if free else Decimal(0)

    def held(self, card: str) -> dict[str, Decimal]:
        """What each hold keeps."""
        return {each["holdingTransactionId"]: each["amount"] for each in self.balances(card) if each["isHold"]}

    def assert_books_add_up(self) -> None:
        """Run the verifier over this brand, and compare what is known of its cards with their history."""
        from apps.lookups.queries.verify_ledger import verify

        assert verify(brand_id=self.brand.pk) == []
        families = next_families(hot_cursor(), brand_id=self.brand.pk, above=0, count=100_000)
        assert wrong_facts(brand_id=self.brand.pk, families=families) == []


def usd(card: str, action: str, amount: Any, **more: Any) -> dict[str, Any]:
    """The body of an updateBalance in USD."""
    balance = {"balanceType": "Currency", "balanceCode": "USD", "amount": amount}
    return {"cardNumber": card, "action": action, "amount": balance} | more


def open_shop(name: str, *, features: list[str] | None = None, **settings: Any) -> Shop:
    """Make a brand with a code of its own."""
    now = datetime.now(UTC)
    code = f"{name}-{uuid4().hex[:10]}"
    brand = create_brand(
        code=code, name=name.title(), now=now, features=FEATURES if features is None else features, **settings
    )
    group = create_location_group(brand=brand, code="north", name="North")
    location = create_location(brand=brand, group=group, code="main-street", name="Main Street")
    other = create_location(brand=brand, group=group, code="harbour", name="Harbour")
    gift = create_program(brand=brand, code="gift", name="Gift", type="gift")
    loyalty = create_program(brand=brand, code="loyalty", name="Loyalty", type="loyalty", uses_pins=False)
    usd_type = create_value_type(
        brand=brand, program=gift, balance_type="Currency", balance_code="USD", scale=2, maximum=Decimal(100_000)
    )
    points = create_value_type(brand=brand, program=loyalty, balance_type="Points", scale=0)
    credential, secret = create_api_credential(
        brand=brand, name="till", methods=[], location_codes=[], created_by="tests", now=now
    )
    return Shop(
        brand=brand,
        location=location,
        other_location=other,
        terminal=create_terminal(brand=brand, location=location, code="till-1", name="Till 1"),
        other_terminal=create_terminal(brand=brand, location=other, code="till-9", name="Till 9"),
        gift=gift,
        loyalty=loyalty,
        usd=usd_type,
        points=points,
        gift_set=create_card_set(brand=brand, program=gift, code="gift-cards", name="Gift cards"),
        loyalty_set=create_card_set(brand=brand, program=loyalty, code="loyalty-cards", name="Loyalty cards"),
        key=credential.key,
        secret=secret,
    )
