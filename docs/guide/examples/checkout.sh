. ./clutch.sh

card=$(new_card)
clutch updateBalance '{"cardNumber": "'$card'", "action": "issue",
    "amount": {"balanceType": "Currency", "balanceCode": "USD", "amount": 50}}' >/dev/null

clutch checkout '{"cardNumber": "'$card'", "returnBalances": true,
    "products": [
        {"sku": "COFFEE-LATTE", "unitPrice": 4.75, "amountPurchased": 2},
        {"sku": "BREAD-RYE-LOAF", "unitPrice": 7.50}
    ],
    "paymentMethods": [
        {"redeemBalance": true, "balanceType": "Currency", "balanceCode": "USD", "amount": 15},
        {"paymentType": "Cash", "amount": 2}
    ]}' |
    jq --raw-output '.checkoutTotalBeforeDiscount, .totalDiscount, .balances[0].amount' |
    xargs printf 'total %.2f, discount %.2f, left on the card %.2f\n'
