"""How allauth is bent to a closed portal."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Logins are made by administrators; nobody signs up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
