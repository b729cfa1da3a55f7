"""The parts of the one write statement that are about addresses. Those about people stand in `fragments`."""

import json
from datetime import datetime

from apps.customers.core.subscriptions import Subscription
from apps.kernel.fragments import Fragment

_COLUMNS = """address = %(address)s, global_opt_in = %(globally)s, transactional_opt_in = %(transactional)s,
 double_opt_in = %(double)s, double_opt_in_confirmed = %(confirmed)s, key_values = %(key_values)s::jsonb,
 changed_at = %(at)s"""
_UPDATE = f"UPDATE customers_channelsubscription SET {_COLUMNS} WHERE brand_id = %(brand)s AND id = %(id)s"
_INSERT = """INSERT INTO customers_channelsubscription (brand_id, id, channel, address, global_opt_in,
 transactional_opt_in, double_opt_in, double_opt_in_confirmed, key_values, changed_at)
 VALUES (%(brand)s, %(id)s, %(channel)s, %(address)s, %(globally)s, %(transactional)s, %(double)s, %(confirmed)s,
 %(key_values)s::jsonb, %(at)s)"""

_CATEGORIES = """INSERT INTO customers_channelcategory AS c (brand_id, subscription_id, list_id, opt_in)
 SELECT %(brand)s, %(id)s, u.* FROM unnest(%(lists)s::bigint[], %(opt_ins)s::bool[]) u
 ON CONFLICT (brand_id, subscription_id, list_id) DO UPDATE SET opt_in = excluded.opt_in
 WHERE c.opt_in <> excluded.opt_in"""
_NO_CATEGORIES = "DELETE FROM customers_channelcategory WHERE brand_id = %(brand)s AND subscription_id = %(id)s"

ADDRESS_KEY = "customers_channel_address"
"""The unique constraint that another writer of a new address may have used first."""


def write_subscription(
    *,
    brand_id: int,
    subscription_id: int,
    is_new: bool,
    channel: str,
    address: str,
    subscription: Subscription,
    at: datetime,
) -> list[Fragment]:
    """Insert or replace what an address allows, with its categories. An erased address that is heard of again becomes
    readable again."""
    row = {
        "brand": brand_id,
        "id": subscription_id,
        "address": address,
        "globally": subscription.global_opt_in,
        "transactional": subscription.transactional_opt_in,
        "double": subscription.double_opt_in,
        "confirmed": subscription.double_opt_in_confirmed,
        "key_values": json.dumps(dict(subscription.key_values)),
        "at": at,
    }
    own = Fragment("subscription", _INSERT, row | {"channel": channel}) if is_new else None
    return [own or Fragment("subscription", _UPDATE, row), _categories(brand_id, subscription_id, subscription)]


def _categories(brand_id: int, subscription_id: int, subscription: Subscription) -> Fragment:
    which = {"brand": brand_id, "id": subscription_id}
    if not subscription.categories:
        return Fragment("categories", _NO_CATEGORIES, which)
    lists, opt_ins = zip(*subscription.categories.items(), strict=True)
    return Fragment("categories", _CATEGORIES, which | {"lists": list(lists), "opt_ins": list(opt_ins)})
