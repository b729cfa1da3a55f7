"""How allauth is bent to a closed portal."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Logins are made by administrators; nobody signs up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False


class EncryptedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are stored encrypted, under the installation's key for secrets at rest."""

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.PIN_KEYS])
