from clutch import call, new_card

call("createEventType", {"categoryId": "tasting", "name": "Came to a tasting"})

card = new_card("loyalty-cards")
event = {"categoryId": "tasting", "payload": "Juniper and rye"}
call("updateAccount", {"cardNumber": card, "newEvents": [event]})

found = call("search", {"filters": {"cardNumber": card}, "returnFields": {"events": True}})
for each in found["cards"][0]["events"]:
    print(f"{each['categoryId']}: {each['payload']}")
