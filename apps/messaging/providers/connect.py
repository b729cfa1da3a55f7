"""Connections to hosts that brands name: never into our own network, and never for longer than allowed.

A name is resolved once, all its addresses are checked, and the connection goes to an address that was checked: what
the name says a moment later does not matter.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings

from apps.messaging.providers.interface import NotNow, Refused

_NAT64 = "64:ff9b::"
_here = threading.local()


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection. Refused if any address of the host is private, local or otherwise not of the internet, unless
    MESSAGES_TO_PRIVATE_ADDRESSES; OSError if none answers."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as problem:
        raise NotNow(f"{host} is not known.") from problem
    if not settings.MESSAGES_TO_PRIVATE_ADDRESSES and not all(_is_public(str(each[4][0])) for each in found):
        raise Refused(f"{host} is not on the internet.")
    refusal = OSError(f"{host} has no address.")
    for family, kind, protocol, _, address in found[:3]:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(timeout)
        try:
            connection.connect(address)
        except OSError as failed:
            connection.close()
            refusal = failed
            continue
        _watch(connection)
        return connection
    raise refusal


def _is_public(text: str) -> bool:
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = _inside(address)
    if isinstance(address, IPv6Address) and address.is_site_local:  # given up, but still private where it is in use
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address leads to, if it does."""
    if str(address).startswith(_NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Within this, connections of this thread are cut after so many seconds in all: time-outs of single reads would let
    a server that drips bytes keep a worker for ever."""
    _here.watched = []
    timer = threading.Timer(seconds, _cut, [_here.watched])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        for each in _here.watched:
            each.close()
        _here.watched = None


def _watch(connection: socket.socket) -> None:
    watched = getattr(_here, "watched", None)
    if watched is not None:
        # TLS takes the socket over; a duplicate can still cut it
        watched.append(connection.dup())


def _cut(watched: list[socket.socket]) -> None:
    for each in list(watched):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
