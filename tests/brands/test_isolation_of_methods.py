"""Over every method of the JSON API: what is Acme's is answered to Charlie as if nobody had it."""

import json
from collections.abc import Collection
from typing import Any

import pytest

from apps.merchant_api.table import METHODS
from tests.merchant_api.bodies import BODIES, World, filled, named_in, strangers, world
from tests.merchant_api.steady import state
from tests.shop import Shop

pytestmark = pytest.mark.generated
CASES = [
    (method, number, name)
    for method, bodies in sorted(BODIES.items())
    for number, body in enumerate(bodies)
    for name in sorted({*named_in(body), "everything"})
]


@pytest.fixture(scope="module")
def acme(database: None) -> World:
    return world("acme")


@pytest.fixture(scope="module")
def charlies(database: None) -> dict[str, World]:
    """For each method another Charlie: what one method makes would be known to the next one."""
    return {}


def answer(shop: Shop, method: str, body: Any, names: Collection[str]) -> dict[str, Any]:
    """What is answered, without what differs between any two calls: references, new PINs, and the names sent."""
    reply = shop.post(method, body)
    text = reply.text.replace(reply["requestRef"], "REFERENCE")
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "NAME")
    said: dict[str, Any] = json.loads(text)
    return {name: value for name, value in said.items() if name != "pin"}


def test_every_method_is_tried() -> None:
    assert set(BODIES) == set(METHODS)


@pytest.mark.parametrize(("method", "number", "name"), CASES)
def test_what_is_acmes_is_answered_as_if_nobody_had_it(
    acme: World, charlies: dict[str, World], method: str, number: int, name: str
) -> None:
    charlie = charlies.get(method) or charlies.setdefault(method, world("charlie"))
    changed = list(acme.things) if name == "everything" else [name]
    before = state(acme.shop)
    said = []
    for things in (acme.things, strangers(acme.things)):
        names = {each: things[each] for each in changed}
        body = filled(BODIES[method][number], charlie.things | names)
        said.append(answer(charlie.shop, method, body, names.values()))
    assert said[0] == said[1]
    assert state(acme.shop) == before


def test_a_custom_request_id_of_acme_is_free_for_charlie(acme: World) -> None:
    for each in (acme, world("charlie")):
        each.shop.ok("updateAccount", {"cardNumber": each.things["card"]}, customRequestId="the-same")


def test_all_books_add_up(acme: World, charlies: dict[str, World]) -> None:
    for each in (acme, *charlies.values()):
        each.shop.assert_books_add_up()
