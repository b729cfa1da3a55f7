. ./clutch.sh

card=$(new_card loyalty-cards)
clutch triggerReferRewards '{"cardNumber": "'$card'", "checkoutTotalSum": 120.50,
    "checkoutCount": 3}' |
    jq --raw-output '"reported: success \(.success)"'

clutch search '{"filters": {"cardNumber": "'$card'"}, "returnFields": {"balances": true}}' |
    jq --raw-output '.cards[0].balances[] | "for her friends: \(.amount) points"'
