"""A document taken apart into entries: one for each row, in the order in which they can be made."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec

from apps.brands.core.codes import check_code, check_country, check_currency, check_name, check_timezone
from apps.catalog.core.products import check_money, check_product_name, check_sku, clean_tags
from apps.coupons.core.patterns import check_pattern
from apps.coupons.core.terms import check_terms
from apps.customers.core.event_types import LONGEST, EventTypeFacts, check_event_type
from apps.customers.core.fields import check_field
from apps.kernel.errors import InvalidInput, Refusal
from apps.programs.core.value_types import check_bounds, check_kind
from apps.segments.operations.create_segment import check_description
from apps.transactions.brand_file.document import BrandFile

Fields = dict[str, Any]
_NESTED = frozenset({"terminals", "value_types", "card_sets"})
_MOST = {"longest_checkout_lock": 86_400, "calls_per_minute": 1_000_000}
_LONGEST_HOLD = timedelta(days=3650)
_YEARS = range(1970, 9999)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: its kind, its key in the brand, what is said of it, and where in the file. References are codes."""

    kind: str
    key: tuple[str, ...]
    fields: Fields
    path: str

    @property
    def name(self) -> str:
        """Its key, for people."""
        return "/".join(self.key)

    @property
    def title(self) -> str:
        """How people are told of it."""
        return f"{self.kind} {self.name}"


class BadEntry(InvalidInput):
    """Something in the file cannot be (9); `path` says where."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def checked_entries(document: BrandFile) -> list[Entry]:
    """All entries; what no operation would accept, and what stands twice: BadEntry."""
    found = list(entries_of(document))
    seen = set()
    for entry in found:
        if (entry.kind, entry.key) in seen:
            raise BadEntry(entry.path, f"The {entry.title} stands twice; take one out.")
        seen.add((entry.kind, entry.key))
        try:
            CHECKS[entry.kind](entry.fields)
        except Refusal as refusal:
            raise BadEntry(entry.path, f"{entry.title}: {refusal.message}") from refusal
    return found


def entries_of(document: BrandFile) -> Iterator[Entry]:
    """All entries, unchecked."""
    yield Entry("brand", (document.brand.code,), _fields(document.brand), "$.brand")
    yield from _rows("group", "$.groups", document.groups)
    yield from _rows("location", "$.locations", document.locations)
    for number, location in enumerate(document.locations):
        at, extra = f"$.locations[{number}].terminals", {"location": location.code}
        yield from _rows("terminal", at, location.terminals, above=(location.code,), extra=extra)
    yield from _rows("program", "$.programs", document.programs)
    for number, program in enumerate(document.programs):
        extra = {"program": program.code}
        at = f"$.programs[{number}]"
        yield from _value_types(program.value_types, f"{at}.value_types", program.code)
        yield from _rows("card set", f"{at}.card_sets", program.card_sets, extra=extra)
    yield from _rows("category", "$.categories", document.categories)
    yield from _rows("product", "$.products", document.products, key="sku")
    yield from _rows("coupon set", "$.coupon_sets", document.coupon_sets)
    yield from _rows("field", "$.fields", document.fields)
    for number, event in enumerate(document.event_types):
        key = (event.category, event.specific) if event.specific is not None else (event.category,)
        fields = _fields(event)
        fields |= {"category_id": fields.pop("category"), "specific_id": fields.pop("specific")}
        yield Entry("event type", key, fields, f"$.event_types[{number}]")
    yield from _rows("list", "$.subscription_lists", document.subscription_lists, key="uuid")
    yield from _rows("segment", "$.segments", document.segments)
    for entry in _rows("campaign", "$.campaigns", document.campaigns, key="uuid"):
        published = entry.fields["published"]
        yield entry if published is None else replace(entry, fields=entry.fields | {"name": published.says.name})


def _rows(
    kind: str,
    path: str,
    parts: Sequence[msgspec.Struct],
    *,
    key: str = "code",
    above: tuple[str, ...] = (),
    extra: Mapping[str, Any] | None = None,
) -> Iterator[Entry]:
    for number, part in enumerate(parts):
        yield Entry(kind, (*above, str(getattr(part, key))), _fields(part) | dict(extra or {}), f"{path}[{number}]")


def _value_types(parts: Iterable[msgspec.Struct], path: str, program: str) -> Iterator[Entry]:
    for number, part in enumerate(parts):
        fields = _fields(part)
        key = fields.pop("type")
        balance_type, _, code = key.partition(":")
        fields |= {"balance_type": balance_type, "balance_code": code, "program": program}
        yield Entry("value type", (program, key), fields, f"{path}[{number}]")


def _fields(part: msgspec.Struct) -> Fields:
    fields = {name: value for name, value in msgspec.structs.asdict(part).items() if name not in _NESTED}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


# --- what the operations that make these rows would refuse -----------------------------------------------------------


def _named(fields: Fields) -> None:
    check_code(fields["code"])
    check_name(fields["name"])


def _place(fields: Fields) -> None:
    _named(fields)
    for name, check in (("country", check_country), ("currency", check_currency), ("timezone", check_timezone)):
        if fields[name]:
            check(fields[name])


def _brand(fields: Fields) -> None:
    _place(fields)
    fields["features"] = sorted(set(fields["features"]))
    if not (fields["country"] and fields["currency"] and fields["timezone"]):
        raise InvalidInput("A brand has a country, a currency and a time zone.")
    for name, most in _MOST.items():
        if fields[name] is not None and not 0 < fields[name] <= most:
            raise InvalidInput(f"{name} is above zero, and at most {most}.")
    if fields["hold_lifetime"] is not None and not timedelta() < fields["hold_lifetime"] <= _LONGEST_HOLD:
        raise InvalidInput(f"hold_lifetime is above zero, and at most {_LONGEST_HOLD.days} days.")


def _value_type(fields: Fields) -> None:
    scale = fields["scale"]
    check_kind(balance_type=fields["balance_type"], balance_code=fields["balance_code"], scale=scale)
    check_bounds(scale=scale, minimum=None, maximum=fields["maximum"])
    for what in ("issue", "redeem"):
        check_bounds(scale=scale, minimum=fields[f"{what}_minimum"], maximum=fields[f"{what}_maximum"])


def _product(fields: Fields) -> None:
    check_sku(fields["sku"])
    check_product_name(fields["name"])
    for name in ("price", "cost"):
        if fields[name] is not None:
            check_money(fields[name], name)
    fields["tags"] = clean_tags(fields["tags"])


def _coupon_set(fields: Fields) -> None:
    _named(fields)
    if fields["pattern"]:
        check_pattern(fields["pattern"])
    expires_at = fields["expires_at"]
    if expires_at is not None and (expires_at.tzinfo is None or expires_at.year not in _YEARS):
        raise InvalidInput("expires_at has a year of our times and a zone, as in 2027-01-31T23:00:00Z.")
    check_terms(**{name: fields[name] for name in ("expires_at", "lifetime_days", "limit_per_card")})


def _field(fields: Fields) -> None:
    _named(fields)
    fields["choices"] = list(check_field(data_type=fields["data_type"], choices=fields["choices"]))


def _event_type(fields: Fields) -> None:
    facts = {name: fields[name] for name in ("category_id", "name", "sentiment", "group_type")}
    check_event_type(EventTypeFacts(**facts))
    if fields["specific_id"] is not None and not 0 < len(fields["specific_id"]) <= LONGEST:
        raise InvalidInput(f"specific has 1 to {LONGEST} characters.")


def _list(fields: Fields) -> None:
    check_name(fields["name"])


def _segment(fields: Fields) -> None:
    _named(fields)
    check_description(fields["description"])


def _campaign(fields: Fields) -> None:
    published, draft = fields["published"], fields["draft"]
    if published is not None and draft is not None and published.uuid == draft.uuid:
        raise InvalidInput("What is published and the draft are two revisions, with UUIDs of their own.")
    check_name(fields["name"])


CHECKS: Mapping[str, Callable[[Fields], None]] = {
    "brand": _brand,
    "group": _named,
    "location": _place,
    "terminal": _named,
    "program": _named,
    "value type": _value_type,
    "card set": _named,
    "category": _named,
    "product": _product,
    "coupon set": _coupon_set,
    "field": _field,
    "event type": _event_type,
    "list": _list,
    "segment": _segment,
    "campaign": _campaign,
}
"""By kind. A check may also put a field into the form in which it is kept."""
