"""Forms that work once: reloading the answer or clicking twice must not do it again."""

from uuid import uuid4

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

KEY = "forms that were not sent yet"
MOST = 10
"""Open forms of one session; older ones are forgotten."""


def new_token(http: HttpRequest) -> str:
    """A token for a hidden field, kept in the session until `spend`."""
    token = str(uuid4())
    http.session[KEY] = [*http.session.get(KEY, []), token][-MOST:]
    return token


def spend(http: HttpRequest, token: str) -> bool:
    """Whether the form is sent for the first time. The session's row is locked: of two clicks at once one wins."""
    key = http.session.session_key
    with transaction.atomic():
        if not key or not Session.objects.select_for_update().filter(session_key=key).exists():
            return False
        stored = SessionStore(key)
        tokens: list[str] = stored.get(KEY, [])
        if token not in tokens:
            return False
        stored[KEY] = http.session[KEY] = [each for each in tokens if each != token]
        stored.save(must_create=False)
    return True
