"""What `make run` does before it serves: migrate, seed the demo brand, collect static files. Quick when all is done.

Run as `python -m clutch_portal.prepare` with the servers up.
"""

import hashlib
import os
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clutch_portal.embedded.errors import say


def main() -> None:
    """Bring database and static files up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clutch_portal.settings")
    django.setup()
    migrate()
    seed()
    collect_static()


def migrate() -> None:
    """Apply migrations that are missing; asking costs a fraction of running the command."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Migrating the database ({len(plan)} steps)")
        call_command("migrate", interactive=False, verbosity=0)


def seed() -> None:
    """Make the demo brand in an empty installation.

    A database that was given by DATABASE_URL and holds a brand is left alone. Beside the embedded one a missing
    var/demo.json means that an earlier seed was cut short; the command then does what is left.
    """
    if "seed_demo" not in get_commands():
        return
    cut_short = not os.environ.get("DATABASE_URL") and not (Path(settings.BASE_DIR) / "var" / "demo.json").exists()
    if cut_short or not _has_brand():
        say("Making the demo brand")
        call_command("seed_demo")


def _has_brand() -> bool:
    try:
        brand = apps.get_model("brands", "Brand")
    except LookupError:
        return False
    return bool(brand._base_manager.exists())


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


if __name__ == "__main__":
    main()
