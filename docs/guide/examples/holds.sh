. ./clutch.sh

card=$(new_card)

# change ACTION AMOUNT [MORE]: change the dollars of the card.
change() {
    clutch updateBalance '{"cardNumber": "'$card'", "action": "'$1'", "returnBalances": true, '"$3"'
        "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": "'$2'"}}'
}

change issue 100.00 >/dev/null
held=$(change hold 40.00)
hold=$(jq --raw-output .transactionId <<<"$held")
printf 'free %.2f, held %.2f\n' $(jq '.balances | (.[] | select(.isHold | not)), (.[] | select(.isHold)) | .amount' <<<"$held")

paid=$(change redeem 25.00 '"redeemFromHoldTransactionId": "'$hold'", "releaseHoldRemainder": true,')
printf 'free %.2f, nothing held\n' $(jq '.balances[].amount' <<<"$paid")
