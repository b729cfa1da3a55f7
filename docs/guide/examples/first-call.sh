curl --silent --show-error "$CLUTCH_URL/merchant/search" \
    --user "$CLUTCH_KEY:$CLUTCH_SECRET" \
    --header "Brand: $CLUTCH_BRAND" \
    --header "Location: $CLUTCH_LOCATION" \
    --header "Terminal: $CLUTCH_TERMINAL" \
    --header "Content-Type: application/json" \
    --data '{"filters": {}, "limit": 1}' | jq --raw-output '"success: \(.success)"'
