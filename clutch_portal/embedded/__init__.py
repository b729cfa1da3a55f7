"""PostgreSQL and Redis of this checkout's own, used where DATABASE_URL or REDIS_URL is unset.

    database_url(), redis_url(), broker_url()   where the servers listen; nothing is started
    keys()                                      the installation keys of var/keys
    servers()                                   keeps the servers running while the block runs
    test_servers()                              a pair of servers for one test run, thrown away afterwards

Nothing outside this package knows how the servers are found, started or stopped.
"""

from clutch_portal.embedded.errors import EmbeddedError
from clutch_portal.embedded.keyfile import keys, new_keys
from clutch_portal.embedded.postgres import Postgres, programs
from clutch_portal.embedded.redis import Redis
from clutch_portal.embedded.sharing import Servers, broker_url, database_url, redis_url, servers
from clutch_portal.embedded.testing import ThrowawayServers, test_servers

__all__ = [
    "EmbeddedError",
    "Postgres",
    "Redis",
    "Servers",
    "ThrowawayServers",
    "broker_url",
    "database_url",
    "keys",
    "new_keys",
    "programs",
    "redis_url",
    "servers",
    "test_servers",
]
