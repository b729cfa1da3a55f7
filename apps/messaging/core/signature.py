"""How a receiver of our HTTP messages knows that they are ours. Pure.

X-Clutch-Signature: t=1700000000,v1=<hex of HMAC-SHA-256 over "1700000000." and the body, with the shared key>
"""

import hmac
from hashlib import sha256

HEADER = "X-Clutch-Signature"
TOLERANCE = 300
"""Seconds after which a receiver should take a signature for a copy."""


def sign(body: bytes, *, key: str, timestamp: int) -> str:
    """The header for a body that is sent at `timestamp`, in seconds since 1970."""
    return f"t={timestamp},v1={_digest(body, key, timestamp)}"


def is_signed(body: bytes, header: str, *, key: str, now: int) -> bool:
    """What a receiver checks: that the body is as it was sent, by somebody who has the key, a short while ago."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not (stamp.isascii() and stamp.isdigit()) or abs(now - int(stamp)) > TOLERANCE:
        return False
    return hmac.compare_digest(parts.get("v1", ""), _digest(body, key, int(stamp)))


def _digest(body: bytes, key: str, timestamp: int) -> str:
    return hmac.new(key.encode(), f"{timestamp}.".encode() + body, sha256).hexdigest()
