"""Fixtures for all tests. The cast: Alice, a clerk, and Bob, a manager, of Acme; Charlie of another brand.

Nothing is rolled back or flushed: the triggers that keep the ledger append-only stay on. A test makes its own brand.
"""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.shop import Shop, open_shop


@pytest.fixture(scope="session", autouse=True)
def database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The worker's database, open to every test."""
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with django_db_blocker.unblock(), override_settings(STORAGES=plain):  # type: ignore[attr-defined]
        yield


@pytest.fixture
def acme() -> Iterator[Shop]:
    """A brand with two locations, a gift and a loyalty program, and an API key. Its books are verified afterwards."""
    shop = open_shop("acme")
    yield shop
    shop.assert_books_add_up()


@pytest.fixture
def charlie() -> Shop:
    """Another brand, which must never see anything of Acme's."""
    return open_shop("charlie")


@pytest.fixture
def brand(acme: Shop) -> object:
    """The brand of Acme, for tests that need no more."""
    return acme.brand
