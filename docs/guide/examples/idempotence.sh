. ./clutch.sh

card=$(new_card)
order="order-$(date +%s%N)"
body='{"cardNumber": "'$card'", "action": "issue", "returnBalances": true,
       "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": 25}}'

first=$(clutch updateBalance "$body" "customRequestId: $order")
again=$(clutch updateBalance "$body" "customRequestId: $order")

jq --raw-output '"first: success \(.success)"' <<<"$first"
jq --raw-output '"again: success \(.success), errorCode \(.errorCode)"' <<<"$again"
[ "$(jq .requestRef <<<"$first")" = "$(jq .originalRequestRef <<<"$again")" ] && echo "again names the first call"
