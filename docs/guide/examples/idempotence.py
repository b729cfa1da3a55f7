from uuid import uuid4

from clutch import call, new_card

amount = {"balanceType": "Currency", "balanceCode": "USD", "amount": "25.00"}
body = {"cardNumber": new_card(), "action": "issue", "amount": amount}
order = f"order-{uuid4()}"

first = call("updateBalance", body, customRequestId=order)
again = call("updateBalance", body, customRequestId=order)

print("first: success", str(first["success"]).lower())
print(f"again: success {str(again['success']).lower()}, errorCode {again['errorCode']}")
if again["originalRequestRef"] == first["requestRef"]:
    print("again names the first call")
