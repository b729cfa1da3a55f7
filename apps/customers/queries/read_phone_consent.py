"""What the customer of a card has said about text messages."""

from dataclasses import dataclass

from apps.customers.core.addresses import PHONE
from apps.customers.queries.locks import lock_addresses
from apps.kernel.db.hot import Cursor

# All that must be known before the phones are locked is their numbers; the rest is only told, and written by UPDATEs
# that look for themselves.
_READ = """SELECT array_remove(ARRAY[nullif(p.mobile_phone, ''), nullif(p.phone, '')], NULL), coalesce(t.opt_in, false)
 FROM customers_customer p LEFT JOIN customers_thirdpartylink t
  ON t.brand_id = p.brand_id AND t.customer_id = p.id AND t.third_party = 'phone'
 WHERE p.brand_id = %(brand)s AND p.id = %(customer)s"""


@dataclass(frozen=True, slots=True)
class PhoneConsent:
    """`phones` in E.164, first the one that text messages go to; `opted_in`: the card's opt-in to them, confirmed or
    not."""

    customer_id: int
    phones: tuple[str, ...]
    opted_in: bool


def read_phone_consent(cursor: Cursor, *, brand_id: int, customer_id: int) -> PhoneConsent:
    """Read under the lock of the card's family, and lock the phones until the end of the unit. Two statements."""
    row = cursor.execute(_READ, {"brand": brand_id, "customer": customer_id}).fetchone()
    assert row is not None, "a card's customer is gone"
    phones = tuple(dict.fromkeys(row[0]))
    lock_addresses(cursor, brand_id=brand_id, addresses=[(PHONE, phone) for phone in phones])
    return PhoneConsent(customer_id, phones, row[1])
