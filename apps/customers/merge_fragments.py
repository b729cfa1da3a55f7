"""What hangs on a person goes over to another one, when a card is transferred: parts of the one write statement."""

from collections.abc import Collection

from apps.customers.core.merge import MergeMode
from apps.customers.core.roles import Role
from apps.kernel.fragments import Fragment

_PAIR = "s.brand_id = %(brand)s AND s.customer_id = %(source)s"

# A field's values belong together: they are taken over as a whole, or not at all.
_SURPLUS_VALUES = f"""DELETE FROM customers_fieldvalue f WHERE f.brand_id = %(brand)s AND f.customer_id = %(target)s
 AND EXISTS (SELECT FROM customers_fieldvalue s WHERE {_PAIR} AND s.field_id = f.field_id)
 AND NOT EXISTS (SELECT FROM customers_fieldvalue s WHERE {_PAIR} AND s.field_id = f.field_id AND s.no = f.no)"""
_VALUES = f"""INSERT INTO customers_fieldvalue (brand_id, customer_id, field_id, no, value, role, card_id)
 SELECT s.brand_id, %(target)s, s.field_id, s.no, s.value, %(role)s, %(card)s FROM customers_fieldvalue s WHERE {_PAIR}
 AND (%(overwrite)s OR NOT EXISTS (SELECT FROM customers_fieldvalue f
  WHERE f.brand_id = %(brand)s AND f.customer_id = %(target)s AND f.field_id = s.field_id))
 ON CONFLICT (brand_id, customer_id, field_id, no) DO UPDATE SET value = excluded.value"""

# So do an opt-in and its confirmation: nobody confirmed what somebody else said.
_CONSENT = ("opt_in", "opt_in_confirmed", "opt_in_confirmation_required")
_OTHERS = ("username", "payload", "custom_data", "mobile_operator_id")
_LINK_COLUMNS = _CONSENT + _OTHERS
_SOURCE_SAID, _TARGET_SAID = (
    f"num_nonnulls({', '.join(f'{row}.{name}' for name in _CONSENT)}) > 0" for row in ("excluded", "t")
)
# A confirmation is of one address: where another one survives, nobody has confirmed that one.
_CONFIRMED = "(s.opt_in_confirmed AND s.third_party <> ALL(%(not_the_sources)s::text[]))"
_KEPT = {"opt_in_confirmed": "(t.opt_in_confirmed AND t.third_party <> ALL(%(not_the_targets)s::text[]))"}
_TAKES_CONSENT = f"CASE WHEN %(overwrite)s THEN {_SOURCE_SAID} ELSE NOT {_TARGET_SAID} END"
_TAKEN = ", ".join(
    [
        f"{name} = CASE WHEN {_TAKES_CONSENT} THEN excluded.{name} ELSE {_KEPT.get(name, f't.{name}')} END"
        for name in _CONSENT
    ]
    + [
        f"{name} = CASE WHEN %(overwrite)s THEN coalesce(excluded.{name}, t.{name})"
        f" ELSE coalesce(t.{name}, excluded.{name}) END"
        for name in _OTHERS
    ]
)
_LINKS = f"""INSERT INTO customers_thirdpartylink AS t (brand_id, customer_id, third_party, changed_at,
 {", ".join(_LINK_COLUMNS)})
 SELECT s.brand_id, %(target)s, s.third_party, s.changed_at,
 {", ".join(_CONFIRMED if name == "opt_in_confirmed" else f"s.{name}" for name in _LINK_COLUMNS)}
 FROM customers_thirdpartylink s WHERE {_PAIR}
 ON CONFLICT (brand_id, customer_id, third_party) DO UPDATE SET {_TAKEN}"""

_UNCONFIRMED = f"""UPDATE customers_thirdpartylink t SET opt_in_confirmed = false WHERE t.brand_id = %(brand)s
 AND t.customer_id = %(target)s AND t.third_party = ANY(%(not_the_targets)s::text[]) AND t.opt_in_confirmed
 AND NOT EXISTS (SELECT FROM customers_thirdpartylink s WHERE {_PAIR} AND s.third_party = t.third_party)"""

_OPT_INS = f"""INSERT INTO customers_listoptin AS o (brand_id, customer_id, list_id, opt_in, is_pending, is_confirmed,
 source_id, changed_at)
 SELECT s.brand_id, %(target)s, s.list_id, s.opt_in, s.is_pending, s.is_confirmed, s.source_id, s.changed_at
 FROM customers_listoptin s WHERE {_PAIR}
 ON CONFLICT (brand_id, customer_id, list_id) DO UPDATE SET opt_in = excluded.opt_in,
 is_pending = excluded.is_pending, is_confirmed = excluded.is_confirmed, source_id = excluded.source_id,
 changed_at = excluded.changed_at WHERE %(overwrite)s"""

_MOVE_PEOPLE = """UPDATE customers_customer SET card_id = %(card)s
 WHERE brand_id = %(brand)s AND id = ANY(%(people)s)"""
_MOVE_VALUES = """UPDATE customers_fieldvalue SET card_id = %(card)s
 WHERE brand_id = %(brand)s AND customer_id = ANY(%(people)s)"""


def merge_person(
    *,
    brand_id: int,
    source_id: int,
    target_id: int,
    card_id: int,
    mode: MergeMode,
    not_the_sources: Collection[str] = (),
    not_the_targets: Collection[str] = (),
) -> list[Fragment]:
    """Values of the brand's own fields, links to third parties and opt-ins of one primary customer go over to another,
    whose row may be written by the same statement. `not_the_...`: third parties whose address is another one than
    theirs after the merge; what they confirmed does not count for it."""
    params = {
        "brand": brand_id,
        "source": source_id,
        "target": target_id,
        "role": int(Role.PRIMARY),
        "card": card_id,
        "overwrite": mode is MergeMode.OVERWRITE,
        "not_the_sources": list(not_the_sources),
        "not_the_targets": list(not_the_targets),
    }
    parts = [
        Fragment("merged_values", _VALUES, params),
        Fragment("merged_links", _LINKS, params),
        Fragment("unconfirmed_links", _UNCONFIRMED, params),
        Fragment("merged_opt_ins", _OPT_INS, params),
    ]
    if mode is MergeMode.OVERWRITE:
        parts.append(Fragment("surplus_values", _SURPLUS_VALUES, params))
    return parts


def move_people(*, brand_id: int, people: list[int], card_id: int) -> list[Fragment]:
    """The people of child cards that came below another root card."""
    params = {"brand": brand_id, "people": people, "card": card_id}
    return [Fragment("moved_people", _MOVE_PEOPLE, params), Fragment("moved_values", _MOVE_VALUES, params)]
