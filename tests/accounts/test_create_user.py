"""Portal logins."""

import pytest
from allauth.account.models import EmailAddress

from apps.accounts.models import User
from apps.accounts.operations.create_user import create_user
from apps.accounts.queries.user_permissions import user_permissions
from apps.accounts.queries.visible_locations import visible_locations
from apps.kernel.errors import InvalidInput
from tests.portal.acme import NOON, PASSWORD, Acme, make_acme


@pytest.fixture
def acme() -> Acme:
    return make_acme()


def create(acme: Acme, **facts: object) -> User:
    usual = {"username": f"alice-{acme.brand.code}", "email": f"alice@{acme.brand.code}.example", "password": PASSWORD}
    return create_user(**({"brand": acme.brand, "roles": ["support"], "now": NOON} | usual | facts))


def test_password_is_kept_as_argon2(acme: Acme) -> None:
    user = create(acme)
    assert user.password.startswith("argon2")
    assert user.check_password(PASSWORD)


def test_address_is_verified_and_in_small_letters(acme: Acme) -> None:
    user = create(acme, email=f"ALICE@{acme.brand.code}.example")
    assert EmailAddress.objects.get(user=user).email == f"alice@{acme.brand.code}.example"


@pytest.mark.parametrize(
    "facts",
    [
        {"roles": ["king"]},
        {"password": "short"},
        {"email": "no address"},
        {"email": ""},
        {"username": ""},
        {"username": "a b"},
    ],
)
def test_impossible_login_is_refused(acme: Acme, facts: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        create(acme, **facts)
    assert not User.objects.filter(brand=acme.brand).exists()


def test_name_is_unique_whatever_its_case(acme: Acme) -> None:
    user = create(acme)
    with pytest.raises(InvalidInput, match="of this name"):
        create(acme, username=user.username.upper(), email="other@example.com")


def test_address_is_unique(acme: Acme) -> None:
    create(acme)
    with pytest.raises(InvalidInput, match="e-mail address"):
        create(acme, username=f"bob-{acme.brand.code}")
    assert User.objects.filter(brand=acme.brand).count() == 1


def test_restriction_is_of_the_brand(acme: Acme) -> None:
    with pytest.raises(InvalidInput, match="of its brand"):
        create(acme, group=make_acme().east)


def test_restriction_is_one(acme: Acme) -> None:
    with pytest.raises(InvalidInput, match="not to both"):
        create(acme, group=acme.east, location=acme.downtown)


def test_visible_locations_follow_the_restriction(acme: Acme) -> None:
    assert visible_locations(user=acme.login("a", "clerk")) is None
    assert visible_locations(user=acme.login("b", "clerk", location=acme.harbour)) == {acme.harbour.pk}
    assert visible_locations(user=acme.login("c", "clerk", group=acme.east)) == {acme.downtown.pk, acme.uptown.pk}


def test_inactive_user_may_nothing(acme: Acme) -> None:
    user = acme.login("bob", "administrator")
    assert user_permissions(user=user)
    user.is_active = False
    assert user_permissions(user=user) == frozenset()
