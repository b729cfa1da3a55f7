. ./clutch.sh

card=$(new_card)
bought=$(clutch checkout '{"cardNumber": "'$card'",
    "products": [{"sku": "COFFEE-LATTE", "unitPrice": 4.75, "amountPurchased": 2}]}' | jq --raw-output .requestRef)

for nth in first second third; do
    clutch returnMerchandise '{"cardNumber": "'$card'", "checkoutRequestRef": "'$bought'",
        "returnedProducts": [{"sku": "COFFEE-LATTE", "amountPurchased": 1}]}' |
        jq --raw-output '"'$nth' latte: " + if .success then "taken back" else "refused \(.errorCode)" end'
done
