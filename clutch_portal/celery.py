"""The Celery application. Tasks load by id and call one operation; `apps.*.tasks` are found by name."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clutch_portal.settings")

app = Celery("clutch_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
