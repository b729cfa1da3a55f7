import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard();
const dollars = { balanceType: "Currency", balanceCode: "USD" };
await call("updateBalance", { cardNumber, action: "issue", amount: { ...dollars, amount: 50 } });

const setup = await call("checkout", {
  cardNumber,
  isSetup: true,
  lockSetupDuration: 300,
  products: [{ sku: "COFFEE-LATTE", unitPrice: 4.75, amountPurchased: 2 }],
  paymentMethods: [{ ...dollars, redeemBalance: true, amount: 9.5 }],
});
console.log(`to pay: ${(setup.checkoutTotalBeforeDiscount - setup.totalDiscount).toFixed(2)}`);

const amount = { ...dollars, amount: 1 };
const meanwhile = await call("updateBalance", { cardNumber, action: "redeem", amount });
console.log(`meanwhile: refused ${meanwhile.errorCode}`);

// Carry out what the setup has shown.
const complete = () =>
  call("checkout", { cardNumber, relatedSetupTransactionId: setup.transactionId, returnBalances: true });

console.log(`completed, left on the card: ${(await complete()).balances[0].amount.toFixed(2)}`);
console.log(`completed again: refused ${(await complete()).errorCode}`);
