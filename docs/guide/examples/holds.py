from clutch import call, new_card

card = new_card()


def change(action, amount, **more):
    """Change the dollars of the card."""
    value = {"balanceType": "Currency", "balanceCode": "USD", "amount": amount}
    body = {"cardNumber": card, "action": action, "amount": value, "returnBalances": True}
    return call("updateBalance", body | more)


change("issue", "100.00")
held = change("hold", "40.00")
amounts = {balance["isHold"]: balance["amount"] for balance in held["balances"]}
print(f"free {amounts[False]}, held {amounts[True]}")

paid = change("redeem", "25.00", redeemFromHoldTransactionId=held["transactionId"], releaseHoldRemainder=True)
(balance,) = paid["balances"]
print(f"free {balance['amount']}, nothing held")
