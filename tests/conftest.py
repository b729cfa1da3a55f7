"""Fixtures for all tests. The cast: Alice, a clerk, and Bob, a manager, of Acme; Charlie of another brand.

Nothing is rolled back or flushed: the triggers that keep the ledger append-only stay on. A test makes its own brand.
"""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker

from tests.shop import Shop, open_shop


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """The worker's own database. pytest-django would make it only for tests that it may roll back."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The worker's database, open to every test."""
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    collected = tmp_path_factory.mktemp("static")
    with django_db_blocker.unblock(), override_settings(STORAGES=plain, STATIC_ROOT=collected):
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
