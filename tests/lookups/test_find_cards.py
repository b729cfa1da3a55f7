"""Every way to find cards finds the same ones, and those that a plain comparison of all cards finds."""

import random
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from apps.cards.core.status import ACTIVE, CardStatus
from apps.cards.models import Card, ChildCard
from apps.customers.core.roles import Role
from apps.customers.models import Customer, DemographicField, FieldValue
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.kernel.db.hot import hot_cursor
from apps.lookups.core.card_filters import CardFilters, CardQuery
from apps.lookups.queries import find_cards as finding
from apps.lookups.queries.card_sources import EVERY_CARD, EVERY_CARD_OF_SETS, KINDS, Shape, condition, ways
from tests.shop import Shop

SEED = 20_260_310
CARDS, QUERIES = 60, 150
FIRST = ("Ann", "anna", "ÁNN", "Bo", "")
LAST = ("Smith", "SMITHSON", "Ünal", "Sm%", "")
EMAIL = ("a@example.com", "A@Example.com", "b@example.com", "")
PHONE = ("+12125550100", "+12125550101", "")
COLOUR = ("Red", "red", "blue", None)
CHILD_NUMBERS = ("001", "002", "003")


@dataclass(frozen=True)
class Person:
    """Somebody, or nobody."""

    first_name: str
    last_name: str
    email: str
    phone: str
    colour: str | None


@dataclass(frozen=True)
class Known:
    """A card as the test made it; children are numbers with people."""

    id: int
    number: str
    custom_number: str | None
    card_set_id: int
    status: int
    person: Person
    children: list[tuple[str, Person]] = field(default_factory=list)


@pytest.fixture
def known(acme: Shop) -> list[Known]:
    """Cards of both sets with all kinds of people, some inactive, some with children."""
    dice = random.Random(SEED)
    colour = create_demographic_field(brand=acme.brand, code="colour", name="Colour", data_type="string")
    return [_make(acme, dice, colour, place) for place in range(CARDS)]


def _make(shop: Shop, dice: random.Random, colour: DemographicField, place: int) -> Known:
    number = shop.card(f"card-{place:02}", card_set=dice.choice((shop.gift_set, shop.loyalty_set)))
    card = Card.objects.get(brand=shop.brand, number=number)
    card.custom_number = dice.choice((None, "mine", f"own-{place}"))
    card.status = dice.choice((CardStatus.ACTIVATED, CardStatus.ACTIVATED, CardStatus.SUSPENDED))
    person = _person(dice)
    card.customer_id = _store(shop, colour, person, Role.PRIMARY, card.pk)
    card.save()
    children = []
    for child in CHILD_NUMBERS[: dice.choice((0, 0, 1, 3))] if card.status == CardStatus.ACTIVATED else ():
        someone = _person(dice)
        shop.ok("allocateChildCard", {"cardNumber": number, "childCardNumber": child})
        customer = _store(shop, colour, someone, Role.CHILD, card.pk)
        ChildCard.objects.filter(brand=shop.brand, family_id=card.family_id, number=child).update(customer_id=customer)
        children.append((child, someone))
    return Known(card.pk, number, card.custom_number, card.card_set_id, int(card.status), person, children)


def _person(dice: random.Random) -> Person:
    return Person(dice.choice(FIRST), dice.choice(LAST), dice.choice(EMAIL), dice.choice(PHONE), dice.choice(COLOUR))


def _store(shop: Shop, colour: DemographicField, person: Person, role: Role, card_id: int) -> int:
    with hot_cursor() as cursor:
        row = cursor.execute("SELECT nextval('customers_customer_id_seq')").fetchone()
    assert row is not None
    values = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "phone")}
    customer = Customer.objects.create(id=row[0], brand=shop.brand, role=int(role), card_id=card_id, **values)
    if person.colour is not None:
        FieldValue.objects.create(
            brand=shop.brand,
            customer_id=customer.pk,
            field_id=colour.pk,
            no=1,
            value=person.colour,
            role=int(role),
            card_id=card_id,
        )
    return customer.pk


def _query(dice: random.Random) -> CardQuery:
    return CardQuery(
        filters=None if dice.random() < 0.2 else _filters(dice, {"card_number": "card-07", "custom_number": "mine"}),
        children=None if dice.random() < 0.6 else _filters(dice, {"card_number": "002"}),
        all_must_match=dice.random() < 0.6,
        offset=dice.choice((0, 0, 3)),
        limit=dice.choice((1, 10, 25)),
    )


def _filters(dice: random.Random, numbers: dict[str, str]) -> CardFilters:
    choices: dict[str, Any] = numbers | {
        "email": "A@EXAMPLE.com",
        "phone": "+12125550100",
        "first_name": dice.choice(("ann", "BO")),
        "last_name": dice.choice(("smith", "Sm%")),
        "first_name_prefix": "AN",
        "last_name_prefix": dice.choice(("sm", "sm%", "ü")),
        "demographics": (("colour", "RED"),),
    }
    return CardFilters(**{name: choices[name] for name in dice.sample(sorted(choices), dice.choice((1, 1, 2, 3)))})


def _expected(known: list[Known], query: CardQuery, sets: list[int] | None) -> list[str]:
    """What the search must find, by comparing card by card."""
    found = [
        card
        for card in sorted(known, key=lambda card: card.id)
        if card.status in {int(status) for status in ACTIVE}
        and (sets is None or card.card_set_id in sets)
        and _fits(query.filters, card.number, card.custom_number, card.person, query.all_must_match)
        and (
            query.children is None
            or any(_fits(query.children, number, None, child, query.all_must_match) for number, child in card.children)
        )
    ]
    return [card.number for card in found[query.offset : query.offset + query.limit]]


def _fits(filters: CardFilters | None, number: str, custom: str | None, person: Person, every: bool) -> bool:
    if filters is None:
        return True
    answers = [(person.colour or "").lower() == text.lower() for _, text in filters.demographics]
    for name, text in filters.finders.items():
        if name == "card_number":
            answers.append(number == text)
        elif name == "custom_number":
            answers.append(custom == text)
        elif name.endswith("_prefix"):
            answers.append(getattr(person, name.removesuffix("_prefix")).lower().startswith(text.lower()))
        else:
            answers.append(getattr(person, name).lower() == text.lower())
    return all(answers) if every else any(answers)


def test_every_way_finds_what_a_plain_comparison_finds(acme: Shop, known: list[Known]) -> None:
    dice, cursor, tried = random.Random(SEED), hot_cursor(), set()
    for _ in range(QUERIES):
        query = _query(dice)
        sets = dice.choice((None, None, [acme.gift_set.pk]))
        expected = _expected(known, query, sets)
        _, found = finding.find_cards(cursor, brand_id=acme.brand.pk, query=query, sets=sets)
        assert [card.number for card in found] == expected, query
        shape = finding._shape(query, in_sets=sets is not None)
        params = finding._params(acme.brand.pk, query, sets) | {"limit": query.limit, "offset": query.offset}
        for way in {*ways(shape), (EVERY_CARD,)}:
            rows = cursor.execute(finding._page_text(shape, way), params).fetchall()
            assert [row[2] for row in rows if row[1] is not None] == expected, (query, way)
            tried.add(way)
    assert len(tried) > 20
    assert (EVERY_CARD_OF_SETS,) in tried


@pytest.mark.parametrize("few", [1, 2, 10_000])
def test_how_many_there_are_changes_the_way_and_not_what_is_found(
    acme: Shop, known: list[Known], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = finding._params
    monkeypatch.setattr(finding, "_params", lambda *args: original(*args) | {"few": few, "few_to_sort": few})
    dice = random.Random(SEED + few)
    for _ in range(QUERIES // 3):
        query = _query(dice)
        _, found = finding.find_cards(hot_cursor(), brand_id=acme.brand.pk, query=query, sets=None)
        assert [card.number for card in found] == _expected(known, query, None), query


def test_children_shown_are_those_that_match(acme: Shop, known: list[Known]) -> None:
    dice, cursor = random.Random(SEED), hot_cursor()
    families = {card.family_id: card.pk for card in Card.objects.filter(brand=acme.brand)}
    by_id = {card.id: card for card in known}
    for _ in range(QUERIES // 3):
        query = replace(_query(dice), children=_filters(dice, {"card_number": "002"}))
        found = finding.find_children(cursor, brand_id=acme.brand.pk, query=query, families=list(families))
        for family, card_id in families.items():
            expected = [
                number
                for number, child in by_id[card_id].children
                if _fits(query.children, number, None, child, query.all_must_match)
            ]
            assert [child.number for child in found.get(family, [])] == expected


def test_every_filter_has_a_source(acme: Shop) -> None:
    names = [each.name for each in fields(CardFilters)][:9]
    for name in names:
        query = CardQuery(filters=CardFilters(**{name: "x"}))
        assert len(ways(finding._shape(query, in_sets=False))) == 1


def test_a_process_remembers_only_so_many_kinds_of_searches() -> None:
    names = [f"demographic_{place}" for place in range(10)]
    for number in range(KINDS + 10):
        filters = tuple(name for place, name in enumerate(names) if number >> place & 1)
        shape = Shape(filters, (), all_must_match=False, in_sets=False, shows_inactive=False)
        for way in ways(shape):
            finding._page_text(shape, way)
    for remembered in (ways, condition, finding._page_text):
        assert remembered.cache_info().currsize <= KINDS
