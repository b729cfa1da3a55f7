"""Tasks of logins."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task(name="apps.accounts.tasks.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that have ended. Harmless to repeat."""
    SessionStore.clear_expired()
