"""Fixtures of the pages: brand Acme, its people, and a logged-in client."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page, sync_playwright

from apps.accounts.models import User
from tests.live import live_server
from tests.portal.acme import Acme, OpenAs, make_acme
from tests.portal.browser import OpenPage, launch

PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Pages are drawn without collected files."""
    with override_settings(STORAGES=PLAIN_FILES):
        yield


@pytest.fixture
def acme() -> Acme:
    return make_acme()


@pytest.fixture
def charlies() -> Acme:
    """Another brand, which must never show up at Acme's."""
    return make_acme()


@pytest.fixture
def stranger() -> Client:
    """Nobody in particular."""
    return Client()


@pytest.fixture
def open_as() -> OpenAs:
    """A client that is logged in as the user."""

    def opened(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return opened


@pytest.fixture
def alice(acme: Acme, open_as: OpenAs) -> Client:
    """Support: sees every request, but no personal data and no API keys."""
    return open_as(acme.login("alice", "support"))


@pytest.fixture
def bob(acme: Acme, open_as: OpenAs) -> Client:
    """Administrator."""
    return open_as(acme.login("bob", "administrator"))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a running server."""
    with live_server() as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop on this thread, which makes Django refuse the ORM.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        running = launch(playwright)
        yield running
        running.close()
        # For the same reason Django opened a second connection here, which would keep the test database in use.
        connections.close_all()


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[OpenPage]:
    """A page of a user's, or of nobody's; when the test is over, nothing may have been blocked or thrown in it."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str, *, width: int = 1280, theme: str = "light", user: User | None = None) -> Page:
        context = browser.new_context(base_url=server, viewport={"width": width, "height": 800}, color_scheme=theme)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": server}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: "Content Security" in line.text and complaints.append(line.text))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
