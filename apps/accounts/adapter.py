"""How allauth is bent to a closed portal."""

import base64
import secrets
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import InvalidToken
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from apps.kernel.sealing import cipher

log = structlog.get_logger(__name__)


class ClosedPortal(DefaultAccountAdapter):  # type: ignore[misc]
    """Logins are made by administrators; nobody signs up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def get_client_ip(self, request: Any) -> str:
        """The address whose failed logins are counted together; all whose address nobody tells are one."""
        try:
            return str(super().get_client_ip(request))
        except (PermissionDenied, ImproperlyConfigured):
            return request.META.get("REMOTE_ADDR") or "unknown"


class EncryptedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are stored encrypted, under the installation's key for secrets at rest."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; if no key opens it, one that nobody knows, so that every code is wrong."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("second factor cannot be read: none of PIN_KEYS opens it")
            return base64.b32encode(secrets.token_bytes(20)).decode()
