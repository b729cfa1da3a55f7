"""Fixtures of the pages: brand Acme, its people, and a logged-in client."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from apps.accounts.models import User
from tests.portal.acme import Acme, OpenAs, make_acme

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
