from uuid import uuid4

from clutch import call, new_card

card = new_card("loyalty-cards")
email = f"ada.{uuid4()}@example.org"

person = {"firstName": "Ada", "lastName": "Byron", "email": email}
call("updateAccount", {"cardNumber": card, "countAsEnrollment": True, "primaryCustomer": person})

found = call("search", {"filters": {"email": email}, "returnFields": {"customer": True, "isEnrolled": True}})
for each in found["cards"]:
    customer = each["customer"]
    print(f"{customer['firstName']} {customer['lastName']}, enrolled: {str(each['isEnrolled']).lower()}")
