"""A value type as the hot path knows it, and its bounds."""

from dataclasses import dataclass
from decimal import Decimal

from apps.kernel.amounts import fits
from apps.kernel.errors import ErrorCode, InvalidInput, Refusal
from apps.kernel.value_types import BalanceType


class BalanceLimitsExceeded(Refusal):
    """An amount outside the bounds of its value type, or a balance over its maximum (13)."""

    code = ErrorCode.BALANCE_LIMITS_EXCEEDED


@dataclass(frozen=True, slots=True)
class ValueType:
    """A kind of balance of one program. Bounds are amounts at `scale`; None: no bound."""

    id: int
    program_id: int
    balance_type: BalanceType
    balance_code: str
    code_display: str
    scale: int
    show_in_terminal: bool
    maximum: Decimal | None
    issue_minimum: Decimal | None
    issue_maximum: Decimal | None
    redeem_minimum: Decimal | None
    redeem_maximum: Decimal | None

    def check_scale(self, amount: Decimal) -> None:
        """Refuse (9) an amount with more decimals than `scale`; trailing zeros do not count."""
        if not fits(amount, self.scale):
            raise InvalidInput(f"{amount} has more than {self.scale} decimals, which {self.name} does not allow.")

    def check_issue(self, amount: Decimal, *, present: Decimal) -> None:
        """Refuse (13) an issuance outside its bounds, or one that lifts `present` over the maximum balance.

        `present` is everything of this type on the card: free, held and not yet active.
        """
        self._check_bounds(amount, self.issue_minimum, self.issue_maximum, "issued")
        self.check_maximum(amount, present=present)

    def check_maximum(self, amount: Decimal, *, present: Decimal) -> None:
        """Refuse (13) what lifts `present` over the maximum balance."""
        if self.maximum is not None and present + amount > self.maximum:
            raise BalanceLimitsExceeded(f"A card can hold at most {self.maximum.normalize():f} {self.name}.")

    def check_redeem(self, amount: Decimal) -> None:
        """Refuse (13) a requested redemption or hold outside its bounds."""
        self._check_bounds(amount, self.redeem_minimum, self.redeem_maximum, "redeemed")

    @property
    def key(self) -> tuple[BalanceType, str]:
        """What makes two value types of different programs the same kind of value."""
        return self.balance_type, self.balance_code

    @property
    def text_key(self) -> str:
        """`Currency:USD`, `Points`: how campaigns and brand files write the kind of value."""
        return f"{self.balance_type}:{self.balance_code}" if self.balance_type.has_code else self.balance_type.value

    @property
    def name(self) -> str:
        """`Currency USD`, `Points`: for people."""
        return f"{self.balance_type} {self.balance_code}".rstrip()

    def _check_bounds(self, amount: Decimal, lowest: Decimal | None, highest: Decimal | None, verb: str) -> None:
        if lowest is not None and amount < lowest:
            raise BalanceLimitsExceeded(f"At least {lowest.normalize():f} {self.name} must be {verb} at once.")
        if highest is not None and amount > highest:
            raise BalanceLimitsExceeded(f"At most {highest.normalize():f} {self.name} can be {verb} at once.")
