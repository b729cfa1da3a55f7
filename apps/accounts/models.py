"""Who may use the portal."""

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from apps.brands.models import Brand, Location, LocationGroup


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    """A portal login. It belongs to one brand and can be restricted to one location group or one location."""

    brand = models.ForeignKey(Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    group = models.ForeignKey(LocationGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_user_one_restriction", condition=Q(group__isnull=True) | Q(location__isnull=True)
            ),
            models.CheckConstraint(
                name="accounts_user_superuser_is_unrestricted",
                condition=Q(is_superuser=False) | Q(group__isnull=True, location__isnull=True),
            ),
        ]


class Role(models.TextChoices):
    """Bundles of permissions; which ones stands in `accounts.core.permissions`."""

    ADMINISTRATOR = "administrator", "Administrator"
    MARKETER = "marketer", "Marketer"
    ANALYST = "analyst", "Analyst"
    SUPPORT = "support", "Support"
    ACCOUNTANT = "accountant", "Accountant"
    LOCATION_MANAGER = "location_manager", "Location manager"
    CLERK = "clerk", "Clerk"


@pghistory.track()
class RoleAssignment(models.Model):
    """One role of one user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.TextField(choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(name="accounts_roleassignment_once", fields=["user", "role"])]
