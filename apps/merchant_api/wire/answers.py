"""From what the domain answers to wire types: balances, movements, customers, places and moments."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from msgspec import UNSET, UnsetType

from apps.customers.core.customer import Demographics
from apps.kernel.moments import epoch_milliseconds, format_moment
from apps.merchant_api.wire.balances import CampaignBalanceMutation, CardBalance, ValueTypeResult
from apps.merchant_api.wire.customers import Customer
from apps.programs.core.value_type import ValueType
from apps.transactions.answers import BalanceSeen


class Movement(Protocol):
    """What every movement of value has in common, whoever answers it. `amount` has the digits of its type's scale."""

    @property
    def value_type(self) -> ValueType: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def active_at(self) -> datetime | None: ...


def card_balance(seen: BalanceSeen) -> CardBalance:
    """One entry of `balances`: free value, or what one hold keeps."""
    return CardBalance(
        amount=seen.amount,
        balance_type=seen.value_type.balance_type.value,
        balance_code=balance_code(seen.value_type),
        scale=seen.value_type.scale,
        is_hold=seen.hold_id is not None,
        holding_transaction_id=str(seen.hold_id) if seen.hold_id is not None else UNSET,
    )


def card_balances(seen: Iterable[BalanceSeen] | None) -> list[CardBalance] | UnsetType:
    """`balances`: left out where nobody asked (None), `[]` where there is nothing."""
    return UNSET if seen is None else [card_balance(each) for each in seen]


def mutation(movement: Movement) -> CampaignBalanceMutation:
    """One entry of `balanceMutations` that no campaign stands behind."""
    return CampaignBalanceMutation(
        amount=movement.amount,
        is_discount=False,
        balance_type=movement.value_type.balance_type.value,
        balance_code=balance_code(movement.value_type),
        balance_expiration=epoch(movement.expires_at),
        balance_active_date=epoch(movement.active_at),
    )


def mutations(movements: Iterable[Movement]) -> list[CampaignBalanceMutation]:
    """All entries of `balanceMutations`, in the order in which they happened."""
    return [mutation(each) for each in movements]


def value_type_result(value_type: ValueType) -> ValueTypeResult:
    """A value type as listValueTypes shows it; only custom codes have a name for people."""
    return ValueTypeResult(
        show_in_terminal=value_type.show_in_terminal,
        balance_type=value_type.balance_type.value,
        balance_code=balance_code(value_type),
        scale=value_type.scale,
        balance_code_display=text(value_type.code_display) if value_type.balance_type == "Custom" else UNSET,
    )


def customer(demographics: Demographics) -> Customer:
    """A customer as stored; what is not known is left out."""
    return Customer(
        first_name=text(demographics.first_name),
        middle_name=text(demographics.middle_name),
        last_name=text(demographics.last_name),
        email=text(demographics.email),
        phone=text(demographics.phone),
        mobile_phone=text(demographics.mobile_phone),
        birthday=day(demographics.birthday),
        anniversary=day(demographics.anniversary),
        gender=text(demographics.gender),
        address1=text(demographics.address1),
        address2=text(demographics.address2),
        city=text(demographics.city),
        state=text(demographics.state),
        postal=text(demographics.postal),
        country=text(demographics.country),
        latitude=given(demographics.latitude),
        longitude=given(demographics.longitude),
    )


def balance_code(value_type: ValueType) -> str | UnsetType:
    """The code that Currency and Custom have; Points and Punches have none."""
    return value_type.balance_code if value_type.balance_type.has_code else UNSET


def text(value: str | None) -> str | UnsetType:
    """A text, left out where it is empty."""
    return value or UNSET


def given(value: Decimal | None) -> Decimal | UnsetType:
    """A number, left out where there is none."""
    return UNSET if value is None else value


def moment(value: datetime | None) -> str | UnsetType:
    """A moment as `yyyy-MM-dd HH:mm:ss` in UTC, left out where there is none."""
    return UNSET if value is None else format_moment(value)


def epoch(value: datetime | None) -> int | UnsetType:
    """A moment as epoch milliseconds, left out where there is none."""
    return UNSET if value is None else epoch_milliseconds(value)


def day(value: date | None) -> str | UnsetType:
    """A date as `yyyy-MM-dd`, left out where there is none."""
    return UNSET if value is None else value.isoformat()
