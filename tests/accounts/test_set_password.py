"""A login gets another password."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate

from apps.accounts.models import User
from apps.accounts.operations.create_user import InvalidUser, create_user
from apps.accounts.operations.set_password import set_password
from tests.shop import Shop

OLD, NEW = "a-rather-long-one", "quite-another-one"


@pytest.fixture
def alice(acme: Shop) -> User:
    name = f"alice-{uuid4().hex[:8]}"
    return create_user(
        brand=acme.brand,
        username=name,
        email=f"{name}@staff.example.com",
        password=OLD,
        roles=["clerk"],
        now=datetime.now(UTC),
    )


def test_the_new_password_counts_and_the_old_one_does_not(alice: User) -> None:
    set_password(user=alice, password=NEW)
    assert authenticate(None, username=alice.username, password=OLD) is None
    assert authenticate(None, username=alice.username, password=NEW) == alice


def test_sessions_end(alice: User) -> None:
    before = alice.get_session_auth_hash()
    set_password(user=alice, password=NEW)
    assert User.objects.get(pk=alice.pk).get_session_auth_hash() != before


def test_an_easy_password_is_refused(alice: User) -> None:
    with pytest.raises(InvalidUser):
        set_password(user=alice, password="password")
    assert authenticate(None, username=alice.username, password=OLD) == alice
