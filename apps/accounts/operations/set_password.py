"""Give a portal login another password."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.accounts.operations.create_user import InvalidUser


def set_password(*, user: User, password: str) -> None:
    """Store the password; every session of the user ends with it. Refuses passwords that are too easy."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidUser(" ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])
