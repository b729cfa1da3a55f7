. ./clutch.sh

card=$(new_card loyalty-cards)
coupon=$(clutch allocateCoupon '{"couponSetId": "welcome", "cardNumber": "'$card'", "promotionId": "welcome"}' |
    jq --raw-output .couponId)

for action in details use use; do
    clutch couponDetails '{"couponId": "'$coupon'", "action": "'$action'", "cardNumber": "'$card'"}' |
        jq --raw-output '"'$action': " + if .success then "used \(.isUsed)" else "refused: \(.errorCode)" end'
done
