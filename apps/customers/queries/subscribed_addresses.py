"""The subscriptions of a person's addresses, and which of them somebody else has too."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.kernel.db.hot import Cursor

# all roles are named: the indexes begin with them
_SUBSCRIBED = """SELECT s.id, s.channel, s.address, s.global_opt_in, EXISTS (
  SELECT FROM customers_customer p WHERE p.brand_id = s.brand_id AND p.role IN (1, 2, 3, 4, 5) AND s.channel = 'email'
   AND p.email <> '' AND lower(p.email) = s.address AND p.id <> ALL(%(ids)s)) OR EXISTS (
  SELECT FROM customers_customer p WHERE p.brand_id = s.brand_id AND p.role IN (1, 2, 3, 4, 5) AND s.channel = 'phone'
   AND p.phone <> '' AND p.phone = s.address AND p.id <> ALL(%(ids)s)) OR EXISTS (
  SELECT FROM customers_customer p WHERE p.brand_id = s.brand_id AND p.role IN (1, 2, 3, 4, 5) AND s.channel = 'phone'
   AND p.mobile_phone <> '' AND p.mobile_phone = s.address AND p.id <> ALL(%(ids)s))
 FROM unnest(%(channels)s::text[], %(addresses)s::text[]) a (channel, address)
 JOIN customers_channelsubscription s ON s.brand_id = %(brand)s AND s.channel = a.channel AND s.address = a.address
 ORDER BY s.id"""


@dataclass(frozen=True, slots=True)
class SubscribedAddress:
    """`is_shared`: another person of the brand has this address now."""

    id: int
    channel: str
    address: str
    global_opt_in: bool
    is_shared: bool


def subscribed_addresses(
    cursor: Cursor, *, brand_id: int, customer_ids: Sequence[int], addresses: Sequence[tuple[str, str]]
) -> list[SubscribedAddress]:
    """Those of the addresses (pairs of channel and address) that have a subscription. Other people are those whose
    ids are not named."""
    if not addresses:
        return []
    channels, names = zip(*addresses, strict=True)
    params = {"brand": brand_id, "ids": list(customer_ids), "channels": list(channels), "addresses": list(names)}
    return [SubscribedAddress(*row) for row in cursor.execute(_SUBSCRIBED, params)]
