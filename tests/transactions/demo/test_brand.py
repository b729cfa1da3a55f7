"""The demo brand's file and the diary speak of the same brand."""

from apps.campaigns.core.kinds import Trigger
from apps.transactions.brand_file.entries import checked_entries
from apps.transactions.brand_file.text import Source
from apps.transactions.demo.brand import demo_file
from apps.transactions.demo.places import CARD_SETS, GROUPS, PLACES, PRODUCTS, TIMEZONE

DOCUMENT = Source(demo_file()).read()


def test_the_places_are_those_of_the_diary() -> None:
    assert {each.code: each.name for each in DOCUMENT.groups} == {code: name for code, (name, _) in GROUPS.items()}
    found = {each.code: (each.name, tuple(terminal.code for terminal in each.terminals)) for each in DOCUMENT.locations}
    assert found == {place.code: (place.name, place.terminals) for place in PLACES}
    assert {each.code for program in DOCUMENT.programs for each in program.card_sets} == set(CARD_SETS.values())
    assert DOCUMENT.brand.timezone == TIMEZONE


def test_the_products_are_those_of_the_diary_but_for_two() -> None:
    sold = {product.sku: (product.price, product.cost) for product in PRODUCTS}
    filed = {product.sku: (product.price, product.cost) for product in DOCUMENT.products}
    assert filed.items() <= sold.items()
    assert set(sold) - set(filed) == {"MUG-STONEWARE", "HAMPER-BREAKFAST"}


def test_campaigns_of_many_kinds_are_live() -> None:
    live = [each.published.says for each in DOCUMENT.campaigns if each.published is not None]
    assert len(live) >= 8
    triggers = {rule.trigger for campaign in live for rule in campaign.rules}
    assert {Trigger.CHECKOUT, Trigger.ENROLMENT, Trigger.DATE, Trigger.EVENT} <= triggers
    assert {Trigger.CUSTOM, Trigger.MESSAGE, Trigger.SINGLE_RULE, Trigger.REFERRAL_PERIOD} <= triggers
    assert any(campaign.budgets for campaign in live)
    assert checked_entries(DOCUMENT)
