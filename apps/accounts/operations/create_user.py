"""Create a portal login."""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.models import Role, RoleAssignment, User
from apps.brands.models import Brand, Location, LocationGroup
from apps.brands.operations.insert_row import insert_row
from apps.kernel.errors import InvalidInput


class InvalidUser(InvalidInput):
    """A login that cannot be made like this."""


def create_user(
    *,
    brand: Brand,
    username: str,
    email: str,
    password: str,
    roles: Sequence[str],
    now: datetime,
    group: LocationGroup | None = None,
    location: Location | None = None,
) -> User:
    """Insert the user, the address it may log in with, and its roles.

    `group` or `location` restricts the login to what happened there. Names and addresses are unique, case aside.
    """
    email = email.strip().lower()
    user = User(brand=brand, username=username, email=email, group=group, location=location, date_joined=now)
    _check_restriction(brand, group, location)
    _check_roles(roles)
    _check_fields(user, password)
    user.set_password(password)
    with transaction.atomic():
        insert_row(row=user, duplicate="There is a login of this name already.")
        address = EmailAddress(user=user, email=email, verified=True, primary=True)
        insert_row(row=address, duplicate="There is a login with this e-mail address already.")
        RoleAssignment.objects.bulk_create(RoleAssignment(user=user, role=role) for role in sorted(set(roles)))
    return user


def _check_restriction(brand: Brand, group: LocationGroup | None, location: Location | None) -> None:
    if group is not None and location is not None:
        raise InvalidUser("A login is restricted to a location group or to a location, not to both.")
    if any(place is not None and place.brand_id != brand.pk for place in (group, location)):
        raise InvalidUser("A login can only be restricted to places of its brand.")


def _check_roles(roles: Sequence[str]) -> None:
    if unknown := set(roles) - set(Role.values):
        raise InvalidUser(f"There is no role {', '.join(sorted(unknown))}.")


def _check_fields(user: User, password: str) -> None:
    if not user.email:
        raise InvalidUser("A login needs an e-mail address.")
    try:
        user.clean_fields(exclude=["password", "brand", "group", "location"])
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidUser(" ".join(error.messages)) from error
    if User.objects.filter(username__iexact=user.username).exists():
        raise InvalidUser("There is a login of this name already.")
