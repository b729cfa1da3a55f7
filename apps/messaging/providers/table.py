"""The table of providers: which kinds there are on which channel, and what a sender of each must have."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from apps.messaging.core.kinds import Channel
from apps.messaging.providers import anymail, console, file, http
from apps.messaging.providers.interface import Provider

_ALL = frozenset(Channel)
_MAIL = frozenset({Channel.EMAIL})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of provider. Required and optional names of settings and secrets, all of them texts but `port`."""

    send: Provider
    channels: frozenset[Channel] = _ALL
    settings: tuple[str, ...] = ()
    more_settings: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    more_secrets: tuple[str, ...] = ()
    needs_from: bool = False


PROVIDERS: Mapping[str, Kind] = MappingProxyType(
    {
        "console": Kind(console.send),
        "file": Kind(file.send),
        "smtp": Kind(
            anymail.send_by_smtp,
            _MAIL,
            settings=("host",),
            more_settings=("port", "security", "username"),
            more_secrets=("password",),
            needs_from=True,
        ),
        "anymail": Kind(
            anymail.send_by_service,
            _MAIL,
            settings=("service",),
            more_settings=("sender_domain",),
            more_secrets=("api_key", "api_token", "secret_key", "server_token"),
            needs_from=True,
        ),
        "http": Kind(
            http.send,
            _ALL - _MAIL,
            more_settings=("url",),
            secrets=("signing_key",),
            more_secrets=("authorization",),
        ),
    }
)


def problems_of(
    channel: Channel, kind: str, *, from_address: str, settings: Mapping[str, Any], secrets: Mapping[str, str]
) -> list[str]:
    """What is wrong with a sender, in words; empty if nothing is."""
    provider = PROVIDERS.get(kind)
    if provider is None or channel not in provider.channels:
        return [f"There is no provider {kind} for {channel.value}."]
    wrong = [f"{name} is missing." for name in provider.settings if not settings.get(name)]
    wrong += [f"The secret {name} is missing." for name in provider.secrets if not secrets.get(name)]
    unknown = set(settings) - {*provider.settings, *provider.more_settings}
    unknown |= set(secrets) - {*provider.secrets, *provider.more_secrets}
    wrong += [f"{kind} knows no {name}." for name in sorted(unknown)]
    if provider.needs_from and "@" not in from_address:
        wrong.append("The address of the sender is missing.")
    if kind == "http" and channel != Channel.WEBHOOK and not settings.get("url"):
        wrong.append("url is missing.")
    if settings.get("security", "starttls") not in ("starttls", "tls", "none"):
        wrong.append("security is starttls, tls or none.")
    if not str(settings.get("port", 1)).isdigit():
        wrong.append("port is a number.")
    return wrong + (_problems_of_service(settings, secrets) if kind == "anymail" else [])


def _problems_of_service(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> list[str]:
    service = str(settings.get("service"))
    if service not in anymail.SERVICES:
        return [f"service is one of {', '.join(anymail.SERVICES)}."]
    needed = anymail.SERVICES[service]
    return [f"{service} needs {name}." for name in needed if not (secrets.get(name) or settings.get(name))]
