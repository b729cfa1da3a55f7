"""Roles and what they allow."""

import pytest

from apps.accounts.core.permissions import BUNDLES, Permission, permissions_of_roles
from apps.accounts.models import Role


def test_every_role_has_a_bundle() -> None:
    assert set(BUNDLES) == set(Role.values)


def test_administrator_may_everything() -> None:
    assert BUNDLES["administrator"] == set(Permission)


def test_roles_add_up() -> None:
    assert permissions_of_roles(["analyst", "clerk"]) == BUNDLES["analyst"] | BUNDLES["clerk"]


@pytest.mark.parametrize("roles", [[], ["nonsense"]])
def test_no_role_allows_nothing(roles: list[str]) -> None:
    assert permissions_of_roles(roles) == frozenset()


@pytest.mark.parametrize("permission", [Permission.PERSONAL_DATA, Permission.USERS, Permission.DEVELOPER_TOOLS])
def test_only_administrators_have_the_sharp_rights(permission: Permission) -> None:
    assert [role for role, bundle in BUNDLES.items() if permission in bundle] == ["administrator"]
