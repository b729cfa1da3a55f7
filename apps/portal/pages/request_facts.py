"""The machine pane of the Request Ref page: where a call came from, when, and under which references."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from apps.brands.models import Brand, BrandRow
from apps.lookups.queries.portal_request import RequestRecord
from apps.portal.core.json_text import HIDDEN

CLOCK = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the pane; with `url` the value leads to the requests that share it."""

    label: str
    value: str
    url: str = ""


def machine_facts(*, brand: Brand, record: RequestRecord, hide_personal: bool) -> list[Fact]:
    """Everything that is known, in the order of the pane; what is not known is left out."""
    facts = (*_place(brand, record), *_time(brand, record), *_references(record, hide_personal))
    return [fact for fact in facts if fact.value]


def _place(brand: Brand, record: RequestRecord) -> Iterator[Fact]:
    machine = record.machine
    yield Fact("Brand", f"{brand.name} ({brand.code})")
    yield Fact("Location", _named(machine.location))
    yield Fact("Terminal", _named(machine.terminal))
    yield Fact("Employee", _named(machine.employee))
    yield Fact("API key", f"{machine.credential.name} ({machine.credential.key})" if machine.credential else "")
    yield Fact("User", machine.user.get_username() if machine.user else "")
    yield Fact("Made by", machine.origin)
    yield Fact("IP address", machine.address)


def _time(brand: Brand, record: RequestRecord) -> Iterator[Fact]:
    zone = ZoneInfo(brand.timezone)
    yield Fact("Time (UTC)", _utc(record.at))
    if brand.timezone != "UTC":
        yield Fact(f"Time ({brand.timezone})", record.at.astimezone(zone).strftime(CLOCK))
    if record.operation and abs(record.operation.occurred_at - record.at) > timedelta(seconds=2):
        yield Fact("Processed as of (UTC)", _utc(record.operation.occurred_at))
    if record.log:
        yield Fact("Duration", f"{record.log.micros / 1000:,.1f} ms")
        yield Fact("HTTP status", str(record.log.http_status))


def _references(record: RequestRecord, hide_personal: bool) -> Iterator[Fact]:
    yield Fact("Call type", record.call_type)
    yield Fact("Card number", record.card_number, _same(card=record.card_number))
    if record.card_number:
        query = urlencode({"number": record.card_number})
        yield Fact("Card", "Status and checkout lock", f"{reverse('portal:card')}?{query}")
    yield Fact("Child card", record.child_number)
    yield Fact("External ID", record.external_id, _same(external=record.external_id))
    yield Fact("Custom request ID", record.custom_id, _same(custom=record.custom_id))
    yield Fact("Note", HIDDEN if hide_personal and record.note else record.note)


def _named(row: BrandRow | None) -> str:
    return f"{row.name} ({row.code})" if row else ""


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(CLOCK)


def _same(**filters: str) -> str:
    return f"{reverse('portal:requests')}?{urlencode(filters)}"
