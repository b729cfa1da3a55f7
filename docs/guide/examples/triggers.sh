. ./clutch.sh

card=$(new_card loyalty-cards)

clutch triggerCustomCampaigns '{"cardNumber": "'$card'",
    "customKeyValues": [{"key": "newsletter", "value": "spring"}]}' |
    jq --raw-output '.responseMessages[]'

clutch processMessage '{"cardNumber": "'$card'", "message": "HELLO"}' |
    jq --raw-output '"rules fired by the message: \(.triggeredRuleCount)"'
