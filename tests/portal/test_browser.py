"""The pages in a real browser: policy, keyboard, accessibility, narrow screens, both themes."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.catalog.operations.create_category import create_category
from apps.catalog.operations.save_product import ProductFields, save_product
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Void
from tests.portal.acme import PASSWORD, Acme
from tests.portal.browser import OpenPage, in_a_browser, overflowing, violations
from tests.portal.calls import log_call, log_change, make_dollars, post, reference_at
from tests.portal.story import member, tell
from tests.shop import open_shop

pytestmark = in_a_browser


@dataclass(frozen=True, slots=True)
class Store:
    """Whose pages are looked at, and the references of the story's calls."""

    user: User
    told: dict[str, str]


PAGES = [
    "/",
    "/requests/",
    "/requests/?outcome=refused&card=6000",
    "/requests/?card=nothing",
    "/requests/{reference}/",
    "/find/?q=nothing",
    "/find/?q=CHK-9",
    "/admin/api-credentials/",
    "/admin/api-credentials/new/",
    "/nowhere/",
    "/accounts/security/",
    "/accounts/password/change/",
]
STORE_PAGES = [
    "/catalog/products/",
    "/catalog/products/?text=x&category=food&state=inactive",
    "/catalog/products/?tag=none",
    "/catalog/products/?category=none",
    "/catalog/products/unknown/",
    "/catalog/products/unknown/?after=zzz",
    "/find/?q=byron",
    "/find/",
    "/requests/",
    "/requests/{child_issue}/",
    "/requests/{in}/",
    "/requests/{subscription}/",
]
"""Pages of the store: as `PAGES`, with all that is long in them."""


@pytest.fixture
def bob(acme: Acme) -> User:
    return acme.login("bob", "administrator")


@pytest.fixture
def open_page(open_page: OpenPage, bob: User) -> OpenPage:
    """A page of Bob's, unless another user is named."""

    def opened(path: str, *, user: User | None = None, **more: object) -> Page:
        return open_page(path, user=user or bob, **more)

    return opened


@pytest.fixture
def reference(acme: Acme) -> str:
    """A voided call that moved dollars, among a few others."""
    wallet, dollars = make_dollars(acme)
    at = timezone.now()
    log_call(
        acme, at=at - timedelta(seconds=1), error_code=10, http_status=400, card_number="6000", external_id="CHK-2"
    )
    wanted = log_call(acme, at=at, card_number="6000123", external_id="CHK-1", address="203.0.113.24")
    log_change(acme, wanted)
    post(acme, wallet, dollars, wanted, [(EntryKind.HOLD, "25.00")], hold=wanted)
    void = log_call(acme, at=at)
    log_change(acme, void)
    Void.objects.create(brand=acme.brand, operation_id=wanted, by_operation_id=void)
    for _ in range(2):
        log_change(acme, reference_at(at), external_id="CHK-9")
    return str(wanted)


@pytest.fixture(scope="module")
def store() -> Store:
    """Products, SKUs that are none, people and calls; some of all that with the longest values there are."""
    shop = open_shop("acme")
    told = tell(shop)
    create_category(brand=shop.brand, code="food", name="Food")
    for sku in ("X" * 100, "milk"):
        fields = ProductFields(
            name=f"Product {sku}", category_code="food", price=Decimal("1234567.89"), tags=[sku[:64], "fresh"]
        )
        save_product(brand=shop.brand, sku=sku, fields=fields)
    save_product(brand=shop.brand, sku="x-old", fields=ProductFields(category_code="food", is_active=False))
    card = shop.card("L" * 60)
    shop.ok("checkout", {"cardNumber": card, "products": [{"sku": "Y" * 100, "unitPrice": 1, "amountPurchased": 9999}]})
    person = {"lastName": "Byron" * 8, "email": f"{'a' * 60}@{'b' * 60}.example.org"}
    phones = {"phone": "+14155550101", "mobilePhone": "+14155550102"}
    shop.ok("updateAccount", {"cardNumber": card, "primaryCustomer": person | phones})
    return Store(member(shop, "administrator"), told)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, reference: str, path: str, theme: str) -> None:
    page = open_page(path.format(reference=reference), theme=theme)
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_narrow_screen_never_scrolls_sideways(open_page: OpenPage, reference: str, path: str) -> None:
    page = open_page(path.format(reference=reference), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", STORE_PAGES)
def test_axe_finds_nothing_in_the_store(open_page: OpenPage, store: Store, path: str, theme: str) -> None:
    page = open_page(path.format(**store.told), theme=theme, user=store.user)
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("path", STORE_PAGES)
def test_long_values_stay_in_their_places(open_page: OpenPage, store: Store, path: str, width: int) -> None:
    page = open_page(path.format(**store.told), width=width, user=store.user)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert overflowing(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_login_works_and_is_clean(browser: Browser, server: str, bob: User, theme: str) -> None:
    with browser.new_context(base_url=server, color_scheme=theme) as context:
        page = context.new_page()
        page.goto("/requests/")
        assert violations(page) == []
        page.get_by_label("Login").fill(bob.username)
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()


def test_slash_searches_and_enter_opens(open_page: OpenPage, reference: str) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    page.keyboard.type(reference)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/requests/{reference}/")
    expect(page.get_by_text("203.0.113.24")).to_be_visible()


def test_first_tab_leads_past_the_navigation(open_page: OpenPage, reference: str) -> None:
    page = open_page("/requests/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_user_menu_opens_and_closes_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    summary = page.locator(".user-menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Security")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Security")).to_be_hidden()
    expect(summary).to_be_focused()


def test_theme_is_kept_over_pages(open_page: OpenPage) -> None:
    page = open_page("/")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Dark or light").click()
    page.goto("/requests/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_filter_swaps_the_table_and_goes_into_the_address(open_page: OpenPage, reference: str) -> None:
    page = open_page("/requests/")
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_label("External ID").fill("CHK-1")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.url.endswith("/requests/?external=CHK-1")
    assert page.evaluate("document.body.dataset.same") == "page"


def test_products_are_filtered_by_keyboard(open_page: OpenPage, store: Store) -> None:
    page = open_page("/catalog/products/", user=store.user)
    page.get_by_label("SKU or name").focus()
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("State").focus()
    page.keyboard.type("Inactive")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("cell", name="x-old")).to_be_visible()
    page.get_by_role("link", name="Remove State: Inactive").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalog/products/?text=x")


def test_tabs_of_the_catalog_work_by_keyboard(open_page: OpenPage, store: Store) -> None:
    page = open_page("/catalog/products/", user=store.user)
    page.get_by_role("navigation", name="Products").get_by_role("link", name="Products").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalog/products/unknown/")
    expect(page.get_by_role("link", name="Unknown SKUs")).to_have_attribute("aria-current", "page")


def test_slash_finds_people_and_their_cards(open_page: OpenPage, store: Store) -> None:
    page = open_page("/", user=store.user)
    page.keyboard.press("/")
    page.keyboard.type("ada byron")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="People found")).to_be_visible()
    expect(page.get_by_label("Find requests and people")).to_have_value("ada byron")
    page.get_by_role("cell").get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()


def test_back_shows_the_list_as_it_was(open_page: OpenPage, reference: str) -> None:
    page = open_page("/requests/")
    page.get_by_label("External ID").fill("CHK-1")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()


def test_filters_work_without_script(browser: Browser, server: str, bob: User, reference: str) -> None:
    client = Client()
    client.force_login(bob)
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
        page = context.new_page()
        page.goto("/requests/")
        page.get_by_label("External ID").fill("CHK-1")
        page.get_by_role("button", name="Filter", exact=True).click()
        expect(page.locator("tbody tr")).to_have_count(1)


def test_secret_is_copied(open_page: OpenPage) -> None:
    page = open_page("/admin/api-credentials/new/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("Name").fill("Web shop")
    page.get_by_role("button", name="Create key").click()
    secret = page.locator("#secret").inner_text()
    assert violations(page) == []
    page.get_by_role("button", name="Copy Secret").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret


def test_navigation_unfolds_on_a_narrow_screen(open_page: OpenPage) -> None:
    page = open_page("/", width=360)
    expect(page.get_by_role("link", name="Requests", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Requests", exact=True).click()
    page.wait_for_url("**/requests/")
