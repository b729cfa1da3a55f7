# clutch METHOD BODY [HEADER ...]: call a method, print its answer.
clutch() {
    local method=$1 body=$2 header headers=()
    shift 2
    for header in "$@"; do headers+=(--header "$header"); done
    curl --silent --show-error --max-time 30 "$CLUTCH_URL/merchant/$method" \
        --user "$CLUTCH_KEY:$CLUTCH_SECRET" \
        --header "Brand: $CLUTCH_BRAND" \
        --header "Location: $CLUTCH_LOCATION" \
        --header "Terminal: $CLUTCH_TERMINAL" \
        --header "Content-Type: application/json" \
        "${headers[@]}" --data "$body"
}

# new_card [SET]: activate a card of a set, print its number.
new_card() {
    clutch allocate "{\"cardSetId\": \"${1:-gift-cards}\"}" | jq --raw-output .cardNumber
}
