"""Everything that measures share: a PostgreSQL and a Redis of their own, set up as `make run` does (commits are
durable), databases with many cards, and web servers in front of them."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.brand import Till, open_brand
from bench.cards import load_cards
from bench.web import Web, web_server
from clutch_portal.embedded import ThrowawayServers, test_servers

SMALL = 10_000


class Stage:
    """One set of servers for one run of measures."""

    def __init__(self, servers: ThrowawayServers, *, quick: bool) -> None:
        self.servers = servers
        self.quick = quick
        self.till: Till = self._prepare()
        self._made: set[int] = set()

    @property
    def rounds(self) -> int:
        """How often each side of a ratio is measured."""
        return 3 if self.quick else 5

    @property
    def seconds(self) -> float:
        """How long each side of a ratio is measured each time."""
        return 3.0 if self.quick else 5.0

    @property
    def large(self) -> int:
        """How many cards the large database has."""
        return 200_000 if self.quick else 1_000_000

    def database(self, cards: int = SMALL) -> str:
        """The URL of a database with so many cards; made when it is first asked for."""
        url = self._url(f"bench_{cards}")
        if cards not in self._made:
            begin = time.monotonic()
            with psycopg.connect(self._url("postgres"), autocommit=True) as server:
                server.execute(f"CREATE DATABASE bench_{cards} TEMPLATE clutch")
            with psycopg.connect(url, autocommit=True) as connection:
                load_cards(connection, self.till, cards)
            self._made.add(cards)
            print(f"    ({cards:,} cards loaded in {time.monotonic() - begin:.0f} s)", flush=True)
        return url

    @contextlib.contextmanager
    def web(self, cards: int = SMALL, *, application: str | None = None, **environment: str) -> Iterator[Web]:
        """The web server in front of a database with so many cards."""
        variables = {"DATABASE_URL": self.database(cards), **environment}
        log = self.servers.folder / f"web-{time.monotonic_ns()}.log"
        with web_server(variables, log, application=application) as web:
            yield web

    def use(self, cards: int = SMALL) -> None:
        """Let Django in this process work on the database with so many cards."""
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = urlsplit(self.database(cards)).path[1:]

    def _prepare(self) -> Till:
        os.environ.update(self.servers.environment(), DJANGO_SETTINGS_MODULE="clutch_portal.settings")
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", interactive=False, verbosity=0)
        till = open_brand()
        connection.close()
        return till

    def _url(self, database: str) -> str:
        parts = urlsplit(self.servers.environment()["DATABASE_URL"])
        return urlunsplit(parts._replace(path=f"/{database}"))


@contextlib.contextmanager
def open_stage(*, quick: bool, root: Path | None = None) -> Iterator[Stage]:
    """Start the servers; everything is removed afterwards."""
    with test_servers(root, fsync=True) as servers:
        yield Stage(servers, quick=quick)
