from clutch import call, new_card

card = new_card()
amount = {"balanceType": "Currency", "balanceCode": "USD", "amount": "25.00"}
issued = call("updateBalance", {"cardNumber": card, "action": "issue", "amount": amount})

for _ in range(2):
    answer = call("voidTransaction", {"cardNumber": card, "requestRef": issued["requestRef"]})
    print("taken back" if answer["success"] else f"refused: {answer['errorCode']}")
