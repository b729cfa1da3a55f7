from clutch import call, new_card

card = new_card()


def change(action, amount):
    """Change the dollars of the card."""
    value = {"balanceType": "Currency", "balanceCode": "USD", "amount": amount}
    return call("updateBalance", {"cardNumber": card, "action": action, "amount": value, "returnBalances": True})


print("issued 100.00, left:", change("issue", "100.00")["balances"][0]["amount"])
print("redeemed 30.00, left:", change("redeem", "30.00")["balances"][0]["amount"])
print("redeem 80.00, refused:", change("redeem", "80.00")["errorCode"])
