"""How often and when a message is tried again. Pure."""

from datetime import datetime, timedelta

MOST_ATTEMPTS = 6
LEASE = timedelta(minutes=5)
"""How long a worker has a message to itself. Sending ends long before (`providers.interface.SECONDS`); a worker that is
gone leaves its message to others after this."""
LONGEST_WAIT = timedelta(hours=6)
_WAITS = (1, 5, 30, 120, 360)
"""Minutes after the first, second, ... attempt."""


def next_attempt(*, attempts: int, now: datetime, wanted: timedelta | None = None) -> datetime | None:
    """When a message that was tried `attempts` times is due again; None if it is not. `wanted`: what the provider asked
    for, which is granted up to some hours."""
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = timedelta(minutes=_WAITS[attempts - 1])
    return now + max(wait, min(wanted or wait, LONGEST_WAIT))
