"""Tasks of logins."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from apps.accounts.tasks import clear_sessions


def session(**age: int) -> Session:
    return Session.objects.create(
        session_key=get_random_string(32).lower(), session_data="", expire_date=timezone.now() + timedelta(**age)
    )


def test_ended_sessions_go_and_others_stay() -> None:
    ended, lasting = session(days=-1), session(days=1)
    clear_sessions()
    left = set(Session.objects.values_list("session_key", flat=True))
    assert lasting.session_key in left
    assert ended.session_key not in left
