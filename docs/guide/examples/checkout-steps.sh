. ./clutch.sh

card=$(new_card)
clutch updateBalance '{"cardNumber": "'$card'", "action": "issue",
    "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": 50}}' >/dev/null

setup=$(clutch checkout '{"cardNumber": "'$card'", "isSetup": true, "lockSetupDuration": 300,
    "products": [{"sku": "COFFEE-LATTE", "unitPrice": 4.75, "amountPurchased": 2}],
    "paymentMethods": [
        {"redeemBalance": true, "balanceType": "Currency", "balanceCode": "USD", "amount": 9.50}
    ]}')
printf 'to pay: %.2f\n' "$(jq '.checkoutTotalBeforeDiscount - .totalDiscount' <<<"$setup")"

clutch updateBalance '{"cardNumber": "'$card'", "action": "redeem",
    "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": 1}}' |
    jq --raw-output '"meanwhile: refused \(.errorCode)"'

# complete: carry out what the setup has shown.
complete() {
    clutch checkout '{"cardNumber": "'$card'", "returnBalances": true,
        "relatedSetupTransactionId": '"$(jq .transactionId <<<"$setup")"'}'
}
printf 'completed, left on the card: %.2f\n' "$(complete | jq '.balances[0].amount')"
printf 'completed again: refused %d\n' "$(complete | jq .errorCode)"
