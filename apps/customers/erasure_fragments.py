"""The parts of the one write statement that erase people and addresses."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from django.conf import settings

from apps.customers.core.addresses import erased_address
from apps.customers.core.customer import Demographics
from apps.customers.queries.subscribed_addresses import SubscribedAddress
from apps.kernel.fragments import Fragment

_EMPTY = ", ".join(
    f"{field.name} = {'NULL' if field.default is None else repr(field.default)}" for field in fields(Demographics)
)
# The row itself stays: looking for all that might refer to it would hold the card for long. History is written by a
# trigger, with what the row is after the update: an empty one, which says when it was erased.
_PEOPLE = f"""UPDATE customers_customer SET card_id = NULL, {_EMPTY}
 WHERE brand_id = %(brand)s AND id = ANY(%(ids)s::bigint[])"""
_OF_PEOPLE = "DELETE FROM {table} WHERE brand_id = %(brand)s AND {column} = ANY(%(ids)s::bigint[])"
_TABLES = {
    "field_values": ("customers_fieldvalue", "customer_id"),
    "links": ("customers_thirdpartylink", "customer_id"),
    "list_opt_ins": ("customers_listoptin", "customer_id"),
    "changes": ("customers_customerevent", "pgh_obj_id"),
}
# what a page said about itself when it changed the person; who did it stays
_CONTEXTS = """UPDATE pghistory_context x
 SET metadata = jsonb_strip_nulls(jsonb_build_object('user', x.metadata->'user'))
 WHERE x.id IN (SELECT e.pgh_context_id FROM customers_customerevent e
  WHERE e.brand_id = %(brand)s AND e.pgh_obj_id = ANY(%(ids)s::bigint[]))"""

_CATEGORIES = """DELETE FROM customers_channelcategory
 WHERE brand_id = %(brand)s AND subscription_id = ANY(%(ids)s::bigint[])"""
_ADDRESSES = "DELETE FROM customers_channelsubscription WHERE brand_id = %(brand)s AND id = ANY(%(ids)s::bigint[])"
_OPT_OUTS = """INSERT INTO customers_channelsubscription (brand_id, channel, address, global_opt_in,
 transactional_opt_in, double_opt_in, double_opt_in_confirmed, key_values, changed_at)
 SELECT %(brand)s, u.channel, u.address, false, false, false, false, '{}'::jsonb, %(at)s
 FROM unnest(%(channels)s::text[], %(addresses)s::text[]) u (channel, address)
 ON CONFLICT (brand_id, channel, address) DO NOTHING"""


def erase_people(*, brand_id: int, customer_ids: Sequence[int]) -> list[Fragment]:
    """Empty the customers, take them off their card, delete all that hangs on them and all earlier states."""
    which = {"brand": brand_id, "ids": list(customer_ids)}
    deleted = [
        Fragment(name, _OF_PEOPLE.format(table=table, column=column), which)
        for name, (table, column) in _TABLES.items()
    ]
    return [Fragment("people", _PEOPLE, which), Fragment("contexts", _CONTEXTS, which), *deleted]


def erase_addresses(*, brand_id: int, addresses: Sequence[SubscribedAddress], at: datetime) -> list[Fragment]:
    """Delete the subscriptions. Of an address that had opted out a digest stays, so that it is out when it comes back
    in an import."""
    which = {"brand": brand_id, "ids": [each.id for each in addresses]}
    out = [each for each in addresses if not each.global_opt_in]
    pepper = settings.API_PEPPER
    digests = {
        "channels": [each.channel for each in out],
        "addresses": [
            erased_address(each.address, channel=each.channel, brand_id=brand_id, pepper=pepper) for each in out
        ],
    }
    return [
        Fragment("categories", _CATEGORIES, which),
        Fragment("addresses", _ADDRESSES, which),
        Fragment("opt_outs", _OPT_OUTS, {"brand": brand_id, "at": at} | digests),
    ]
