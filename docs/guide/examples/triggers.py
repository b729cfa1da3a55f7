from clutch import call, new_card

card = new_card("loyalty-cards")

keys = [{"key": "newsletter", "value": "spring"}]
for message in call("triggerCustomCampaigns", {"cardNumber": card, "customKeyValues": keys})["responseMessages"]:
    print(message)

answer = call("processMessage", {"cardNumber": card, "message": "HELLO"})
print("rules fired by the message:", answer["triggeredRuleCount"])
