import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard("loyalty-cards");
const customKeyValues = [{ key: "basket", value: "breakfast" }];
const body = { cardNumber, checkoutTotal: 20, customKeyValues, returnBalanceMutations: true };
const answer = await call("checkout", body);

for (const { isDiscount, balanceType, amount } of answer.balanceMutations) {
  console.log(isDiscount ? `discount: ${amount.toFixed(2)}` : `${balanceType}: ${amount}`);
}
console.log(`to pay: ${(answer.checkoutTotalBeforeDiscount - answer.totalDiscount).toFixed(2)}`);
for (const message of answer.responseMessages) console.log(message);
