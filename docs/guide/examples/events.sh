. ./clutch.sh

clutch createEventType '{"categoryId": "tasting", "name": "Came to a tasting"}' >/dev/null

card=$(new_card loyalty-cards)
clutch updateAccount '{"cardNumber": "'$card'",
    "newEvents": [{"categoryId": "tasting", "payload": "Juniper and rye"}]}' >/dev/null

clutch search '{"filters": {"cardNumber": "'$card'"}, "returnFields": {"events": true}}' |
    jq --raw-output '.cards[0].events[] | "\(.categoryId): \(.payload)"'
