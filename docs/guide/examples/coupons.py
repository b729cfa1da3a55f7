from clutch import call, new_card

card = new_card("loyalty-cards")
wish = {"couponSetId": "welcome", "cardNumber": card, "promotionId": "welcome"}
coupon = call("allocateCoupon", wish)["couponId"]

for action in ("details", "use", "use"):
    answer = call("couponDetails", {"couponId": coupon, "action": action, "cardNumber": card})
    said = f"used {str(answer['isUsed']).lower()}" if answer["success"] else f"refused: {answer['errorCode']}"
    print(f"{action}: {said}")
