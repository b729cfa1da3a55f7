"""The brand that all measures trade with, and its till: bytes of calls over HTTP."""

import base64
import itertools
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

FIRST_NUMBER = 6_000_000_000_000_000
CARDS_START_WITH = Decimal(100_000)


@dataclass(frozen=True)
class Till:
    """Ids and codes of the brand, and the secrets of its key."""

    brand_id: int
    location_id: int
    program_id: int
    card_set_id: int
    value_type_id: int
    brand: str
    location: str
    terminal: str
    key: str
    secret: str

    def headers(self) -> dict[str, str]:
        """The four headers that every call needs."""
        credentials = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return {
            "Authorization": f"Basic {credentials}",
            "brand": self.brand,
            "location": self.location,
            "terminal": self.terminal,
        }

    def facts(self) -> dict[str, Any]:
        """Everything as plain values, for parameters of SQL."""
        return asdict(self)

    def request(self, method: str, body: bytes, custom_id: str) -> bytes:
        """A whole HTTP request, as a till sends it."""
        head = self._head.get(method)
        if head is None:
            lines = [f"POST /merchant/{method} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench"]
            lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in self.headers().items())]
            head = self._head[method] = ("\r\n".join(lines) + "\r\n").encode()
        return b"%scustomRequestId: %s\r\nContent-Length: %d\r\n\r\n%s" % (head, custom_id.encode(), len(body), body)

    @property
    def _head(self) -> dict[str, bytes]:
        return _heads.setdefault(self.key, {})


_heads: dict[str, dict[str, bytes]] = {}
_run = secrets.token_hex(6)
_calls = itertools.count(1)


def new_custom_id() -> str:
    """A customRequestId that nobody has used."""
    return f"{_run}-{next(_calls)}"


def card_number(place: int) -> str:
    """The number of the n-th card, from 0."""
    return str(FIRST_NUMBER + place)


def update_balance(place: int, *, redeem: bool) -> bytes:
    """The body of an updateBalance that adds or takes a small amount and asks for the balances."""
    amount = {"amount": 1.25, "balanceType": "Currency", "balanceCode": "USD"}
    body = {
        "cardNumber": card_number(place),
        "action": "redeem" if redeem else "issue",
        "amount": amount,
        "returnBalances": True,
    }
    return json.dumps(body, separators=(",", ":")).encode()


def open_brand() -> Till:
    """Make the brand through the product's own operations. Django must be set up."""
    from apps.brands.operations.create_api_credential import create_api_credential
    from apps.brands.operations.create_brand import create_brand
    from apps.brands.operations.create_location import create_location
    from apps.brands.operations.create_location_group import create_location_group
    from apps.brands.operations.create_terminal import create_terminal
    from apps.programs.operations.create_card_set import create_card_set
    from apps.programs.operations.create_program import create_program
    from apps.programs.operations.create_value_type import create_value_type

    now = datetime.now(UTC)
    brand = create_brand(code="bench", name="Bench", now=now, features=["createIfNew", "prefixes"])
    group = create_location_group(brand=brand, code="all", name="All")
    location = create_location(brand=brand, group=group, code="main-street", name="Main Street")
    terminal = create_terminal(brand=brand, location=location, code="till-1", name="Till 1")
    program = create_program(brand=brand, code="gift", name="Gift", type="gift")
    dollars = create_value_type(brand=brand, program=program, balance_type="Currency", balance_code="USD", scale=2)
    card_set = create_card_set(brand=brand, program=program, code="gift-cards", name="Gift cards")
    credential, secret = create_api_credential(
        brand=brand, name="till", methods=[], location_codes=[], created_by="bench", now=now
    )
    return Till(
        brand_id=brand.pk,
        location_id=location.pk,
        program_id=program.pk,
        card_set_id=card_set.pk,
        value_type_id=dollars.pk,
        brand=brand.code,
        location=location.code,
        terminal=terminal.code,
        key=credential.key,
        secret=secret,
    )
