"""Permissions of pages as django-rules predicates: `user.has_perm("portal.view_requests")` in views and templates."""

from rules.permissions import add_perm
from rules.predicates import Predicate

from apps.accounts.core.permissions import Permission
from apps.accounts.models import User
from apps.accounts.queries.user_permissions import user_permissions


def allows(*wanted: Permission) -> Predicate:
    """A predicate: the user has at least one of the permissions."""

    def allowed(user: User) -> bool:
        return not user_permissions(user=user).isdisjoint(wanted)

    return Predicate(allowed, name=" or ".join(wanted))


def is_unrestricted(user: User) -> bool:
    """The login sees the whole brand, so that what it makes may reach every location."""
    return user.group_id is None and user.location_id is None


unrestricted = Predicate(is_unrestricted)
PERMISSIONS = {
    "portal.view_requests": allows(Permission.SERVICE_VIEW, Permission.ACCOUNTING, Permission.DEVELOPER_TOOLS),
    "portal.act_on_cards": allows(Permission.SERVICE_ACT),
    "portal.see_personal_data": allows(Permission.PERSONAL_DATA),
    "portal.view_messages": allows(Permission.SERVICE_VIEW, Permission.COMMUNICATIONS),
    "portal.view_campaigns": allows(Permission.CAMPAIGNS_VIEW),
    "portal.publish_campaigns": allows(Permission.CAMPAIGNS_PUBLISH) & unrestricted,
    "portal.view_catalog": allows(Permission.CAMPAIGNS_VIEW),
    "portal.view_unknown_skus": allows(Permission.CAMPAIGNS_VIEW) & unrestricted,
    "portal.manage_api_credentials": allows(Permission.DEVELOPER_TOOLS) & unrestricted,
    "portal.use_sandbox": allows(Permission.DEVELOPER_TOOLS),
}
for permission, predicate in PERMISSIONS.items():
    add_perm(permission, predicate)  # type: ignore[no-untyped-call]
