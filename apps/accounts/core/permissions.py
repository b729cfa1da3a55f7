"""What a portal login may do. Roles are bundles of permissions; a login may have several roles."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One right. A page or an action asks for exactly one of them, or for any of a few."""

    REPORTS = "reports"
    SEGMENTS_VIEW = "segments_view"
    SEGMENTS_EDIT = "segments_edit"
    COMMUNICATIONS = "communications"
    CAMPAIGNS_VIEW = "campaigns_view"
    CAMPAIGNS_EDIT = "campaigns_edit"
    CAMPAIGNS_PUBLISH = "campaigns_publish"
    SERVICE_VIEW = "service_view"
    SERVICE_ACT = "service_act"
    ACCOUNTING = "accounting"
    USERS = "users"
    DEVELOPER_TOOLS = "developer_tools"
    PERSONAL_DATA = "personal_data"


_P = Permission
BUNDLES: Mapping[str, frozenset[Permission]] = {
    "administrator": frozenset(_P),
    "marketer": frozenset(
        {
            _P.REPORTS,
            _P.SEGMENTS_VIEW,
            _P.SEGMENTS_EDIT,
            _P.COMMUNICATIONS,
            _P.CAMPAIGNS_VIEW,
            _P.CAMPAIGNS_EDIT,
            _P.CAMPAIGNS_PUBLISH,
            _P.SERVICE_VIEW,
        }
    ),
    "analyst": frozenset({_P.REPORTS, _P.SEGMENTS_VIEW, _P.CAMPAIGNS_VIEW}),
    "support": frozenset({_P.SERVICE_VIEW, _P.SERVICE_ACT}),
    "accountant": frozenset({_P.REPORTS, _P.ACCOUNTING}),
    "location_manager": frozenset({_P.REPORTS, _P.SERVICE_VIEW, _P.SERVICE_ACT}),
    "clerk": frozenset({_P.SERVICE_VIEW, _P.SERVICE_ACT}),
}
"""Permissions of each role, by the role's stored value."""


def permissions_of_roles(roles: Iterable[str]) -> frozenset[Permission]:
    """All that any of the roles allows; an unknown role allows nothing."""
    return frozenset().union(*(BUNDLES.get(role, frozenset()) for role in roles))
