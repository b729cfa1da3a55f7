import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard("loyalty-cards");
const wish = { couponSetId: "welcome", cardNumber, promotionId: "welcome" };
const { couponId } = await call("allocateCoupon", wish);

for (const action of ["details", "use", "use"]) {
  const answer = await call("couponDetails", { couponId, action, cardNumber });
  console.log(`${action}: ${answer.success ? `used ${answer.isUsed}` : `refused: ${answer.errorCode}`}`);
}
