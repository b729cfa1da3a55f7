import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard();
const dollars = { balanceType: "Currency", balanceCode: "USD" };
await call("updateBalance", { cardNumber, action: "issue", amount: { ...dollars, amount: 50 } });

const answer = await call("checkout", {
  cardNumber,
  returnBalances: true,
  products: [
    { sku: "COFFEE-LATTE", unitPrice: 4.75, amountPurchased: 2 },
    { sku: "BREAD-RYE-LOAF", unitPrice: 7.5 },
  ],
  paymentMethods: [
    { ...dollars, redeemBalance: true, amount: 15 },
    { paymentType: "Cash", amount: 2 },
  ],
});
const { checkoutTotalBeforeDiscount: total, totalDiscount: discount, balances } = answer;
const left = balances[0].amount.toFixed(2);
console.log(`total ${total.toFixed(2)}, discount ${discount.toFixed(2)}, left on the card ${left}`);
