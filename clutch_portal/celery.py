"""The Celery application. Tasks load by id and call one operation; `apps.*.tasks` are found by name."""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clutch_portal.settings")

app = Celery("clutch_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def leave_logs_alone(**_: Any) -> None:
    """Django's LOGGING holds for worker and beat too; that somebody listens keeps Celery from setting up its own."""
