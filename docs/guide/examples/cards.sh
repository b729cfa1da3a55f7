. ./clutch.sh

card=$(new_card loyalty-cards)
email="ada.$(date +%s%N)@example.org"

clutch updateAccount '{"cardNumber": "'$card'", "countAsEnrollment": true,
    "primaryCustomer": {"firstName": "Ada", "lastName": "Byron", "email": "'$email'"}}' >/dev/null

clutch search '{"filters": {"email": "'$email'"}, "returnFields": {"customer": true, "isEnrolled": true}}' |
    jq --raw-output '.cards[] | "\(.customer.firstName) \(.customer.lastName), enrolled: \(.isEnrolled)"'
