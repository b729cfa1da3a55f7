import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard("loyalty-cards");
const bought = { checkoutTotalSum: "120.50", checkoutCount: 3 };
const { success } = await call("triggerReferRewards", { cardNumber, ...bought });
console.log(`reported: success ${success}`);

const { cards } = await call("search", { filters: { cardNumber }, returnFields: { balances: true } });
for (const { amount } of cards[0].balances) console.log(`for her friends: ${amount} points`);
