"""A storm of any size, with servers of its own: `python -m tests.journeys.storm --calls 30000 --clients 64`.

    --calls N      wishes to make, retries come on top (3000)
    --clients N    tills at once (32)
    --seed N       another storm (1)
    --threads N    threads of each web worker (4, as `make run` has it)
    --campaigns    on a brand with campaigns, with locking setups, returns and triggers
    --no-sweep     without the sweep beside it

Ends with 1 if the books differ from what the tills were told. Everything stays on this machine, and stops by itself.
"""

import argparse
import os
import sys

import django


def main() -> int:
    """Run one storm and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.storm")
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--campaigns", action="store_true")
    parser.add_argument("--no-sweep", action="store_true")
    wanted = parser.parse_args()

    from clutch_portal.embedded import test_servers

    with test_servers(fsync=True) as servers:
        os.environ.update(servers.environment(), DJANGO_SETTINGS_MODULE="clutch_portal.settings", LOG_LEVEL="WARNING")
        django.setup()
        return _storm(wanted)


def _storm(wanted: argparse.Namespace) -> int:
    from django.core.management import call_command
    from django.db import connections

    from tests.journeys.storm.campaigns import CampaignStorm, campaign_differences
    from tests.journeys.storm.journal import deadlocks, differences
    from tests.journeys.storm.server import folder_for_logs, product
    from tests.journeys.storm.storm import Storm
    from tests.shop import open_shop

    call_command("migrate", interactive=False, verbosity=0)
    shop = open_shop("storm")
    with folder_for_logs() as folder, product({}, folder, threads=wanted.threads) as running:
        kind = CampaignStorm if wanted.campaigns else Storm
        storm = kind(
            shop,
            running.place(shop),
            calls=wanted.calls,
            clients=wanted.clients,
            seed=wanted.seed,
            sweeps=not wanted.no_sweep,
        )
        storm.prepare()
        storm.run()
        print(storm.report())
        found = [*differences(shop, storm.journal), *(["a deadlock"] * deadlocks())]
        if isinstance(storm, CampaignStorm):
            found += campaign_differences(storm)
        for line in found[:50]:
            print(f"  ! {line}")
        print(running.web.log.read_text()[-3000:], end="")
    connections.close_all()
    print(f"differences: {len(found)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
