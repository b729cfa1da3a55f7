"""Names that pages show in place of ids. A brand's value types and locations are few; the rest is read as needed."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.brands.models import Brand, Location, Terminal
from apps.cards.models import Card, ChildCard
from apps.programs.models import ValueType


@dataclass(frozen=True, slots=True)
class ValueTypeName:
    """What a value type is called on pages, and with how many decimals its amounts are written."""

    label: str
    scale: int


def value_type_names(*, brand: Brand, ids: Iterable[int]) -> dict[int, ValueTypeName]:
    """Value types by id: a currency by its code alone, a custom balance by its display text or code."""
    found = ValueType.objects.filter(brand=brand, pk__in=set(ids))
    return {
        kind.pk: ValueTypeName(kind.code_display or kind.balance_code or kind.balance_type, kind.scale)
        for kind in found
    }


def location_names(*, brand: Brand, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of locations by id."""
    found = Location.objects.filter(brand=brand, pk__in=_known(ids))
    return dict(found.values_list("pk", "name"))


def terminal_names(*, brand: Brand, ids: Iterable[int | None]) -> dict[int, str]:
    """Codes of terminals by id: staff know a till by the code on its label."""
    found = Terminal.objects.filter(brand=brand, pk__in=_known(ids))
    return dict(found.values_list("pk", "code"))


@dataclass(frozen=True, slots=True)
class Holder:
    """The card that a wallet belongs to; for the wallet of a child card also the child's number, else empty."""

    card_number: str
    child_number: str = ""


def wallet_holders(*, brand: Brand, wallets: Iterable[int | None]) -> dict[int, Holder]:
    """Cards and child cards by their wallets. Two statements; none for no wallets."""
    known = _known(wallets)
    if not known:
        return {}
    children = ChildCard.objects.filter(brand=brand, wallet_id__in=known)
    below = {wallet: (family, number) for wallet, family, number in children.values_list(*_CHILD)}
    cards = Card.objects.filter(brand=brand, wallet_id__in=known | {family for family, _ in below.values()})
    roots = dict(cards.values_list("wallet_id", "number"))
    holders = {wallet: Holder(number) for wallet, number in roots.items() if wallet is not None}
    return holders | {wallet: Holder(roots.get(family, ""), number) for wallet, (family, number) in below.items()}


_CHILD = ("wallet_id", "family_id", "number")


def _known(ids: Iterable[int | None]) -> set[int]:
    return {each for each in ids if each is not None}
