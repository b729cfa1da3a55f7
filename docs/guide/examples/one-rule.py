from uuid import uuid4

from clutch import call, new_card

card = new_card("loyalty-cards")
body = {
    "cardNumber": card,
    "triggeringUUID": str(uuid4()),
    "campaignUUID": "77c22a83-7d2e-59bd-9263-ae906eefe131",
    "campaignRuleUUID": "91b5c5f2-824e-5f9c-a1c1-8fa8f48199a5",
}

for time in ("first", "second"):
    call("triggerCampaignRule", body)
    found = call("search", {"filters": {"cardNumber": card}, "returnFields": {"balances": True}})
    for balance in found["cards"][0]["balances"]:
        print(f"{time} call: {balance['amount']} points")
