from clutch import call, new_card

card = new_card()
products = [{"sku": "COFFEE-LATTE", "unitPrice": "4.75", "amountPurchased": 2}]
bought = call("checkout", {"cardNumber": card, "products": products})

one = {
    "cardNumber": card,
    "checkoutRequestRef": bought["requestRef"],
    "returnedProducts": [{"sku": "COFFEE-LATTE", "amountPurchased": 1}],
}
for nth in ("first", "second", "third"):
    answer = call("returnMerchandise", one)
    print(f"{nth} latte:", "taken back" if answer["success"] else f"refused {answer['errorCode']}")
