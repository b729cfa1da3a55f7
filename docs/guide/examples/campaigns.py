from clutch import call, new_card

card = new_card("loyalty-cards")
keys = [{"key": "basket", "value": "breakfast"}]
body = {"cardNumber": card, "checkoutTotal": 20, "customKeyValues": keys, "returnBalanceMutations": True}
answer = call("checkout", body)

for mutation in answer["balanceMutations"]:
    print(f"{'discount' if mutation['isDiscount'] else mutation['balanceType']}: {mutation['amount']}")
print("to pay:", answer["checkoutTotalBeforeDiscount"] - answer["totalDiscount"])
for message in answer["responseMessages"]:
    print(message)
