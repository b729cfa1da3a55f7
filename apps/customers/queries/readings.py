"""What the engine of campaigns is told of a card's primary customer: readings for the one read statement."""

from collections.abc import Sequence

from apps.customers.core.addresses import PHONE
from apps.customers.core.keywords import Keyword
from apps.kernel.readings import Reading

_CUSTOMER = """SELECT to_jsonb(p) FROM (SELECT x.first_name, x.middle_name, x.last_name, x.email, x.phone,
  x.mobile_phone, x.birthday, x.anniversary, x.gender, x.address1, x.address2, x.city, x.state, x.postal, x.country
  FROM customers_customer x WHERE x.brand_id = %(brand)s AND x.id = {holder}) p"""

_FIELDS = """SELECT jsonb_object_agg(y.code, y.held) FROM (
  SELECT d.code, jsonb_agg(v.value ORDER BY v.no) AS held FROM customers_fieldvalue v
  JOIN customers_demographicfield d ON d.brand_id = v.brand_id AND d.id = v.field_id
  WHERE v.brand_id = %(brand)s AND v.customer_id = {holder} AND d.code = ANY(%(field_codes)s::text[])
  GROUP BY d.code) y"""

_FIELD_TYPES = """SELECT jsonb_object_agg(d.code, jsonb_build_array(d.id, d.data_type, d.is_multiple, d.choices))
 FROM customers_demographicfield d
 WHERE d.brand_id = %(brand)s AND d.is_active AND d.code = ANY(%(field_codes)s::text[])"""

_OPTED_IN = """SELECT array_agg(y.name) FROM (
  SELECT t.third_party AS name FROM customers_thirdpartylink t
  WHERE t.brand_id = %(brand)s AND t.customer_id = {holder} AND t.opt_in AND {links}
  UNION SELECT n.name FROM customers_listoptin i
  JOIN customers_subscriptionlist n ON n.brand_id = i.brand_id AND n.id = i.list_id
  WHERE i.brand_id = %(brand)s AND i.customer_id = {holder} AND i.opt_in AND {lists}{more}) y"""
_CONFIRMED = f"""(coalesce(t.opt_in_confirmed, false)
   OR (t.third_party <> '{PHONE}' AND NOT coalesce(t.opt_in_confirmation_required, false)))"""
_NOT_PENDING = "NOT i.is_pending"


def _opted_in(links: str = _CONFIRMED, lists: str = _NOT_PENDING, more: str = "") -> str:
    return _OPTED_IN.replace("{links}", links).replace("{lists}", lists).replace("{more}", more)


_NOW = _opted_in()
_AFTER = {
    Keyword.CONFIRM: _opted_in(
        f"(t.third_party = '{PHONE}' OR {_CONFIRMED})", f"(n.channel = '{PHONE}' OR {_NOT_PENDING})"
    ),
    Keyword.START: _opted_in(more=f"\n  UNION SELECT '{PHONE}' WHERE {{holder}} IS NOT NULL"),
    Keyword.STOP: _opted_in(
        f"t.third_party <> '{PHONE}' AND {_CONFIRMED}", f"n.channel <> '{PHONE}' AND {_NOT_PENDING}"
    ),
}


def customer() -> Reading:
    """The customer's own fields by the names of their columns, or nothing."""
    return Reading("customer", _CUSTOMER)


def fields(codes: Sequence[str]) -> Reading:
    """`{code: [values]}` of the brand's own fields with these codes; without codes: of all."""
    if not codes:
        return Reading("fields", _FIELDS.replace(" AND d.code = ANY(%(field_codes)s::text[])", ""))
    return Reading("fields", _FIELDS, {"field_codes": list(codes)})


def field_types(codes: Sequence[str]) -> Reading:
    """`{code: [id, data_type, is_multiple, choices]}` of the brand's own active fields with these codes."""
    return Reading("field_types", _FIELD_TYPES, {"field_codes": list(codes)})


def opted_in() -> Reading:
    """Third parties and names of lists that the customer opted in to, confirmed where that is required."""
    return Reading("opted_in", _NOW)


def opted_in_after(keyword: Keyword) -> Reading:
    """The same once the customer has said this by text message: see `consent_fragments`."""
    return Reading("opted_in_after", _AFTER[keyword])
