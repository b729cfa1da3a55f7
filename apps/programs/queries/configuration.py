"""Loading and caching of a brand's configuration. The brand clock's `config` number says exactly when it is stale."""

from collections import defaultdict
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.brands.models import ApiCredential, Brand, Clock, Employee, Location, LocationGroup, Terminal
from apps.kernel.value_types import BalanceType
from apps.programs.core import configuration as core
from apps.programs.core.value_type import ValueType
from apps.programs.models import CardSet, Program
from apps.programs.models import ValueType as ValueTypeRow

_by_code: dict[str, core.Configuration] = {}


def cached_configuration(brand_code: str) -> core.Configuration | None:
    """The configuration as this process last saw it; None for a brand that is unknown or not active."""
    return _by_code.get(brand_code) or load_configuration(brand_code)


def fresh_configuration(brand_code: str) -> core.Configuration | None:
    """The configuration as it is now: costs one small read when the cached one is current."""
    known = _by_code.get(brand_code)
    if known is not None:
        number = Clock.objects.filter(brand_id=known.brand_id).values_list("config", flat=True).first()
        if number == known.number:
            return known
    return load_configuration(brand_code)


def load_configuration(brand_code: str) -> core.Configuration | None:
    """Read a brand's configuration and keep it for this process. The number is read first: a change that lands while
    the rest is read leaves a number behind that is too old, so that the next call reads again."""
    brand = Brand.objects.select_related("clock").filter(code=brand_code, is_active=True).first()
    if brand is None:
        _by_code.pop(brand_code, None)
        return None
    with transaction.atomic():
        loaded = _read(brand)
    _by_code[brand_code] = loaded
    return loaded


def reload_configuration(stale: core.Configuration) -> core.Configuration | None:
    """Read again what a verb found to be stale. Runs inside the verb's own transaction, so it opens none."""
    brand = Brand.objects.select_related("clock").filter(pk=stale.brand_id, is_active=True).first()
    if brand is None:
        _by_code.pop(stale.brand_code, None)
        return None
    loaded = _by_code[stale.brand_code] = _read(brand)
    return loaded


def _read(brand: Brand) -> core.Configuration:
    locations = _locations(brand)
    value_types = [_value_type(row) for row in ValueTypeRow.objects.filter(brand=brand).order_by("id")]
    card_sets = [
        core.CardSet(row.pk, row.code, row.program_id, row.is_active) for row in CardSet.objects.filter(brand=brand)
    ]
    terminals = Terminal.objects.filter(brand=brand).values_list("id", "code")
    return core.Configuration(
        number=brand.clock.config,
        brand_id=brand.pk,
        brand_code=brand.code,
        country=brand.country,
        currency=brand.currency,
        zone=ZoneInfo(brand.timezone),
        api_version=brand.api_version,
        features=frozenset(brand.features),
        cors_enabled=brand.cors_enabled,
        employee_required=brand.employee_required,
        repeated_allocation_allowed=brand.repeated_allocation_allowed,
        void_takes_what_is_free=brand.void_takes_what_is_free,
        void_restores_counters=brand.void_restores_counters,
        return_takes_back_issued=brand.return_takes_back_issued,
        longest_checkout_lock=brand.longest_checkout_lock,
        hold_lifetime=brand.hold_lifetime,
        calls_per_minute=brand.calls_per_minute,
        search_program_types=frozenset(brand.search_program_types),
        locations=MappingProxyType({each.code: each for each in locations}),
        credentials=MappingProxyType(_credentials(brand)),
        programs=MappingProxyType(_programs(brand, value_types)),
        card_sets=MappingProxyType({each.id: each for each in card_sets}),
        value_types=MappingProxyType({each.id: each for each in value_types}),
        card_sets_by_code=MappingProxyType({each.code: each for each in card_sets}),
        location_codes=MappingProxyType(dict(Location.objects.filter(brand=brand).values_list("id", "code"))),
        terminal_codes=MappingProxyType(dict(terminals)),
    )


def _locations(brand: Brand) -> list[core.Location]:
    terminals: dict[int, dict[str, int]] = defaultdict(dict)
    for terminal in Terminal.objects.filter(brand=brand, is_active=True):
        terminals[terminal.location_id][terminal.code] = terminal.pk
    employees: dict[int, dict[str, core.Employee]] = defaultdict(dict)
    for row in Employee.objects.filter(brand=brand, is_active=True):
        employees[row.location_id][row.code] = core.Employee(row.pk, _bytes(row.secret_digest))
    groups = dict(LocationGroup.objects.filter(brand=brand).values_list("id", "code"))
    return [
        core.Location(
            id=row.pk,
            code=row.code,
            country=row.country or brand.country,
            currency=row.currency or brand.currency,
            zone=ZoneInfo(row.timezone or brand.timezone),
            terminals=MappingProxyType(terminals[row.pk]),
            employees=MappingProxyType(employees[row.pk]),
            name=row.name,
            groups=(groups[row.group_id],),
        )
        for row in Location.objects.filter(brand=brand, is_active=True)
    ]


def _credentials(brand: Brand) -> dict[str, core.Credential]:
    return {
        row.key: core.Credential(
            row.pk, row.key, bytes(row.secret_digest), frozenset(row.methods), frozenset(row.location_codes)
        )
        for row in ApiCredential.objects.filter(brand=brand, revoked_at__isnull=True)
    }


def _programs(brand: Brand, value_types: list[ValueType]) -> dict[int, core.Program]:
    return {
        row.pk: core.Program(
            row.pk,
            row.code,
            row.type,
            row.uses_pins,
            tuple(each for each in value_types if each.program_id == row.pk),
        )
        for row in Program.objects.filter(brand=brand)
    }


def _value_type(row: ValueTypeRow) -> ValueType:
    return ValueType(
        id=row.pk,
        program_id=row.program_id,
        balance_type=BalanceType(row.balance_type),
        balance_code=row.balance_code,
        code_display=row.code_display,
        scale=row.scale,
        show_in_terminal=row.show_in_terminal,
        maximum=row.maximum,
        issue_minimum=row.issue_minimum,
        issue_maximum=row.issue_maximum,
        redeem_minimum=row.redeem_minimum,
        redeem_maximum=row.redeem_maximum,
    )


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
