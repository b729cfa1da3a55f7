. ./clutch.sh

card=$(new_card)

# change ACTION AMOUNT: change the dollars of the card, print what is left or why not.
change() {
    clutch updateBalance '{"cardNumber": "'$card'", "action": "'$1'", "returnBalances": true,
        "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": "'$2'"}}' |
        jq --raw-output '(.balances // [])[0].amount // "refused: \(.errorCode)"'
}

printf 'issued 100.00, left: %.2f\n' "$(change issue 100.00)"
printf 'redeemed 30.00, left: %.2f\n' "$(change redeem 30.00)"
printf 'redeem 80.00, %s\n' "$(change redeem 80.00)"
