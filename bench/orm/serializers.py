"""The request and the answer of updateBalance as DRF serializers."""

# ruff: noqa: N815 - the names of the wire

from datetime import UTC
from typing import Any

from rest_framework import serializers

from apps.kernel.value_types import BalanceType
from apps.transactions.operations.update_balance import BalanceChange

MOMENT = {"input_formats": ["%Y-%m-%d %H:%M:%S"], "default_timezone": UTC, "required": False, "allow_null": True}
TEXT = {"required": False, "allow_null": True, "allow_blank": True}
FLAG = {"required": False, "default": False}


class AmountSerializer(serializers.Serializer):
    """How much of which value type."""

    amount = serializers.DecimalField(max_digits=None, decimal_places=None, required=False, allow_null=True)
    balanceType = serializers.ChoiceField(choices=[kind.value for kind in BalanceType])
    balanceCode = serializers.CharField(**TEXT)


class AdjustStatusSerializer(serializers.Serializer):
    """The status that an accounting adjustment gives the card."""

    newStatus = serializers.ChoiceField(choices=["Closed", "Expired", "Lost", "Stolen", "Suspended"])


class UpdateBalanceSerializer(serializers.Serializer):
    """The body of a call."""

    cardNumber = serializers.CharField()
    childCardNumber = serializers.ChoiceField(choices=[], required=False)  # there are no child cards yet
    action = serializers.ChoiceField(choices=["adjustOnly", "hold", "issue", "redeem"])
    amount = AmountSerializer(required=False, allow_null=True)
    isReturnRelated = serializers.BooleanField(**FLAG)
    issuedBalanceExpiration = serializers.DateTimeField(**MOMENT)
    issuedBalanceActivation = serializers.DateTimeField(**MOMENT)
    redeemMaxOnOverdraw = serializers.BooleanField(**FLAG)
    redeemFromHoldTransactionId = serializers.CharField(**TEXT)
    releaseHoldRemainder = serializers.BooleanField(**FLAG)
    isAccountingAdjustment = serializers.BooleanField(**FLAG)
    adjustStatus = AdjustStatusSerializer(required=False, allow_null=True)
    customMutationType = serializers.CharField(**TEXT)
    forcePinValidation = serializers.BooleanField(**FLAG)
    pin = serializers.CharField(**TEXT)
    returnBalances = serializers.BooleanField(**FLAG)

    def wanted(self) -> BalanceChange:
        """The validated body as the change it asks for."""
        body: dict[str, Any] = self.validated_data
        amount, status = body.get("amount"), body.get("adjustStatus")
        return BalanceChange(
            action=body["action"],
            balance_type=BalanceType(amount["balanceType"]) if amount else None,
            balance_code=amount.get("balanceCode") if amount else None,
            amount=amount.get("amount") if amount else None,
            return_related=body["isReturnRelated"],
            expires_at=body.get("issuedBalanceExpiration"),
            active_at=body.get("issuedBalanceActivation"),
            take_what_is_there=body["redeemMaxOnOverdraw"],
            hold_id=body.get("redeemFromHoldTransactionId") or None,
            release_rest=body["releaseHoldRemainder"],
            is_adjustment=body["isAccountingAdjustment"],
            new_status=status["newStatus"] if status else None,
            mutation_type=body.get("customMutationType") or None,
        )


class BalanceSerializer(serializers.Serializer):
    """One entry of `balances`."""

    amount = serializers.FloatField()
    balanceType = serializers.CharField()
    balanceCode = serializers.CharField(required=False)
    scale = serializers.IntegerField()
    isHold = serializers.BooleanField()
    holdingTransactionId = serializers.CharField(required=False)


class AnswerSerializer(serializers.Serializer):
    """The answer to a call that succeeded; what is not there is left out."""

    requestRef = serializers.CharField()
    success = serializers.BooleanField()
    transactionId = serializers.CharField()
    cardNumber = serializers.CharField()
    didOverdraw = serializers.BooleanField()
    overdrawAmount = serializers.FloatField(required=False)
    balances = BalanceSerializer(many=True, required=False)
