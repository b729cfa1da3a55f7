"""The transactions of a card as an export tells of them, page by page: a card may have tens of thousands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.brands.models import Brand, Employee, Location, Terminal
from apps.checkouts.models import Checkout, Line, Payment, Return, ReturnLine
from apps.kernel.amounts import at_scale, with_digits
from apps.ledger.core.kinds import EntryKind
from apps.ledger.models import Entry, Void
from apps.programs.models import ValueType
from apps.requestlog.core.kinds import CallType, Origin
from apps.requestlog.models import Operation

PAGE = 1000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What is said in place of ids. A brand's places and kinds of value are few."""

    locations: dict[int, str]
    terminals: dict[int, str]
    employees: dict[int, str]
    value_types: dict[int, ValueType]
    cards: dict[int, str]

    @classmethod
    def of(cls, *, brand: Brand, cards: dict[int, str]) -> "Names":
        """Read them; `cards` are the numbers of the family's cards by their wallets."""
        return cls(
            locations=dict(Location.objects.filter(brand=brand).values_list("pk", "name")),
            terminals=dict(Terminal.objects.filter(brand=brand).values_list("pk", "code")),
            employees=dict(Employee.objects.filter(brand=brand).values_list("pk", "name")),
            value_types=ValueType.objects.filter(brand=brand).in_bulk(),
            cards=cards,
        )

    def amount(self, amount: Decimal, value_type_id: int) -> str:
        """An amount as text, with the digits of its value type."""
        return str(at_scale(amount, self.value_types[value_type_id].scale))


def transactions(*, brand: Brand, family_id: int, names: Names) -> Iterator[Row]:
    """Every operation of the family, oldest first, with what it moved and what was bought or brought back."""
    every = Operation.objects.filter(brand=brand, family_id=family_id).order_by("occurred_at", "id")
    page = list(every[:PAGE])
    while page:
        yield from _told(brand, page, names)
        last = page[-1]
        after = Q(occurred_at__gt=last.occurred_at) | Q(occurred_at=last.occurred_at, id__gt=last.id)
        page = list(every.filter(after)[:PAGE])


def _told(brand: Brand, page: list[Operation], names: Names) -> Iterator[Row]:
    ids = [operation.id for operation in page]
    moved = _grouped(Entry.objects.filter(brand=brand, operation_id__in=ids).order_by("wallet_id", "seq"))
    bought = {each.operation_id: each for each in Checkout.objects.filter(brand=brand, operation_id__in=ids)}
    lines = _grouped(Line.objects.filter(brand=brand, operation_id__in=ids).order_by("no"))
    payments = _grouped(Payment.objects.filter(brand=brand, operation_id__in=ids).order_by("no"))
    back = {each.operation_id: each for each in Return.objects.filter(brand=brand, operation_id__in=ids)}
    back_lines = _grouped(ReturnLine.objects.filter(brand=brand, operation_id__in=ids).order_by("no"))
    voided = dict(Void.objects.filter(brand=brand, operation_id__in=ids).values_list("operation_id", "by_operation_id"))
    for each in page:
        checkout, goods = bought.get(each.id), back.get(each.id)
        yield {
            **_operation(each, names),
            "voidedBy": voided.get(each.id),
            "movements": [_movement(entry, names) for entry in moved[each.id]],
            "checkout": _checkout(checkout, lines[each.id], payments[each.id]) if checkout else None,
            "return": _return(goods, back_lines[each.id]) if goods else None,
        }


def _grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.operation_id].append(row)
    return found


def _operation(row: Operation, names: Names) -> Row:
    return {
        "requestRef": row.id,
        "at": row.occurred_at,
        "recordedAt": row.recorded_at,
        "type": CallType(row.call_type).name,
        "origin": Origin(row.origin).name,
        "childCard": names.cards.get(row.child_id) if row.child_id else None,
        "location": names.locations.get(row.location_id) if row.location_id else None,
        "terminal": names.terminals.get(row.terminal_id) if row.terminal_id else None,
        "employee": names.employees.get(row.employee_id) if row.employee_id else None,
        "externalTransactionId": row.external_id,
        "note": row.note,
        "customMutationType": row.custom_mutation_type,
    }


def _movement(row: Entry, names: Names) -> Row:
    return {
        "card": names.cards.get(row.wallet_id),
        "what": EntryKind(row.kind).name.lower(),
        "valueType": str(names.value_types[row.value_type_id]),
        "amount": names.amount(row.amount, row.value_type_id),
        "balanceAfter": names.amount(row.balance_after, row.value_type_id),
        "hold": row.hold_id,
        "at": row.occurred_at,
    }


def _checkout(row: Checkout, lines: list[Line], payments: list[Payment]) -> Row:
    return {
        "currency": row.currency,
        "total": plain(row.total),
        "preDiscount": plain(row.pre_discount),
        "discount": plain(row.discount),
        "paidAsDiscount": plain(row.paid_as_discount),
        "at": row.happened_at,
        "lines": _lines(lines),
        "payments": [_payment(each) for each in payments],
    }


def _return(row: Return, lines: list[ReturnLine]) -> Row:
    return {
        "checkoutRequestRef": row.checkout_operation_id,
        "currency": row.currency,
        "total": plain(row.total),
        "reversedPayments": row.reversed_payments,
        "at": row.happened_at,
        "lines": _lines(lines),
    }


def _lines(rows: Sequence[Line | ReturnLine]) -> list[Row]:
    return [{"sku": each.sku, "quantity": plain(each.quantity), "unitPrice": plain(each.unit_price)} for each in rows]


def _payment(row: Payment) -> Row:
    return {
        "paymentType": row.payment_type,
        "amount": plain(row.amount),
        "pays": plain(row.pays),
        "balance": f"{row.balance_type} {row.balance_code or ''}".strip() if row.balance_type else None,
        "updateBalanceRequestRef": row.paid_by_operation_id,
        "isReleased": row.released,
    }


def plain(amount: Decimal) -> str:
    """An amount or a quantity as text, without needless zeros."""
    return str(with_digits(amount, at_least=0))
