"""From what the domain answers to wire types: balances, movements, customers, places and moments."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import UNSET, UnsetType

from apps.campaigns.core.caused import CausedLine
from apps.checkouts.core.payments import Payment
from apps.checkouts.core.totals import CheckoutLine
from apps.customers.core.customer import Demographics
from apps.kernel.moments import epoch_milliseconds, format_moment
from apps.lookups.core.balances import BalancePart
from apps.merchant_api.wire.balances import CampaignBalanceMutation, CardBalance, ValueTypeResult
from apps.merchant_api.wire.checkouts import CheckoutProduct, PaymentMethod
from apps.merchant_api.wire.customers import Customer
from apps.merchant_api.wire.histories import HistoricTransactionBalanceUpdate
from apps.programs.core.value_type import ValueType
from apps.transactions.answers import BalanceSeen, MutationSeen


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


def balance_part(part: BalancePart) -> CardBalance:
    """One entry of `balances` in a search, which can be asked to break them down further."""
    balance = card_balance(part.seen)
    balance.balance_active_date = epoch(part.active_at)
    balance.converted_amount = given(part.converted)
    if part.is_by_expiry:
        balance.does_balance_expire = part.expires_at is not None
        balance.balance_expiration = epoch(part.expires_at)
    return balance


def mutation(movement: MutationSeen) -> CampaignBalanceMutation:
    """One entry of `balanceMutations`: value that moved, or a discount, and the campaign behind it if there is one."""
    value_type, cause, goods = movement.value_type, movement.cause, movement.goods
    entry = CampaignBalanceMutation(
        amount=movement.amount,
        is_discount=value_type is None,
        balance_type=value_type.balance_type.value if value_type is not None else UNSET,
        balance_code=balance_code(value_type) if value_type is not None else UNSET,
        balance_expiration=epoch(movement.expires_at),
        balance_active_date=epoch(movement.active_at),
    )
    if cause is not None:
        entry.campaign_uuid = str(cause.campaign)
        entry.campaign_revision_uuid = str(cause.revision)
        entry.campaign_rule_uuid = _uuid(cause.rule)
        entry.campaign_result_uuid = _uuid(cause.result)
        entry.campaign_condition_uuid = _uuid(cause.condition)
        entry.campaign_descriptive_name = text(cause.name)
    if goods is not None:
        entry.sku = goods.sku
        entry.sku_unit_price = goods.unit_price
        entry.sku_amount = given(goods.units)
        entry.sku_unit_discount = given(goods.unit_discount)
    return entry


def _uuid(value: UUID | None) -> str | UnsetType:
    return UNSET if value is None else str(value)


def mutations(movements: Iterable[MutationSeen]) -> list[CampaignBalanceMutation]:
    """All entries of `balanceMutations`, in the order in which they happened."""
    return [mutation(each) for each in movements]


def some_mutations(movements: Iterable[MutationSeen]) -> list[CampaignBalanceMutation] | UnsetType:
    """The same for look-ups: left out where nothing moved."""
    return mutations(movements) or UNSET


def balance_updates(
    movements: Iterable[MutationSeen], caused: Iterable[CausedLine] = ()
) -> list[HistoricTransactionBalanceUpdate]:
    """All entries of `balanceUpdates` of a transaction in a history, with the names of what `caused` them."""
    names = {line.cause: line for line in caused}
    updates = []
    for each in movements:
        if each.value_type is None:
            continue
        update = HistoricTransactionBalanceUpdate(
            amount=each.amount,
            balance_type=each.value_type.balance_type.value,
            balance_code=balance_code(each.value_type),
            balance_active_date=epoch(each.active_at),
        )
        if each.cause is not None and each.cause in names:
            _name_cause(update, names[each.cause])
        updates.append(update)
    return updates


def _name_cause(update: HistoricTransactionBalanceUpdate, line: CausedLine) -> None:
    update.campaign_name = text(line.campaign_name)
    update.campaign_rule_name = text(line.rule_name)
    update.campaign_result_name = text(line.cause.name) if line.cause.result is not None else UNSET
    update.campaign_condition_name = text(line.cause.name) if line.cause.condition is not None else UNSET


def checkout_product(line: CheckoutLine) -> CheckoutProduct:
    """A product as the till sent it."""
    return CheckoutProduct(
        sku=line.sku, amount_purchased=line.quantity, unit_price=line.unit_price, unit_cost=line.unit_cost
    )


def payment_method(payment: Payment) -> PaymentMethod:
    """A payment as it was kept: with its type and amount also where the till left them to us."""
    return PaymentMethod(
        payment_type=payment.payment_type,
        amount=payment.amount,
        checkout_payment_amount=payment.pays if payment.pays != payment.amount else None,
        count_as_discount=payment.counts_as_discount,
        redeem_balance=payment.redeems,
        balance_type=payment.balance_type,
        balance_code=payment.balance_code,
        update_balance_request_ref=str(payment.paid_by) if payment.paid_by is not None else None,
    )


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
    """A date, or the day (UTC) of a moment, as `yyyy-MM-dd`; left out where there is none."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    return UNSET if value is None else value.isoformat()


def midnight(value: datetime | None) -> str | UnsetType:
    """The day (UTC) of a moment in the form of a moment: of some, the document promises the day only."""
    return UNSET if value is None else f"{value.astimezone(UTC).date().isoformat()} 00:00:00"
