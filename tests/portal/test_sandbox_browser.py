"""The sandbox and the API guide in a real browser."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.merchant_api.guide.chapters import CHAPTERS
from apps.merchant_api.table import METHODS
from tests.portal.browser import OpenPage, in_a_browser, overflowing, violations
from tests.portal.story import member
from tests.shop import Shop, open_shop

pytestmark = in_a_browser
GUIDE = [f"/api/guide/{chapter.name}/" for chapter in CHAPTERS]
METHOD_PAGES = ["/api/guide/methods/", "/api/guide/methods/checkout/", "/api/guide/methods/search/"]


@dataclass(frozen=True, slots=True)
class Desk:
    """A developer's: a shop, and a login with the right to the sandbox."""

    shop: Shop
    user: User


@pytest.fixture(scope="module")
def desk() -> Desk:
    shop = open_shop("acme")
    return Desk(shop, member(shop, "administrator"))


@pytest.fixture
def open_sandbox(open_page: OpenPage, desk: Desk) -> OpenPage:
    """The sandbox with a method chosen, and with key and secret filled in."""

    def opened(method: str, **more: object) -> Page:
        page = open_page(f"/documentation/sandbox/#{method}", user=desk.user, **more)
        expect(page.get_by_label("Method", exact=True)).to_have_value(method)
        page.get_by_label("API key").fill(desk.shop.key)
        page.get_by_label("Secret").fill(desk.shop.secret)
        page.get_by_label("Location").fill(desk.shop.location.code)
        page.get_by_label("Terminal").fill(desk.shop.terminal.code)
        return page

    return opened


def body(page: Page) -> str:
    return page.get_by_label("Request body").input_value()


def test_a_call_is_made_by_keyboard_and_leads_to_its_request(open_sandbox: OpenPage, desk: Desk) -> None:
    card = desk.shop.card()
    page = open_sandbox("updateBalance")
    page.get_by_label("cardNumber string required", exact=True).fill(card)
    page.get_by_label("Request body").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("200")
    expect(page.get_by_role("region", name="Body of the answer")).to_contain_text('"amount": 25.00')
    page.get_by_text("Headers", exact=True).click()
    expect(page.locator("#sandbox-answer-head")).to_contain_text("content-type: application/json")
    assert desk.shop.free(card) == Decimal("25.00")
    page.get_by_role("link", name="Open the request").click()
    expect(page.get_by_role("heading", name="updateBalance")).to_be_visible()


def test_a_refusal_is_shown_with_its_code(open_sandbox: OpenPage) -> None:
    page = open_sandbox("reactivate")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("400")
    expect(page.get_by_role("region", name="Body of the answer")).to_contain_text('"errorCode": 2')


def test_a_wrong_secret_leads_to_no_request(open_sandbox: OpenPage) -> None:
    page = open_sandbox("search")
    page.get_by_label("Secret").fill("wrong")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("401")
    expect(page.get_by_role("link", name="Open the request")).to_be_hidden()


def test_fields_write_the_body(open_sandbox: OpenPage) -> None:
    page = open_sandbox("checkout")
    page.get_by_role("button", name="Add to products").click()
    expect(page.get_by_role("group", name="products 2").get_by_label("sku")).to_be_focused()
    page.keyboard.type("TEA")
    page.get_by_role("group", name="products 1").get_by_role("button", name="Remove").click()
    page.get_by_text("more fields").first.click()
    page.get_by_label("coupons list of strings").fill("A-1\nA-2")
    page.get_by_label("isSetup boolean").check()
    assert '"products": [\n    {\n      "sku": "TEA"\n    }\n  ]' in body(page)
    assert '"coupons": [\n    "A-1",\n    "A-2"\n  ]' in body(page)
    assert '"isSetup": true' in body(page)


def test_the_body_writes_the_fields_and_a_broken_one_is_told(open_sandbox: OpenPage) -> None:
    page = open_sandbox("updateBalance")
    page.get_by_label("Request body").fill('{"action": "hold", "cardNumber": "77", "mine": 1}')
    expect(page.get_by_label("action string required")).to_have_value("hold")
    page.get_by_label("cardNumber string required", exact=True).fill("78")
    assert '"cardNumber": "78"' in body(page)
    assert '"mine": 1' in body(page)
    page.get_by_label("Request body").fill("{")
    expect(page.locator("#sandbox-problem")).to_contain_text("wait until this is JSON")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Body of the answer")).to_contain_text('"errorCode": 6')


def test_the_same_call_as_a_command_holds_no_secret(open_sandbox: OpenPage, desk: Desk) -> None:
    page = open_sandbox("search")
    page.get_by_text("More headers").click()
    page.get_by_label("note").fill("it's me")
    page.get_by_text("The same call with curl").click()
    command = page.get_by_role("region", name="curl command")
    expect(command).to_contain_text("-u KEY:SECRET")
    expect(command).to_contain_text("-H 'note: it'\\''s me'")
    assert desk.shop.secret not in command.inner_text()


def test_optional_headers_go_along(open_sandbox: OpenPage, desk: Desk) -> None:
    page = open_sandbox("search")
    page.get_by_text("More headers").click()
    page.get_by_label("externalTransactionId").fill("Bestellung-ä")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("200")
    assert len(desk.shop.ok("listRequests", {"externalTransactionId": "Bestellung-ä"})["requestRefs"]) == 1


def test_there_is_a_form_for_every_method(open_sandbox: OpenPage) -> None:
    page = open_sandbox("search")
    for name in METHODS:
        page.get_by_label("Method", exact=True).select_option(name)
        expect(page.locator("#sandbox-summary")).not_to_be_empty()
        expect(page.locator("#sandbox-fields > *").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("method", ["search", "checkout"])
def test_sandbox_is_clean(open_sandbox: OpenPage, method: str, width: int, theme: str) -> None:
    page = open_sandbox(method, width=width, theme=theme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("region", name="Body of the answer")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert overflowing(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", [*GUIDE, *METHOD_PAGES])
def test_guide_is_clean_also_for_strangers(open_page: OpenPage, path: str, theme: str) -> None:
    page = open_page(path, width=360, theme=theme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert overflowing(page) == []


def test_one_language_is_chosen_for_all_examples_and_kept(open_page: OpenPage) -> None:
    page = open_page("/api/guide/balances/")
    expect(page.get_by_text("new_card").first).to_be_visible()
    page.get_by_role("radio", name="curl").first.focus()
    page.keyboard.press("ArrowRight")
    for radio in page.get_by_role("radio", name="Python").all():
        expect(radio).to_be_checked()
    page.goto("/api/guide/coupons/")
    expect(page.get_by_role("radio", name="Python")).to_be_checked()
    expect(page.get_by_text("from clutch import")).to_be_visible()


def test_a_method_of_the_guide_leads_to_its_form(open_page: OpenPage, desk: Desk) -> None:
    page = open_page("/api/guide/methods/transfer/", user=desk.user)
    page.get_by_role("link", name="Try it in the sandbox").click()
    expect(page.get_by_label("Method", exact=True)).to_have_value("transfer")
