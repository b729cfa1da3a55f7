. ./clutch.sh

card=$(new_card loyalty-cards)
answer=$(clutch checkout '{"cardNumber": "'$card'", "checkoutTotal": 20, "returnBalanceMutations": true,
    "customKeyValues": [{"key": "basket", "value": "breakfast"}]}')

jq --raw-output '.balanceMutations[] | select(.isDiscount) | .amount' <<<"$answer" | xargs printf 'discount: %.2f\n'
jq --raw-output '.balanceMutations[] | select(.isDiscount | not) | "\(.balanceType): \(.amount)"' <<<"$answer"
printf 'to pay: %.2f\n' "$(jq '.checkoutTotalBeforeDiscount - .totalDiscount' <<<"$answer")"
jq --raw-output '.responseMessages[]' <<<"$answer"
