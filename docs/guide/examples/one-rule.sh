. ./clutch.sh

card=$(new_card loyalty-cards)
order="late-order-$(date +%s%N)"
body='{"cardNumber": "'$card'", "triggeringUUID": "'$order'",
       "campaignUUID": "77c22a83-7d2e-59bd-9263-ae906eefe131",
       "campaignRuleUUID": "91b5c5f2-824e-5f9c-a1c1-8fa8f48199a5"}'

for time in first second; do
    clutch triggerCampaignRule "$body" >/dev/null
    clutch search '{"filters": {"cardNumber": "'$card'"}, "returnFields": {"balances": true}}' |
        jq --raw-output --arg time "$time" '.cards[0].balances[] | "\($time) call: \(.amount) points"'
done
