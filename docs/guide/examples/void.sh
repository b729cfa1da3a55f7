. ./clutch.sh

card=$(new_card)
issued=$(clutch updateBalance '{"cardNumber": "'$card'", "action": "issue",
    "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": 25}}' | jq --raw-output .requestRef)

for try in first second; do
    clutch voidTransaction '{"cardNumber": "'$card'", "requestRef": "'$issued'"}' |
        jq --raw-output 'if .success then "taken back" else "refused: \(.errorCode)" end'
done
