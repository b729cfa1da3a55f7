"""The lock of an address: by its name, since an address that is new has no row yet."""

from collections.abc import Iterable

from apps.kernel.db.hot import Cursor
from apps.kernel.errors import ErrorCode, Refusal
from apps.requestlog.unit import Lock

_KEY = "hashtextextended(%(channel)s || ' ' || %(address)s, %(brand)s)"
# the CASE keeps a twin, which is not to go on, from waiting here
_ADDRESS = f"SELECT CASE WHEN {{mine}} THEN (SELECT 1::bigint FROM pg_advisory_xact_lock({_KEY})) END"
_ADDRESSES = """SELECT pg_advisory_xact_lock(x.key) FROM (SELECT DISTINCT hashtextextended(
 a.channel || ' ' || a.address, %(brand)s) AS key FROM unnest(%(channels)s::text[], %(addresses)s::text[])
 AS a (channel, address) ORDER BY key OFFSET 0) x"""


class ConcurrentChannel(Refusal):
    """Other calls keep the address busy (18). Retry."""

    code = ErrorCode.CONCURRENT_CHANNEL_ACCESS
    message = "The address is busy with other calls. Try again in a moment."


def lock_address(*, channel: str, address: str) -> Lock:
    """One address in its normal form, until the end of the unit. Whoever waits for too long gets 18."""
    return Lock(_ADDRESS, {"channel": channel, "address": address}, busy=ConcurrentChannel)


def lock_addresses(cursor: Cursor, *, brand_id: int, addresses: Iterable[tuple[str, str]]) -> None:
    """Pairs of channel and address, in the order of their keys, for a verb that learns of them under another lock.

    An address comes after a family: whoever has an address asks for no family.
    """
    pairs = list(addresses)
    if pairs:
        channels, names = zip(*pairs, strict=True)
        params = {"brand": brand_id, "channels": list(channels), "addresses": list(names)}
        cursor.execute(_ADDRESSES, params)
