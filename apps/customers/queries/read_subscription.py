"""What is known of one address, and the lists of its channel."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.customers.core.addresses import erased_address
from apps.customers.core.subscriptions import ChannelList, Subscription
from apps.kernel.db.hot import Cursor

# An address that was erased while it was opted out is known by its digest only.
_READ = """SELECT k.config,
 s.id, CASE WHEN %(draws)s AND s.id IS NULL THEN nextval('customers_channelsubscription_id_seq') END,
 s.global_opt_in, s.transactional_opt_in, s.double_opt_in, s.double_opt_in_confirmed,
 s.key_values::text,
 (SELECT array_agg(c.list_id ORDER BY c.list_id) FROM customers_channelcategory c
  WHERE c.brand_id = k.brand_id AND c.subscription_id = s.id AND c.opt_in),
 (SELECT array_agg(c.list_id ORDER BY c.list_id) FROM customers_channelcategory c
  WHERE c.brand_id = k.brand_id AND c.subscription_id = s.id AND NOT c.opt_in),
 l.*
 FROM brands_clock k
 LEFT JOIN customers_channelsubscription s ON s.brand_id = k.brand_id AND s.channel = %(channel)s
  AND s.address IN (%(address)s, %(erased)s)
 LEFT JOIN LATERAL (SELECT array_agg(a.id ORDER BY a.id), array_agg(a.uuid ORDER BY a.id),
  array_agg(a.name ORDER BY a.id) FROM customers_subscriptionlist a
  WHERE a.brand_id = k.brand_id AND a.channel = %(channel)s AND a.is_active) l ON true
 WHERE k.brand_id = %(brand)s ORDER BY s.address = %(address)s DESC NULLS LAST LIMIT 1"""


@dataclass(frozen=True, slots=True)
class SubscriptionRead:
    """`config` is the brand clock's number; `id` and `subscription` are None for an address never heard of, for which
    `new_id` was drawn if wanted. `lists` are the channel's active ones, oldest first."""

    config: int
    id: int | None
    new_id: int | None
    subscription: Subscription | None
    lists: tuple[ChannelList, ...]


def read_subscription(
    cursor: Cursor, *, brand_id: int, channel: str, address: str, draws_id: bool = False
) -> SubscriptionRead:
    """Read one address in its normal form. One statement. `draws_id`: an address without a row is to get one."""
    erased = erased_address(address, channel=channel, brand_id=brand_id, pepper=settings.API_PEPPER)
    params = {"brand": brand_id, "channel": channel, "address": address, "erased": erased, "draws": draws_id}
    row = cursor.execute(_READ, params).fetchone()
    assert row is not None, f"brand {brand_id} has no clock row"
    config, known_id, new_id, *said = row[:10]
    lists = tuple(ChannelList(*each) for each in zip(*(column or () for column in row[10:]), strict=True))
    return SubscriptionRead(config, known_id, new_id, _subscription(said) if known_id else None, lists)


def _subscription(said: list[Any]) -> Subscription:
    globally, transactional, double, confirmed, key_values, opted_in, opted_out = said
    return Subscription(
        global_opt_in=globally,
        transactional_opt_in=transactional,
        double_opt_in=double,
        double_opt_in_confirmed=confirmed,
        categories=dict.fromkeys(opted_in or (), True) | dict.fromkeys(opted_out or (), False),
        key_values=json.loads(key_values),
    )
