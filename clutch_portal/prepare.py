"""What `make run` does before it serves: migrate, collect static files, make the demo brand. Quick when all is done.

Run as `python -m clutch_portal.prepare` with the servers up.
"""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.transactions.demo import ENVIRONMENTS
from clutch_portal.embedded.errors import say
from clutch_portal.embedded.locks import locked
from clutch_portal.embedded.places import Places


def main() -> None:
    """Bring database and static files up to date, one process at a time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clutch_portal.settings")
    os.environ.setdefault("DATABASE_TIMEOUTS", "false")
    where = Places()
    where.prepare()
    with locked(where.var / "prepare.lock"):
        django.setup()
        migrate()
        collect_static()
        if is_demo_wanted():
            make_demo()


def migrate() -> None:
    """Apply migrations that are missing; asking costs a fraction of running the command."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Migrating the database ({len(plan)} steps)")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect static files when one of them or the way they are stored has changed since the last time."""
    collected = Path(settings.STATIC_ROOT)
    note = collected.with_name(f"{collected.name}.collected")
    now = _static_fingerprint()
    if collected.exists() and note.exists() and note.read_text() == now:
        return
    say("Collecting static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    note.write_text(now)


def _static_fingerprint() -> str:
    storage = str(settings.STORAGES["staticfiles"])
    seen = hashlib.sha256(f"{storage} {django.get_version()}".encode())
    for finder in get_finders():
        for path, source in sorted(finder.list([]), key=lambda found: found[0]):
            file = Path(source.path(path))
            seen.update(f"{path} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return seen.hexdigest()


def is_demo_wanted() -> bool:
    """Whether there is no brand at all, or a demo brand whose secrets were never told in var/demo.json.

    A database that was given by DATABASE_URL and holds a brand is left alone: its demo.json may lie elsewhere.
    """
    from apps.brands.models import Brand  # models can be imported only now that Django is set up
    from apps.transactions.demo.access import is_begun

    if not Brand.objects.exists():
        return True
    return settings.EMBEDDED and not (settings.VAR_DIR / "demo.json").exists() and is_begun()


def make_demo() -> None:
    """Make the demo brand, or go on where that was cut short; never in production."""
    if settings.ENVIRONMENT not in ENVIRONMENTS:
        say(f"ENVIRONMENT={settings.ENVIRONMENT}: no demo brand is made. `manage.py create_brand` makes a real one.")
        return
    say("Making the demo brand")
    call_command("seed_demo")


if __name__ == "__main__":
    main()
