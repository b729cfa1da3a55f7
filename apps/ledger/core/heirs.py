"""Where the value of transferred wallets went. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.kernel.errors import ErrorCode, Refusal


class IncompatibleBalances(Refusal):
    """The card to receive the value cannot hold a balance of this kind (20)."""

    code = ErrorCode.INCOMPATIBLE_BALANCES
    message = "The card that receives the value cannot hold all of its balances."


@dataclass(frozen=True, slots=True)
class Heirs:
    """`wallets` leads from a wallet that was transferred to the one that has its value now; `value_types` from a value
    type to the one of the same kind in the receiving program. `scales` are the decimals of the former, which the latter
    may exceed: only a way back needs them."""

    wallets: Mapping[int, int] = field(default_factory=dict)
    value_types: Mapping[int, int] = field(default_factory=dict)
    scales: Mapping[int, int] = field(default_factory=dict)

    def of_wallet(self, wallet_id: int) -> int | None:
        """The heir; None for a wallet that still has its own value."""
        return self.wallets.get(wallet_id)

    def has_kind_of(self, value_type_id: int) -> bool:
        """Whether the heir's program has the kind of value at all."""
        return value_type_id in self.value_types

    def of_value_type(self, value_type_id: int) -> int:
        """The value type in the heir's program, or 20."""
        try:
            return self.value_types[value_type_id]
        except KeyError:
            raise IncompatibleBalances from None


NO_HEIRS = Heirs()
