"""The pages of campaigns, simulations, messages and explanations in a real browser."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.customers.operations.create_demographic_field import create_demographic_field
from apps.messaging.core.kinds import Reason, State
from apps.messaging.models import Outbox
from tests.campaigns.live import condition, percent, points, publish, result, rule, says
from tests.portal.browser import OpenPage, in_a_browser, overflowing, violations
from tests.portal.story import member
from tests.shop import open_shop
from tests.transactions.test_simulate import drafted

pytestmark = in_a_browser
LONG = "Long" * 20
PAGES = [
    "/campaigns/",
    "/campaigns/{campaign}/",
    "/campaigns/{campaign}/publish/",
    "/campaigns/{campaign}/pause/",
    "/try/?card={card}",
    "/messages/",
    "/messages/?state=sent&card={card}",
    "/requests/{request}/",
    "/requests/{refused}/",
    "/requests/{setup}/",
    "/requests/{complete}/",
]


@dataclass(frozen=True, slots=True)
class Stage:
    """A brand with a long-winded campaign, calls that it moved something in, and messages of it."""

    user: User
    names: dict[str, str]


@pytest.fixture(scope="module")
def stage() -> Stage:
    shop = open_shop("acme")
    inner = condition("every", conditions=[condition("checkout_total", minimum=40), condition("paid_by", minimum=1)])
    either = condition("any_of", name=LONG, conditions=[inner, condition("basket_has", items={"skus": ["S" * 90]})])
    full = {"uuid": uuid4(), "measure": "discount", "cap": "12.5"}
    group = {"name": "best", "picks": "highest"}
    create_demographic_field(brand=shop.brand, code="pet", name="Pet", data_type="string")
    row = publish(
        shop,
        rule(percent(10), says("Hello {{firstName}}, " + LONG), name=f"Ten {LONG}", group=group),
        rule(percent(5), name="Five", group=group),
        rule(points(3), result("set_field", field="pet", value="x"), when=[either], throttles=[{"times": 1}]),
        rule(says("A letter", "email", subject=LONG), name="Letter"),
        budgets=[full],
        conditions=[condition("custom_key", key="door", negated=True)],
        description=LONG,
        name=f"Spring {LONG}",
    )
    drafted(shop, rule(points(1)), campaign=row)
    card = shop.card("L" * 60, card_set=shop.loyalty_set)
    person = {"firstName": "Ada", "email": f"{'a' * 60}@{'b' * 60}.example.org"}
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": person})
    products = [{"sku": "S" * 90, "unitPrice": 50, "amountPurchased": 2}]
    body = {"cardNumber": card, "products": products}
    request, refused = (str(shop.ok("checkout", body)["requestRef"]) for _ in range(2))
    setup = str(shop.ok("checkout", body | {"isSetup": True, "lockSetupDuration": 60})["requestRef"])
    end = {"cardNumber": card, "relatedSetupTransactionId": setup}
    complete = str(shop.ok("checkout", end)["requestRef"])
    ids = Outbox.objects.filter(brand=shop.brand).order_by("id").values_list("id", flat=True)
    Outbox.objects.filter(brand=shop.brand, id=ids[0]).update(state=State.FAILED, reason=Reason.TOO_MANY_ATTEMPTS)
    calls = {"request": request, "refused": refused, "setup": setup, "complete": complete}
    return Stage(member(shop, "administrator"), {"campaign": str(row.uuid), "card": card} | calls)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, stage: Stage, path: str, theme: str) -> None:
    page = open_page(path.format(**stage.names), theme=theme, user=stage.user)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_long_values_stay_in_their_places(open_page: OpenPage, stage: Stage, path: str, width: int) -> None:
    page = open_page(path.format(**stage.names), width=width, user=stage.user)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert overflowing(page) == []


def test_a_rule_opens_by_keyboard(open_page: OpenPage, stage: Stage) -> None:
    page = open_page(f"/requests/{stage.names['request']}/", user=stage.user)
    page.locator(".explained-rule summary").first.focus()
    expect(page.get_by_text("What it did").first).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_text("What it did").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_a_simulation_shows_its_results_in_place(open_page: OpenPage, stage: Stage, width: int, theme: str) -> None:
    page = open_page(f"/try/?card={stage.names['card']}", width=width, theme=theme, user=stage.user)
    page.get_by_label("Products").fill("HAT 2 25")
    page.get_by_role("button", name="Try it").press("Enter")
    expect(page.get_by_role("heading", name="Campaign results")).to_be_visible()
    assert page.get_by_label("Products").input_value() == "HAT 2 25"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert overflowing(page) == []
    assert violations(page) == []
