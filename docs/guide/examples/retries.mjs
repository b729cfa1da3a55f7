import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { call, newCard } from "./clutch.mjs";

const RETRY = new Set([1, 4, 18, 26, 28]);

// Carry a call out once, however often it has to be sent.
const once = async (customRequestId, method, body) => {
  for (const wait of [200, 1_000, 5_000, 20_000]) {
    // No answer: nobody knows whether it was carried out.
    const answer = await call(method, body, { customRequestId }).catch(() => ({ errorCode: 1 }));
    if (answer.errorCode === 3) return call("requestLookup", { requestRef: answer.originalRequestRef });
    if (!RETRY.has(answer.errorCode)) return answer;
    await sleep(wait);
  }
  throw new Error(`${method}: no answer`);
};

const amount = { balanceType: "Currency", balanceCode: "USD", amount: 25 };
const body = { cardNumber: await newCard(), action: "issue", amount };
const order = `order-${randomUUID()}`;
for (const nth of ["first", "second"]) {
  const answer = await once(order, "updateBalance", body);
  console.log(`${nth} time: success ${answer.success}`);
}
