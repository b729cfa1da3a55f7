from clutch import call, new_card

card = new_card()
dollars = {"balanceType": "Currency", "balanceCode": "USD"}
call("updateBalance", {"cardNumber": card, "action": "issue", "amount": dollars | {"amount": "50.00"}})

answer = call(
    "checkout",
    {
        "cardNumber": card,
        "returnBalances": True,
        "products": [
            {"sku": "COFFEE-LATTE", "unitPrice": "4.75", "amountPurchased": 2},
            {"sku": "BREAD-RYE-LOAF", "unitPrice": "7.50"},
        ],
        "paymentMethods": [
            dollars | {"redeemBalance": True, "amount": "15.00"},
            {"paymentType": "Cash", "amount": "2.00"},
        ],
    },
)
total, discount = answer["checkoutTotalBeforeDiscount"], answer["totalDiscount"]
print(f"total {total}, discount {discount}, left on the card {answer['balances'][0]['amount']}")
