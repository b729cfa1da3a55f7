. ./clutch.sh

# once ID METHOD BODY: carry a call out once, however often it has to be sent.
once() {
    local wait answer
    for wait in 0.2 1 5 20; do
        # No answer: nobody knows whether it was carried out.
        answer=$(clutch "$2" "$3" "customRequestId: $1") || answer='{"errorCode": 1}'
        case $(jq '.errorCode // 0' <<<"$answer") in
            1 | 4 | 18 | 26 | 28) sleep "$wait" ;;
            3) clutch requestLookup "$(jq '{requestRef: .originalRequestRef}' <<<"$answer")"; return ;;
            *) echo "$answer"; return ;;
        esac
    done
    return 1
}

card=$(new_card)
body='{"cardNumber": "'$card'", "action": "issue",
       "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": 25}}'
order="order-$(date +%s%N)"
for nth in first second; do
    once "$order" updateBalance "$body" | jq --raw-output '"'$nth' time: success \(.success)"'
done
