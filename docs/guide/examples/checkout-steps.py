from clutch import call, new_card

card = new_card()
dollars = {"balanceType": "Currency", "balanceCode": "USD"}
call("updateBalance", {"cardNumber": card, "action": "issue", "amount": dollars | {"amount": "50.00"}})

setup = call(
    "checkout",
    {
        "cardNumber": card,
        "isSetup": True,
        "lockSetupDuration": 300,
        "products": [{"sku": "COFFEE-LATTE", "unitPrice": "4.75", "amountPurchased": 2}],
        "paymentMethods": [dollars | {"redeemBalance": True, "amount": "9.50"}],
    },
)
print("to pay:", setup["checkoutTotalBeforeDiscount"] - setup["totalDiscount"])

amount = dollars | {"amount": "1.00"}
meanwhile = call("updateBalance", {"cardNumber": card, "action": "redeem", "amount": amount})
print("meanwhile: refused", meanwhile["errorCode"])


def complete():
    """Carry out what the setup has shown."""
    setup_id = setup["transactionId"]
    return call("checkout", {"cardNumber": card, "relatedSetupTransactionId": setup_id, "returnBalances": True})


print("completed, left on the card:", complete()["balances"][0]["amount"])
print("completed again: refused", complete()["errorCode"])
