"""How secrets of API keys and passwords of employees are kept: as a keyed digest, compared in constant time.

A slow password hash would cost more than the whole call that carries the secret; 256 random bits need none.
"""

import hashlib
import hmac


def digest(secret: str, *, pepper: bytes) -> bytes:
    """HMAC-SHA-256 of the secret under the installation's pepper: 32 bytes."""
    return hmac.new(pepper, secret.encode(), hashlib.sha256).digest()


def matches(secret: str, stored: bytes | memoryview, *, pepper: bytes) -> bool:
    """Whether `stored` is the digest of `secret`; takes the same time for every wrong secret."""
    return hmac.compare_digest(digest(secret, pepper=pepper), bytes(stored))
