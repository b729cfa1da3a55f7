"""E-mail: over SMTP, or by one of the services that django-anymail knows. One connection for each message."""

import smtplib
import socket
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from html import unescape
from types import MappingProxyType
from typing import Any

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils.html import strip_tags

from apps.messaging.providers.connect import connect, deadline
from apps.messaging.providers.interface import SECONDS, Account, NotNow, Outgoing, Refused

_TIMEOUT = 10

SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "brevo": ("api_key",),
        "mailersend": ("api_token",),
        "mailgun": ("api_key", "sender_domain"),
        "mailjet": ("api_key", "secret_key"),
        "postmark": ("server_token",),
        "resend": ("api_key",),
        "sendgrid": ("api_key",),
        "sparkpost": ("api_key",),
    }
)
"""Services by the name of their Anymail backend, and what they are told. Addresses of their own cannot be given."""


class _Smtp(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, timeout)


class _SmtpOverTls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(connect(host, port, timeout), server_hostname=host)


class _CheckedBackend(EmailBackend):
    """SMTP to a host that a brand names."""

    @property
    def connection_class(self) -> Any:
        return _SmtpOverTls if self.use_ssl else _Smtp


def send_by_smtp(message: Outgoing, account: Account) -> str:
    """Settings: host, port (587), security (`starttls`, `tls` or `none`), username; secret: password."""
    settings = account.settings
    security = settings.get("security", "starttls")
    backend = _CheckedBackend(
        host=settings["host"],
        port=int(settings.get("port", 587)),
        username=settings.get("username", ""),
        password=account.secrets.get("password", ""),
        use_tls=security == "starttls",
        use_ssl=security == "tls",
        timeout=_TIMEOUT,
    )
    return _sent(lambda: backend, message, account)


def send_by_service(message: Outgoing, account: Account) -> str:
    """Settings: service; what it is told stands in the secrets, or where it is none, in the settings."""
    service = str(account.settings["service"])
    told: dict[str, Any] = {name: account.secrets.get(name) or account.settings.get(name) for name in SERVICES[service]}
    path = f"anymail.backends.{service}.EmailBackend"
    return _sent(lambda: get_connection(path, timeout=_TIMEOUT, **told), message, account)


def _sent(open_connection: Callable[[], BaseEmailBackend], message: Outgoing, account: Account) -> str:
    try:
        mail = _mail(message, account)
        with deadline(SECONDS):
            mail.connection = open_connection()
            if not mail.send():
                raise NotNow("Nothing was sent.")
    except smtplib.SMTPRecipientsRefused as problem:
        code, text = next(iter(problem.recipients.values()))
        raise _by_code(code, text) from problem
    except smtplib.SMTPResponseException as problem:
        raise _by_code(problem.smtp_code, problem.smtp_error) from problem
    except AnymailAPIError as problem:
        status = problem.status_code
        later = status is None or status in (408, 429) or status >= 500
        raise (NotNow if later else Refused)(f"HTTP {status}") from problem
    except (AnymailRecipientsRefused, AnymailError, ValueError) as problem:
        raise Refused(f"{type(problem).__name__}: {problem}") from problem
    except (smtplib.SMTPException, requests.RequestException, OSError) as problem:
        raise NotNow(f"No answer: {type(problem).__name__}.") from problem
    status = getattr(mail, "anymail_status", None)
    return str(getattr(status, "message_id", None) or mail.extra_headers["Message-ID"])


def _by_code(code: int, text: bytes | str) -> Refused | NotNow:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return Refused(f"{code} {words}") if 500 <= code < 600 else NotNow(f"{code} {words}")


def _mail(message: Outgoing, account: Account) -> EmailMultiAlternatives:
    """Text, and HTML beside it. The Message-ID is the same at every attempt: mailboxes can drop the copy."""
    domain = parseaddr(account.from_address)[1].rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        subject=" ".join(message.subject.split()),
        body=_plain(message.body) if message.is_html else message.body,
        from_email=account.from_address,
        to=[message.to],
        headers={"Message-ID": f"<{message.id}@{domain}>"},
    )
    if message.is_html:
        mail.attach_alternative(message.body, "text/html")
    return mail


def _plain(html: str) -> str:
    lines = (line.strip() for line in unescape(strip_tags(html)).splitlines())
    return "\n".join(line for line in lines if line)
