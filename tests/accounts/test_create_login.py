"""`manage.py create_login`."""

import getpass
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from tests.portal.acme import PASSWORD, Acme, make_acme


@pytest.fixture
def acme() -> Acme:
    return make_acme()


def create(acme: Acme, **options: Any) -> tuple[User | None, str]:
    out, name = StringIO(), f"alice-{uuid4().hex[:8]}"
    email = f"{name}@staff.example.com"
    usual = {"brand": acme.brand.code, "username": name, "email": email, "role": ["administrator"]}
    call_command("create_login", stdout=out, **(usual | options))
    return User.objects.filter(username=name).first(), out.getvalue()


def test_a_password_is_made_and_shown_once(acme: Acme) -> None:
    user, said = create(acme)

    password = said.split("Password: ")[1].split()[0]
    assert user and user.check_password(password)
    assert len(password) >= 16
    assert [each.role for each in user.role_assignments.all()] == ["administrator"]


def test_a_password_can_be_typed_and_is_not_shown(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: PASSWORD)
    user, said = create(acme, ask=True)

    assert user and user.check_password(PASSWORD)
    assert PASSWORD not in said


def test_two_different_passwords_are_refused(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: prompt)
    with pytest.raises(CommandError, match="not the same"):
        create(acme, ask=True)


def test_a_login_can_be_restricted(acme: Acme) -> None:
    by_group, _ = create(acme, role=["clerk"], location_group="east")
    by_location, _ = create(acme, role=["clerk"], location="harbour")

    assert by_group and by_location
    assert (by_group.group, by_location.location) == (acme.east, acme.harbour)


@pytest.mark.parametrize(
    "wrong", [{"brand": "nobody"}, {"role": ["king"]}, {"location": "moon"}, {"location_group": "moon"}, {"email": "x"}]
)
def test_what_is_wrong_is_said(acme: Acme, wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        create(acme, **wrong)
    assert not User.objects.filter(brand=acme.brand).exists()
