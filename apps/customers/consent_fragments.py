"""The parts of the one write statement by which somebody says yes or no to messages by themselves: by a text message
(`core.keywords`) or by the link in an e-mail.

The call holds the lock of the card's family, and that of the addresses (`queries.read_phone_consent`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.customers.core.addresses import PHONE
from apps.customers.queries.read_phone_consent import PhoneConsent
from apps.kernel.fragments import Fragment

_OF = "c.customer_id = %(customer)s"
_OF_CHANNEL = "s.brand_id = c.brand_id AND s.id = c.list_id AND s.channel = %(channel)s"

_CONFIRM_LINK = f"""UPDATE customers_thirdpartylink c SET opt_in_confirmed = true, changed_at = %(at)s
 WHERE c.brand_id = %(brand)s AND {_OF} AND c.third_party = %(channel)s AND c.opt_in
  AND c.opt_in_confirmed IS NOT TRUE"""
_CONFIRM_LISTS = f"""UPDATE customers_listoptin c SET is_pending = false, is_confirmed = true, changed_at = %(at)s
 FROM customers_subscriptionlist s WHERE c.brand_id = %(brand)s AND {_OF} AND {_OF_CHANNEL} AND c.opt_in
  AND c.is_pending"""
_CONFIRM_ADDRESSES = """UPDATE customers_channelsubscription a SET double_opt_in_confirmed = true, changed_at = %(at)s
 WHERE a.brand_id = %(brand)s AND a.channel = %(channel)s AND a.address = ANY(%(addresses)s::text[])
  AND a.global_opt_in AND NOT a.double_opt_in_confirmed"""

_SAY = """INSERT INTO customers_thirdpartylink AS c (brand_id, customer_id, third_party, opt_in, opt_in_confirmed,
 changed_at) VALUES (%(brand)s, %(customer)s, %(channel)s, %(opt_in)s, %(opt_in)s, %(at)s)
 ON CONFLICT (brand_id, customer_id, third_party) DO UPDATE SET opt_in = excluded.opt_in,
 opt_in_confirmed = excluded.opt_in_confirmed, changed_at = excluded.changed_at"""
_LEAVE_LISTS = f"""UPDATE customers_listoptin c SET opt_in = false, is_pending = false, is_confirmed = false,
 changed_at = %(at)s FROM customers_subscriptionlist s WHERE c.brand_id = %(brand)s AND {_OF} AND {_OF_CHANNEL}
  AND (c.opt_in OR c.is_pending OR c.is_confirmed)"""
_SAY_ADDRESSES = """INSERT INTO customers_channelsubscription AS a (brand_id, channel, address, global_opt_in,
 transactional_opt_in, double_opt_in, double_opt_in_confirmed, key_values, changed_at)
 SELECT %(brand)s, %(channel)s, u.address, %(opt_in)s, false, true, %(opt_in)s, '{}'::jsonb, %(at)s
 FROM unnest(%(addresses)s::text[]) u (address)
 ON CONFLICT (brand_id, channel, address) DO UPDATE SET global_opt_in = excluded.global_opt_in,
 double_opt_in_confirmed = excluded.double_opt_in_confirmed, changed_at = excluded.changed_at"""
_LEAVE_CATEGORIES = """DELETE FROM customers_channelcategory c USING customers_channelsubscription a
 WHERE c.brand_id = %(brand)s AND a.brand_id = c.brand_id AND a.id = c.subscription_id AND a.channel = %(channel)s
  AND a.address = ANY(%(addresses)s::text[])"""


def confirm_by_message(*, brand_id: int, consent: PhoneConsent, at: datetime) -> list[Fragment]:
    """YES: what waits for a confirmation has it, at the card, in its lists and at the number itself. Nothing happens
    where nothing waits; nobody is opted in who was not."""
    return confirm(
        brand_id=brand_id, customer_id=consent.customer_id, channel=PHONE, addresses=consent.phones[:1], at=at
    )


def confirm(*, brand_id: int, customer_id: int, channel: str, addresses: Sequence[str], at: datetime) -> list[Fragment]:
    """The same for any channel, by its name in the contract, and for addresses in their normal form."""
    params = {"brand": brand_id, "channel": channel, "at": at}
    own = params | {"customer": customer_id}
    return [
        Fragment("confirmed_link", _CONFIRM_LINK, own),
        Fragment("confirmed_lists", _CONFIRM_LISTS, own),
        confirm_addresses(brand_id=brand_id, channel=channel, addresses=addresses, at=at),
    ]


def confirm_addresses(*, brand_id: int, channel: str, addresses: Sequence[str], at: datetime) -> Fragment:
    """Only at the addresses themselves."""
    params = {"brand": brand_id, "channel": channel, "addresses": list(addresses), "at": at}
    return Fragment("confirmed_addresses", _CONFIRM_ADDRESSES, params)


def opt_in_by_message(*, brand_id: int, consent: PhoneConsent, at: datetime) -> list[Fragment]:
    """START: opted in and confirmed, at the card and at the number that messages go to."""
    params = _params(brand_id, consent, consent.phones[:1], at) | {"opt_in": True}
    return [Fragment("said_link", _SAY, params), Fragment("said_addresses", _SAY_ADDRESSES, params)]


def opt_out_by_message(*, brand_id: int, consent: PhoneConsent, at: datetime) -> list[Fragment]:
    """STOP: out of everything, at the card, its lists and all numbers of the customer; also who had never said anything
    is out now. A later opt-in must be confirmed anew."""
    params = _params(brand_id, consent, consent.phones, at) | {"opt_in": False}
    return [
        Fragment("said_link", _SAY, params),
        Fragment("left_lists", _LEAVE_LISTS, params),
        Fragment("said_addresses", _SAY_ADDRESSES, params),
        Fragment("left_categories", _LEAVE_CATEGORIES, params),
    ]


def _params(brand_id: int, consent: PhoneConsent, addresses: Sequence[str], at: datetime) -> dict[str, Any]:
    own = {"brand": brand_id, "customer": consent.customer_id, "channel": PHONE, "at": at}
    return own | {"addresses": list(addresses)}
