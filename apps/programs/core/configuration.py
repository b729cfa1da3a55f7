"""A brand's configuration as the hot path knows it: immutable, cached per process, replaced as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.kernel.errors import ErrorCode, Refusal
from apps.kernel.value_types import BalanceType
from apps.programs.core.value_type import ValueType


class BalanceNotFound(Refusal):
    """The value type does not exist in the card's program, or a code is missing (12)."""

    code = ErrorCode.BALANCE_NOT_FOUND


class CardSetNotFound(Refusal):
    """The card set is unknown (7)."""

    code = ErrorCode.CARD_SET_NOT_FOUND
    message = "There is no card set with this id."


class InvalidCredentials(Refusal):
    """Key, secret, brand or employee do not fit together, or the key may not do this (5)."""

    code = ErrorCode.INVALID_CREDENTIALS
    message = "The API key, secret and brand do not fit together."


@dataclass(frozen=True, slots=True)
class Credential:
    """An API key that is not revoked. Empty scopes mean everything."""

    id: int
    key: str
    secret_digest: bytes
    methods: frozenset[str]
    location_codes: frozenset[str]

    def allows(self, method: str | None, location_code: str) -> bool:
        """Whether the key's scopes cover a method at a location."""
        return (not self.methods or method in self.methods) and (
            not self.location_codes or location_code in self.location_codes
        )


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee of one location; without a digest no password is asked for."""

    id: int
    secret_digest: bytes | None


@dataclass(frozen=True, slots=True)
class Location:
    """A location with its terminals and employees by code; `country`, `currency`, `zone` already fall back. `groups`:
    its group."""

    id: int
    code: str
    country: str
    currency: str
    zone: ZoneInfo
    terminals: Mapping[str, int]
    employees: Mapping[str, Employee]
    name: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardSet:
    """A card set and its program."""

    id: int
    code: str
    program_id: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Program:
    """A program with its value types in the order of their making."""

    id: int
    code: str
    type: str
    uses_pins: bool
    value_types: tuple[ValueType, ...]

    @property
    def main_currency(self) -> ValueType | None:
        """The only currency of the program; None where it has none or several."""
        currencies = [each for each in self.value_types if each.balance_type == BalanceType.CURRENCY]
        return currencies[0] if len(currencies) == 1 else None

    def value_type(self, balance_type: BalanceType, balance_code: str | None) -> ValueType:
        """Find a value type. 12 if the program has none such, or a code is missing on Currency or Custom.

        A code sent with Points or Punches is ignored.
        """
        if balance_type.has_code and not balance_code:
            raise BalanceNotFound(f"A balanceCode is needed with balanceType {balance_type}.")
        code = balance_code if balance_type.has_code else ""
        for each in self.value_types:
            if each.balance_type == balance_type and each.balance_code == code:
                return each
        raise BalanceNotFound(f"The card's program has no balance of type {balance_type} {code}".rstrip() + ".")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything of one brand that calls need and that changes rarely. `number` is the brand clock's `config`."""

    number: int
    brand_id: int
    brand_code: str
    country: str
    currency: str
    zone: ZoneInfo
    api_version: int
    features: frozenset[str]
    cors_enabled: bool
    employee_required: bool
    repeated_allocation_allowed: bool
    void_takes_what_is_free: bool
    void_restores_counters: bool
    return_takes_back_issued: bool
    longest_checkout_lock: int
    hold_lifetime: timedelta | None
    calls_per_minute: int | None
    search_program_types: frozenset[str]
    locations: Mapping[str, Location]
    credentials: Mapping[str, Credential]
    programs: Mapping[int, Program]
    card_sets: Mapping[int, CardSet]
    value_types: Mapping[int, ValueType]
    card_sets_by_code: Mapping[str, CardSet] = field(default_factory=dict)
    location_codes: Mapping[int, str] = field(default_factory=dict)
    terminal_codes: Mapping[int, str] = field(default_factory=dict)

    def admits(
        self,
        *,
        credential_key: str | None,
        method: str | None,
        location_id: int | None,
        terminal_id: int | None,
        employee_id: int | None,
    ) -> bool:
        """Whether a caller that was let in under an older configuration would still be let in under this one."""
        if credential_key is None:
            return True
        credential, location = self.credentials.get(credential_key), self.location(location_id)
        if credential is None or location is None or terminal_id not in location.terminals.values():
            return False
        if self.employee_required and employee_id not in {each.id for each in location.employees.values()}:
            return False
        return credential.allows(method, location.code)

    def location(self, location_id: int | None) -> Location | None:
        """An active location by its id; None for none, or one that was switched off."""
        code = self.location_codes.get(location_id) if location_id is not None else None
        return self.locations.get(code) if code is not None else None

    def country_at(self, location_id: int | None) -> str:
        """The country by which a local phone number is read: the location's, else the brand's."""
        location = self.location(location_id)
        return location.country if location is not None else self.country

    def currency_at(self, location_id: int | None) -> str:
        """The currency in which goods are bought: the location's, else the brand's."""
        location = self.location(location_id)
        return location.currency if location is not None else self.currency

    def card_set(self, code: str) -> CardSet:
        """Find a card set by its wire id, or refuse with 7."""
        try:
            return self.card_sets_by_code[code]
        except KeyError:
            raise CardSetNotFound from None

    def program_of(self, card_set_id: int) -> Program:
        """The program of a card set."""
        return self.programs[self.card_sets[card_set_id].program_id]

    def hold_until(self, at: datetime) -> datetime | None:
        """When a hold made at that moment ends by itself."""
        return at + self.hold_lifetime if self.hold_lifetime is not None else None
