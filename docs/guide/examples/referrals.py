from clutch import call, new_card

card = new_card("loyalty-cards")
answer = call("triggerReferRewards", {"cardNumber": card, "checkoutTotalSum": "120.50", "checkoutCount": 3})
print("reported: success", str(answer["success"]).lower())

found = call("search", {"filters": {"cardNumber": card}, "returnFields": {"balances": True}})
for balance in found["cards"][0]["balances"]:
    print("for her friends:", balance["amount"], "points")
