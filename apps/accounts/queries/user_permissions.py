"""What one login may do."""

from django.db.models import prefetch_related_objects

from apps.accounts.core.permissions import Permission, permissions_of_roles
from apps.accounts.models import User


def user_permissions(*, user: User) -> frozenset[Permission]:
    """The permissions of all the user's roles. Read once per user object, which lives as long as a request."""
    if not user.is_active or user.brand is None or not user.brand.is_active:
        return frozenset()
    prefetch_related_objects([user], "role_assignments")
    return permissions_of_roles(assignment.role for assignment in user.role_assignments.all())
