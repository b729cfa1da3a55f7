"""Make a brand what a file says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction

from apps.brands.models import Brand
from apps.brands.operations.publish_config import publish_config
from apps.campaigns.models import Revision
from apps.kernel.errors import InvalidInput, Refusal
from apps.transactions.brand_file import document as d
from apps.transactions.brand_file.differences import Differences, differences
from apps.transactions.brand_file.entries import CHECKS, BadEntry, Entry, checked_entries, entries_of
from apps.transactions.brand_file.export_brand import export_brand
from apps.transactions.brand_file.text import BadBrandFile, Source
from apps.transactions.brand_file.write_campaign import settled, write_campaign
from apps.transactions.brand_file.write_entries import (
    APART,
    change_brand,
    change_entry,
    create_entry,
    finish_entry,
    make_brand,
)

_LISTS = {
    "group": "groups",
    "location": "locations",
    "terminal": "locations",
    "program": "programs",
    "value type": "programs",
    "card set": "programs",
    "category": "categories",
    "product": "products",
    "coupon set": "coupon_sets",
    "field": "fields",
    "event type": "event_types",
    "list": "subscription_lists",
    "segment": "segments",
    "campaign": "campaigns",
}


class ChangedMeanwhile(InvalidInput):
    """The brand is not any more what it was when the differences were shown (9)."""

    message = "The brand was changed meanwhile. Look at the differences again."


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: for which brand, and what it wants."""

    source: Source
    code: str
    entries: list[Entry]
    whole: frozenset[str]


def read_file(text: str, *, code: str | None = None) -> Reading:
    """Read a brand file; `code` is the brand's, where it is not that of the file. BadBrandFile says what is wrong."""
    source = Source(text)
    document = source.read()
    code = code or document.brand.code
    with _located(source):
        entries = checked_entries(_renamed(document, code))
    whole = frozenset(kind for kind, name in _LISTS.items() if getattr(document, name))
    return Reading(source, code, entries, whole)


def compare(reading: Reading) -> Differences:
    """What the file would change; nothing is changed by asking. BadBrandFile for a revision that cannot be changed."""
    brand = Brand.objects.filter(code=reading.code).first()
    present = entries_of(export_brand(brand=brand)) if brand is not None else []
    found = differences(present, reading.entries, whole=reading.whole)
    return _without_settled(brand, reading, found) if brand is not None else found


def import_brand(reading: Reading, *, shown: Differences, now: datetime, is_rehearsal: bool = False) -> None:
    """Carry out what was shown, all of it or nothing; a rehearsal finds every refusal and then undoes it all.

    BadBrandFile with the line of what is refused; ChangedMeanwhile if something else would be carried out.
    """
    with transaction.atomic():
        found = compare(reading)
        if found != shown:
            raise ChangedMeanwhile
        brand = _write_brand(reading, found, now)
        _write_rows(brand, reading, found, now)
        publish_config(brand_id=brand.pk)
        if is_rehearsal:
            transaction.set_rollback(True)


def _renamed(document: d.BrandFile, code: str) -> d.BrandFile:
    return msgspec.structs.replace(document, brand=msgspec.structs.replace(document.brand, code=code))


@contextmanager
def _located(source: Source, entry: Entry | None = None) -> Iterator[None]:
    """Refusals inside get the line of the entry that they are about."""
    try:
        yield
    except BadEntry as problem:
        raise _said(source, problem.path, problem.message) from problem
    except Refusal as problem:
        if entry is None:
            raise
        raise _said(source, entry.path, f"{entry.title}: {problem.message}") from problem
    except IntegrityError as problem:
        if entry is None:
            raise
        constraint = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
        raise _said(source, entry.path, f"{entry.title}: the database does not take it ({constraint}).") from problem


def _said(source: Source, path: str, message: str) -> BadBrandFile:
    return BadBrandFile(f"Line {source.line_of(path)}: {message}")


def _without_settled(brand: Brand, reading: Reading, found: Differences) -> Differences:
    """Drafts of the file that were published here since say nothing new."""
    revisions = {row.uuid: row for row in Revision.objects.filter(brand=brand)}
    changed = []
    for change in found.changed:
        before = dict(change.before)
        for name in ("published", "draft"):
            wanted = change.entry.fields.get(name) if name in before else None
            known = revisions.get(wanted.uuid) if wanted is not None else None
            if wanted is None or known is None:
                continue
            with _located(reading.source, change.entry):
                if settled(known, wanted) and name == "draft":
                    del before[name]
        if before:
            changed.append(replace(change, before=before))
    return replace(found, changed=changed, same=found.same + len(found.changed) - len(changed))


def _write_brand(reading: Reading, found: Differences, now: datetime) -> Brand:
    for entry in found.created:
        if entry.kind == "brand":
            with _located(reading.source, entry):
                return make_brand(entry, code=reading.code, now=now)
    brand = Brand.objects.get(code=reading.code)
    for change in found.changed:
        if change.entry.kind == "brand":
            with _located(reading.source, change.entry):
                change_brand(brand, change.entry.fields)
    return brand


def _write_rows(brand: Brand, reading: Reading, found: Differences, now: datetime) -> None:
    """In the order of kinds; what refers to rows of its own kind, and campaigns, after all others."""
    changes = {id(change.entry): change for change in found.changed}
    touched = [*found.created, *(change.entry for change in found.changed)]
    order = list(CHECKS)
    touched.sort(key=lambda entry: order.index(entry.kind))
    for entry in touched:
        if entry.kind in ("brand", "campaign"):
            continue
        with _located(reading.source, entry), transaction.atomic():
            if (change := changes.get(id(entry))) is not None:
                change_entry(brand, change, now=now)
            else:
                create_entry(brand, entry, now=now)
    for entry in touched:
        if entry.kind in APART and (entry.fields[APART[entry.kind]] or id(entry) in changes):
            with _located(reading.source, entry):
                finish_entry(brand, entry)
    for entry in touched:
        if entry.kind == "campaign":
            with _located(reading.source, entry), transaction.atomic():
                write_campaign(brand, entry.fields, now=now)
