"""People for many cards, made inside the database: names that hardly anybody has and names that 3 % of all have, a
value of a brand's field that a third shares, children below one card in ten, fifty sets of all sizes."""

from typing import Any

import psycopg

from bench.brand import Till
from bench.cards import settle

SETS = 50
RARE_SET, RARE_SET_HOLDS = "set-1", 100
COMMON = {
    "first_name": "John",
    "last_name": "Smith",
    "email": "none@example.com",
    "phone": "+14155550000",
    "own": "unknown",
    "colour": "Red",
    "child": "001",
}
"""The values that many share."""

_H = "(hashint8(c.id) & 2147483647)"
_SYLLABLES = (
    "bar con del fer gar hol jun kel lar mor nor ost pet qui ros sal tor und vel win xen yor zan "
    "alb ber cla dun ers fin gre"
)
_FIRST = (
    f"CASE WHEN {_H} %% 33 = 0 THEN 'John' ELSE initcap(s.all[1 + {_H} / 41 %% 30] || s.all[1 + {_H} / 7 %% 30]) END"
)
_LAST = f"""CASE WHEN {_H} %% 33 = 0 THEN 'Smith'
 ELSE initcap(s.all[1 + {_H} / 3 %% 30] || s.all[1 + {_H} / 97 %% 30] || s.all[1 + {_H} / 3001 %% 30]) END"""
_EMAIL = f"CASE WHEN {_H} %% 20 = 1 THEN 'none@example.com' ELSE 'person.' || c.id || '@example.com' END"
_PHONE = f"CASE WHEN {_H} %% 100 = 1 THEN '+14155550000' ELSE '+1' || (2000000000 + c.id) END"
_MOBILE = f"CASE WHEN {_H} %% 2 = 1 THEN '+1' || (5000000000 + c.id) ELSE '' END"
_COLUMNS = (
    "first_name, last_name, email, phone, mobile_phone, middle_name, mobile_operator_id, gender, address1, address2,"
    " city, state, postal, country"
)
_BLANK = ", ".join(["''"] * 9)
_SOURCE = (
    "cards_card c CROSS JOIN (SELECT string_to_array(%(syllables)s, ' ') AS all) s WHERE c.brand_id = %(brand_id)s"
)

_STEPS = (
    """INSERT INTO programs_program (brand_id, code, name, is_active, type, uses_pins)
 VALUES (%(brand_id)s, 'loyalty', 'Loyalty', true, 'loyalty', false)""",
    f"""INSERT INTO programs_cardset (brand_id, program_id, code, name, is_active)
 SELECT %(brand_id)s, (SELECT p.id FROM programs_program p WHERE p.brand_id = %(brand_id)s
  AND p.code = CASE WHEN n %% 5 = 2 THEN 'loyalty' ELSE 'gift' END), 'set-' || n, 'Set ' || n, true
 FROM generate_series(1, {SETS}) n""",
    f"""INSERT INTO customers_customer (brand_id, id, role, card_id, {_COLUMNS})
 SELECT %(brand_id)s, c.id, 1, c.id, {_FIRST}, {_LAST}, {_EMAIL}, {_PHONE}, {_MOBILE}, {_BLANK} FROM {_SOURCE}""",
    # two in five cards lie in the sets, in sizes that fall off like the square root of their place
    f"""UPDATE cards_card c SET customer_id = c.id, custom_number =
  CASE WHEN {_H} %% 50 = 1 THEN 'unknown' ELSE 'own-' || c.id END, card_set_id = coalesce(
  (SELECT s.id FROM programs_cardset s WHERE s.brand_id = c.brand_id
   AND s.code = 'set-' || (1 + ({SETS} - 1) * sqrt(({_H} %% 1000) / 400.0))::int AND {_H} %% 1000 < 400), c.card_set_id)
 WHERE c.brand_id = %(brand_id)s""",
    f"""UPDATE cards_card c SET card_set_id = (SELECT s.id FROM programs_cardset s WHERE s.brand_id = c.brand_id
  AND s.code = 'set-1') WHERE c.brand_id = %(brand_id)s AND c.id IN (SELECT l.id FROM cards_card l
  WHERE l.brand_id = %(brand_id)s ORDER BY l.id DESC LIMIT {RARE_SET_HOLDS})""",
    """INSERT INTO customers_demographicfield (brand_id, code, name, is_active, data_type, is_multiple, choices)
 SELECT %(brand_id)s, code, code, true, kind, false, '{}'
 FROM (VALUES ('colour', 'string'), ('height', 'integer')) f (code, kind)""",
    f"""INSERT INTO customers_fieldvalue (brand_id, customer_id, field_id, no, value, role, card_id)
 SELECT %(brand_id)s, c.id, f.id, 1, CASE WHEN f.code = 'height' THEN c.id::text WHEN {_H} %% 3 = 0 THEN 'Red'
  ELSE 'shade ' || {_H} %% 1000 END, 1, c.id
 FROM customers_demographicfield f, cards_card c WHERE f.brand_id = %(brand_id)s AND c.brand_id = %(brand_id)s""",
    f"""INSERT INTO customers_customer (brand_id, id, role, card_id, {_COLUMNS})
 SELECT %(brand_id)s, c.id + 10000000, 4, c.id, {_FIRST}, {_LAST}, {_EMAIL}, {_PHONE}, {_MOBILE}, {_BLANK}
 FROM {_SOURCE} AND {_H} %% 10 < 2""",
    f"""INSERT INTO cards_childcard (brand_id, number, family_id, wallet_id, customer_id, activated_at)
 SELECT %(brand_id)s, CASE WHEN {_H} %% 10 = 0 THEN '001' ELSE 'child-' || c.id END, c.family_id,
  c.wallet_id + 10000000, c.id + 10000000, c.activated_at FROM {_SOURCE} AND {_H} %% 10 < 2""",
)


def load_people(connection: psycopg.Connection[Any], till: Till) -> None:
    """Give every card of the brand a customer, then bring statistics and visibility up to date."""
    params = till.facts() | {"syllables": _SYLLABLES}
    connection.execute("SET session_replication_role = replica")  # foreign keys hold by construction
    connection.execute("SET synchronous_commit = off")
    for step in _STEPS:
        connection.execute(step, params)
    connection.execute("UPDATE brands_clock SET config = config + 1 WHERE brand_id = %(brand_id)s", params)
    settle(connection)
