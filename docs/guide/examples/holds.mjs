import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard();

// Change the dollars of the card.
const change = (action, value, more = {}) => {
  const amount = { balanceType: "Currency", balanceCode: "USD", amount: value };
  return call("updateBalance", { cardNumber, action, amount, returnBalances: true, ...more });
};
const amountOf = ({ balances }, isHold) => balances.find((each) => each.isHold === isHold).amount.toFixed(2);

await change("issue", "100.00");
const held = await change("hold", "40.00");
console.log(`free ${amountOf(held, false)}, held ${amountOf(held, true)}`);

const redeemFromHoldTransactionId = held.transactionId;
const paid = await change("redeem", "25.00", { redeemFromHoldTransactionId, releaseHoldRemainder: true });
if (paid.balances.length === 1) console.log(`free ${amountOf(paid, false)}, nothing held`);
