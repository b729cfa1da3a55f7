"""Who logs in. What a login may do is decided by `accounts.rules` alone."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class PasswordLogin(AuthenticationBackend):  # type: ignore[misc]
    """Checks passwords. Permissions are roles: Django's own tables of permissions stay empty and are not read."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
