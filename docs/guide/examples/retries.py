import time
from uuid import uuid4

from clutch import call, new_card
from requests import RequestException

RETRY = {1, 4, 18, 26, 28}


def once(id, method, body):
    """Carry a call out once, however often it has to be sent."""
    for wait in (0.2, 1, 5, 20):
        try:
            answer = call(method, body, customRequestId=id)
        except RequestException:
            answer = {"errorCode": 1}  # no answer: nobody knows whether it was carried out
        if answer.get("errorCode") == 3:
            return call("requestLookup", {"requestRef": answer["originalRequestRef"]})
        if answer.get("errorCode") not in RETRY:
            return answer
        time.sleep(wait)
    raise TimeoutError(method)


amount = {"balanceType": "Currency", "balanceCode": "USD", "amount": "25.00"}
body = {"cardNumber": new_card(), "action": "issue", "amount": amount}
order = f"order-{uuid4()}"
for nth in ("first", "second"):
    print(f"{nth} time: success {str(once(order, 'updateBalance', body)['success']).lower()}")
