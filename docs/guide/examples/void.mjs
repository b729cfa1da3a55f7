import { call, newCard } from "./clutch.mjs";

const cardNumber = await newCard();
const amount = { balanceType: "Currency", balanceCode: "USD", amount: 25 };
const { requestRef } = await call("updateBalance", { cardNumber, action: "issue", amount });

for (let nth = 0; nth < 2; nth += 1) {
  const answer = await call("voidTransaction", { cardNumber, requestRef });
  console.log(answer.success ? "taken back" : `refused: ${answer.errorCode}`);
}
