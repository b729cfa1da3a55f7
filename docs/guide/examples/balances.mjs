import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard();

// Change the dollars of the card.
const change = (action, value) => {
  const amount = { balanceType: "Currency", balanceCode: "USD", amount: value };
  return call("updateBalance", { cardNumber, action, amount, returnBalances: true });
};
const left = ({ balances }) => balances[0].amount.toFixed(2);

console.log("issued 100.00, left:", left(await change("issue", "100.00")));
console.log("redeemed 30.00, left:", left(await change("redeem", "30.00")));
console.log("redeem 80.00, refused:", (await change("redeem", "80.00")).errorCode);
