"""A process that uses servers until its input is closed: `hold.py shared|throwaway FOLDER`."""

import sys
from pathlib import Path

from clutch_portal import embedded
from clutch_portal.embedded.places import Places


def shared(folder: Path) -> None:
    with embedded.servers(Places(folder)):
        print("up", flush=True)
        sys.stdin.read()


def throwaway(folder: Path) -> None:
    with embedded.test_servers(folder) as pair:
        print(pair.folder, pair.postgres.pid(), pair.redis.pid(), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    {"shared": shared, "throwaway": throwaway}[sys.argv[1]](Path(sys.argv[2]))
