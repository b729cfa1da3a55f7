"""The product on a port of this process, for browsers and other programs that are no Django client."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.test import override_settings
from pytest_django.live_server_helper import LiveServer


@contextmanager
def live_server() -> Iterator[str]:
    """The address of a running server, which the documents name too.

    pytest-django's own fixture would flush the tables, which their triggers refuse. The server is that of the standard
    library, which asserts that no application says `Connection: close`; the product's server lets it through.
    """
    running = LiveServer("127.0.0.1")
    try:
        with override_settings(PUBLIC_URL=running.url), patch("wsgiref.handlers.is_hop_by_hop", return_value=False):
            yield running.url
    finally:
        running.stop()
