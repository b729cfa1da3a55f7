"""The product's frame: settings, URLs, entry points, and the embedded servers. It stands above all apps."""

from clutch_portal.celery import app as celery_app  # so that every process sends tasks to the right broker

__all__ = ["celery_app"]
